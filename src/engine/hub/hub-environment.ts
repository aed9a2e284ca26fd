// What asking a hub takes, gathered so that a worker, Node and tests can each bring their own.

import type { Digest } from '../files/digest.ts'
import type { Network } from '../files/retry.ts'
import type { HubStore } from './hub-store.ts'

export interface HubEnvironment {
  readonly fetch: typeof fetch
  readonly store: HubStore
  /** Waits, and rejects with the signal's reason as soon as it is cancelled. */
  readonly sleep?: Network['sleep']
  /** SHA-256 in hexadecimal; null where there is none: sizes are then all that is checked. */
  readonly digest?: Digest | null
  /** A clock in milliseconds. */
  readonly now?: () => number
}
