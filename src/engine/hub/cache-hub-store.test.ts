import { describe, expect, it } from 'vitest'
import { cacheHubStore } from './cache-hub-store.ts'

const ORIGIN = 'https://page.example'
const bert = { address: 'https://hub.example/mirror', repo: 'zoo/bert' }
const entry = { ...bert, name: 'aa/onnx/model 1.onnx' }

/** A CacheStorage of one cache, as far as the store uses it. */
function fakeCaches(put?: () => Promise<void>): CacheStorage {
  const kept = new Map<string, Response>()
  const urlOf = (key: string | Request): string => (typeof key === 'string' ? new URL(key, ORIGIN).href : key.url)
  const cache = {
    match: async (key: string | Request) => kept.get(urlOf(key))?.clone(),
    put: put ?? (async (key: string, response: Response) => void kept.set(urlOf(key), response)),
    delete: async (key: string | Request) => kept.delete(urlOf(key)),
    keys: async () => Array.from(kept.keys(), (url) => new Request(url)),
  }
  return { open: async () => cache } as unknown as CacheStorage
}

describe('cacheHubStore', () => {
  it('keeps, finds, counts and forgets by repository', async () => {
    const store = cacheHubStore(fakeCaches())
    expect(await store.read(entry)).toBeNull()
    expect(await store.write(entry, Uint8Array.of(1, 2, 3))).toBeNull()
    expect(await store.write({ ...bert, name: 'notes' }, Uint8Array.of(4))).toBeNull()
    expect(await store.write({ ...bert, repo: 'zoo/bert_mlm', name: 'aa/m' }, Uint8Array.of(5))).toBeNull()
    expect(new Uint8Array((await (await store.read(entry))?.arrayBuffer()) ?? [])).toEqual(Uint8Array.of(1, 2, 3))
    expect(await store.stored()).toEqual([
      { ...bert, bytes: 4 },
      { ...bert, repo: 'zoo/bert_mlm', bytes: 1 },
    ])
    await store.forget(bert)
    expect(await store.read(entry)).toBeNull()
    expect(await store.stored()).toEqual([{ ...bert, repo: 'zoo/bert_mlm', bytes: 1 }])
  })

  it('does without a cache, with a refused one, and with a full disk', async () => {
    const refused = { open: async () => Promise.reject(new DOMException('no', 'SecurityError')) } as unknown as CacheStorage
    for (const caches of [undefined, refused]) {
      const store = cacheHubStore(caches)
      expect(await store.read(entry)).toBeNull()
      expect(await store.write(entry, Uint8Array.of(1))).toBe('unavailable')
      await store.forget(bert)
      expect(await store.stored()).toEqual([])
    }
    const full = cacheHubStore(fakeCaches(() => Promise.reject(new DOMException('full', 'QuotaExceededError'))))
    expect(await full.write(entry, Uint8Array.of(1))).toBe('full')
  })
})
