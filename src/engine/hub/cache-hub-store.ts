// Hub files in the browser's Cache API, whose blobs stay on the disk until they are read.

import type { KeepFailure } from '../files/file-store.ts'
import { type HubEntry, type HubShelf, sumByRepo } from './hub-store.ts'

const HUB_CACHE = 'innerscope-hub'
const BYTES = 'content-length'

/** @param caches the scope's CacheStorage; undefined on an insecure page */
export function cacheHubStore(caches: CacheStorage | undefined): HubShelf {
  const open = async (): Promise<Cache | null> => {
    try {
      return (await caches?.open(HUB_CACHE)) ?? null
    } catch {
      return null
    }
  }
  /** All entries with the request that they are kept under. */
  const entries = async (cache: Cache): Promise<readonly { readonly request: Request; readonly entry: HubEntry }[]> =>
    (await cache.keys()).flatMap((request) => {
      const entry = entryAt(request.url)
      return entry ? [{ request, entry }] : []
    })
  return {
    read: async (entry) => {
      try {
        return (await (await (await open())?.match(addressOf(entry)))?.blob()) ?? null
      } catch {
        return null
      }
    },
    write: async (entry, bytes): Promise<KeepFailure | null> => {
      const cache = await open()
      if (!cache) return 'unavailable'
      const headers = { 'content-type': 'application/octet-stream', [BYTES]: String(bytes.byteLength) }
      try {
        await cache.put(addressOf(entry), new Response(bytes, { headers }))
        return null
      } catch (error) {
        return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'unavailable'
      }
    },
    forget: async ({ address, repo }) => {
      const cache = await open()
      if (!cache) return
      const found = (await entries(cache)).filter(({ entry }) => entry.address === address && entry.repo === repo)
      await Promise.all(found.map(({ request }) => cache.delete(request)))
    },
    stored: async () => {
      const cache = await open()
      if (!cache) return []
      const kept = (await entries(cache)).map(async ({ request, entry: { address, repo } }) => {
        const bytes = Number((await cache.match(request))?.headers.get(BYTES) ?? 0)
        return { address, repo, bytes }
      })
      return sumByRepo(await Promise.all(kept))
    },
  }
}

/** An address of the page's own origin, under which nothing is ever asked for: caches know entries by addresses only. */
function addressOf({ address, repo, name }: HubEntry): string {
  return `/${HUB_CACHE}/${[address, repo, name].map(encodeURIComponent).join('/')}`
}

function entryAt(url: string): HubEntry | null {
  const [, folder, ...parts] = new URL(url).pathname.split('/')
  const [address, repo, name] = parts.map(decodeURIComponent)
  return folder === HUB_CACHE && address && repo && name ? { address, repo, name } : null
}
