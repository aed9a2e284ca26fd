import { describe, expect, it } from 'vitest'
import { cacheFileStore } from './cache-store.ts'

const bytes = Uint8Array.of(1, 2, 3)
const key = { url: 'https://page.example/models/tiny/model.onnx', sha256: 'aa' }

/** A CacheStorage of one cache, as far as the store uses it. */
function fakeCaches(put?: () => Promise<void>): CacheStorage {
  const kept = new Map<string, ArrayBuffer>()
  const cache = {
    match: async (url: string) => (kept.has(url) ? new Response(kept.get(url) ?? null) : undefined),
    put: put ?? (async (url: string, response: Response) => void kept.set(url, await response.arrayBuffer())),
    delete: async (url: string, options?: CacheQueryOptions) => {
      const same = (other: string): boolean => (options?.ignoreSearch ? other.split('?')[0] === url : other === url)
      return [...kept.keys()].filter(same).map((other) => kept.delete(other)).length > 0
    },
  }
  return { open: async () => cache } as unknown as CacheStorage
}

describe('cacheFileStore', () => {
  it('keeps, finds and removes a file', async () => {
    const store = cacheFileStore(fakeCaches())
    expect(await store.read(key)).toBeNull()
    expect(await store.write(key, bytes)).toBeNull()
    expect(await store.read(key)).toEqual(bytes)
    await store.remove(key)
    expect(await store.read(key)).toBeNull()
  })

  it('keeps one version of a file', async () => {
    const store = cacheFileStore(fakeCaches())
    await store.write(key, bytes)
    await store.write({ ...key, sha256: 'bb' }, bytes.toReversed())
    expect(await store.read(key)).toBeNull()
    expect(await store.read({ ...key, sha256: 'bb' })).toEqual(Uint8Array.of(3, 2, 1))
  })

  it('does without a cache, with a refused one, and with a full disk', async () => {
    const refused = { open: async () => Promise.reject(new DOMException('no', 'SecurityError')) } as unknown as CacheStorage
    for (const caches of [undefined, refused]) {
      const store = cacheFileStore(caches)
      expect(await store.read(key)).toBeNull()
      expect(await store.write(key, bytes)).toBe('unavailable')
      await store.remove(key)
    }
    const full = cacheFileStore(fakeCaches(() => Promise.reject(new DOMException('full', 'QuotaExceededError'))))
    expect(await full.write(key, bytes)).toBe('full')
  })
})
