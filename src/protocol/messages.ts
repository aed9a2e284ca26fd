// The whole wire format between page and worker. Every call has an id; every call can be cancelled.

import type { EngineApi } from './engine-api.ts'

/** An error that crossed the worker's border: its kind decides the sentence the reader sees, `data` fills it in. */
export interface WireError {
  readonly kind: string
  readonly message: string
  readonly data: Readonly<Record<string, string | number>>
}

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly name: keyof EngineApi; readonly args: unknown }
  | { readonly kind: 'cancel'; readonly id: number }

export type ToPage =
  /** The worker holds the lock that bears its name: once the page gets that lock, the worker is dead. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
