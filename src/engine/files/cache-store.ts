// Files in the browser's Cache API. An insecure page has none, a full disk refuses: both mean a download at the next visit, no more.

import type { FileKey, FileStore } from './file-store.ts'

const MODEL_CACHE = 'innerscope-models'

/** @param caches the scope's CacheStorage; undefined on an insecure page */
export function cacheFileStore(caches: CacheStorage | undefined): FileStore {
  const open = async (): Promise<Cache | null> => {
    try {
      return (await caches?.open(MODEL_CACHE)) ?? null
    } catch {
      return null
    }
  }
  return {
    read: async (key) => {
      try {
        const found = await (await open())?.match(addressOf(key))
        return found ? new Uint8Array(await found.arrayBuffer()) : null
      } catch {
        return null
      }
    },
    write: async (key, bytes) => {
      const cache = await open()
      if (!cache) return 'unavailable'
      try {
        await cache.delete(key.url, { ignoreSearch: true })
        await cache.put(addressOf(key), new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } }))
        return null
      } catch (error) {
        return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'unavailable'
      }
    },
    remove: async (key) => {
      await (await open())?.delete(addressOf(key)).catch(() => false)
    },
  }
}

/** The hash is in the query: a fragment would be ignored when the cache looks for a match. */
function addressOf({ url, sha256 }: FileKey): string {
  const address = new URL(url)
  address.searchParams.set('sha256', sha256)
  return address.href
}
