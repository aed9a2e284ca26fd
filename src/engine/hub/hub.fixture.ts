// A hub's handlers over a store in memory, called without a worker.

import type { HubApi, HubFiles, HubListing, HubProgress } from '#protocol/hub-api'
import type { KeepFailure } from '../files/file-store.ts'
import { createHub } from './hub.ts'
import { type HubShelf, sumByRepo } from './hub-store.ts'

export interface MemoryHubStore extends HubShelf {
  /** How writing fails from now on; null for not at all. */
  failure: KeepFailure | null
  readonly names: readonly string[]
}

function memoryHubStore(): MemoryHubStore {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  const keyOf = (...parts: readonly string[]): string => parts.join(' ')
  const store: MemoryHubStore = {
    failure: null,
    get names() {
      return Array.from(kept.keys(), (key) => key.split(' ')[2] ?? '')
    },
    read: async ({ address, repo, name }) => {
      const bytes = kept.get(keyOf(address, repo, name))
      return bytes ? new Blob([bytes]) : null
    },
    write: async ({ address, repo, name }, bytes) => {
      if (store.failure === null) kept.set(keyOf(address, repo, name), bytes)
      return store.failure
    },
    forget: async ({ address, repo }) => {
      for (const key of kept.keys()) if (key.startsWith(keyOf(address, repo, ''))) kept.delete(key)
    },
    stored: async () =>
      sumByRepo(
        Array.from(kept, ([key, { byteLength }]) => {
          const [address = '', repo = ''] = key.split(' ')
          return { address, repo, bytes: byteLength }
        }),
      ),
  }
  return store
}

export interface CalledHub {
  readonly store: MemoryHubStore
  readonly progress: readonly HubProgress[]
  list(args: HubApi['list']['args'], signal?: AbortSignal): Promise<HubListing>
  download(args: HubApi['download']['args'], signal?: AbortSignal): Promise<HubFiles>
  forget(args: HubApi['forget']['args']): Promise<null>
  stored(): Promise<HubApi['stored']['result']>
}

/** Headers that a page may read of another origin's answer, whatever that says. */
const SAFE_HEADERS = new Set(['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma'])

/** Fetches as a page does from a host that exposes nothing: how an answer is compressed, tagged and continued cannot be read. */
export const fetchAsPage: typeof fetch = async (input, init) => {
  const { status, headers, body } = await fetch(input, init)
  return new Response(body, { status, headers: [...headers].filter(([name]) => SAFE_HEADERS.has(name)) })
}

/** @param digest null for a browser without hashes */
export function calledHub({
  fetch = globalThis.fetch,
  digest,
}: {
  readonly fetch?: typeof globalThis.fetch
  readonly digest?: null
} = {}): CalledHub {
  const store = memoryHubStore()
  // Nobody waits in a test.
  const hub = createHub({ fetch, store, sleep: async () => {}, ...(digest === null ? { digest } : {}) })
  const progress: HubProgress[] = []
  const quiet = (signal = new AbortController().signal) => ({ signal, progress: () => {} })
  return {
    store,
    progress,
    list: (args, signal) => hub.list(args, quiet(signal)),
    download: (args, signal) => hub.download(args, { ...quiet(signal), progress: (part) => progress.push(part) }),
    forget: (args) => hub.forget(args, quiet()),
    stored: () => hub.stored(null, quiet()),
  }
}
