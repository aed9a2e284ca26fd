// What the engine needs of a browser's worker, gathered in one place so that Node and tests can stand in for it.

import { cacheFileStore } from '../files/cache-store.ts'
import type { FileStore } from '../files/file-store.ts'
import type { BackendEnvironment, Notes } from './backend.ts'
import { loadRuntime } from './session.ts'

export interface EngineEnvironment {
  readonly fetch: typeof fetch
  readonly store: FileStore
  readonly backend: Omit<BackendEnvironment, 'assets'>
}

/** More threads than this win nothing on the small models of a page. */
const MAX_THREADS = 4

/** The environment of a browser's worker. */
export function browserEnvironment(scope: DedicatedWorkerGlobalScope): EngineEnvironment {
  const isolated = scope.crossOriginIsolated
  return {
    fetch: scope.fetch.bind(scope),
    store: cacheFileStore(scope.caches),
    backend: {
      adapter: () => findAdapter(scope.navigator),
      threads: isolated ? Math.min(MAX_THREADS, scope.navigator.hardwareConcurrency) : 1,
      isolated,
      memory: memoryOf(scope.navigator),
      notes: cacheNotes(scope.caches),
      loadRuntime,
    },
  }
}

/** Browsers that tell, tell at most 8 GiB; Firefox and Safari do not. */
function memoryOf(navigator: WorkerNavigator): number | null {
  const gibibytes = 'deviceMemory' in navigator ? navigator.deviceMemory : null
  return typeof gibibytes === 'number' ? gibibytes * 2 ** 30 : null
}

async function findAdapter(navigator: WorkerNavigator): Promise<{ readonly name: string } | 'no-webgpu' | 'no-adapter'> {
  if (!('gpu' in navigator) || !navigator.gpu) return 'no-webgpu'
  const adapter = await (navigator.gpu as { requestAdapter(): Promise<{ info?: { vendor?: string; architecture?: string } } | null> })
    .requestAdapter()
    .catch(() => null)
  return adapter ? { name: `${adapter.info?.vendor ?? ''}/${adapter.info?.architecture ?? ''}` } : 'no-adapter'
}

const NOTES_CACHE = 'innerscope-notes'

/** Notes in the Cache API; without it (an insecure page, a full disk) nothing is remembered and nothing fails. */
function cacheNotes(caches: CacheStorage | undefined): Notes {
  const address = (key: string): string => `/${NOTES_CACHE}/${encodeURIComponent(key)}`
  return {
    read: async (key) => {
      try {
        const found = await (await caches?.open(NOTES_CACHE))?.match(address(key))
        return found ? await found.text() : null
      } catch {
        return null
      }
    },
    write: async (key, value) => {
      try {
        await (await caches?.open(NOTES_CACHE))?.put(address(key), new Response(value))
      } catch {
        // A self-check that is not remembered is made again: nothing is lost.
      }
    },
  }
}
