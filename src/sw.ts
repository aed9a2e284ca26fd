// Service worker: keeps the page usable offline, and isolates it (so that threads work) on hosts that send no headers.
// Models are not touched: the engine keeps those in a cache of its own.

declare const self: ServiceWorkerGlobalScope & {
  /** Written by the build: the files of the page, with a revision where the name does not change with the content. */
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[]
}
/** Written by the build, from tools/csp.ts. */
declare const __PAGE_HEADERS__: Readonly<Record<string, string>>
/** Likewise: what is different for a few scripts, whose paths match the pattern. */
declare const __HEADERS_OF_SCRIPTS__: readonly { readonly path: string; readonly headers: Readonly<Record<string, string>> }[]

/** Written by the build: the version of onnxruntime-web, whose file names do not change with it. */
declare const __ORT_VERSION__: string

const SHELL_PREFIX = 'innerscope-shell-'
const RUNTIME_PREFIX = 'innerscope-runtime-'
// The build replaces the one place where this name stands.
const manifest = self.__WB_MANIFEST
const SHELL = SHELL_PREFIX + hash(JSON.stringify(manifest))
const RUNTIME = RUNTIME_PREFIX + __ORT_VERSION__

/** Large files that not every visit needs: kept when first used. */
const KEPT_WHEN_USED = /(?:\/ort\/[^/]+|\.woff2?)$/
const MODELS = /\/models\//

const scope = new URL('./', self.location.href)
const files = new Map(manifest.map(({ url, revision }) => [new URL(url, scope).href, revision]))

self.addEventListener('install', (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || !url.href.startsWith(scope.href) || MODELS.test(url.pathname)) return
  // Answering a range from a whole file would be wrong, and only media players ask for one.
  if (request.headers.has('range')) return
  event.respondWith(answer(request, url).then((response) => withPageHeaders(response, url)))
})

async function answer(request: Request, url: URL): Promise<Response> {
  if (request.mode === 'navigate') return page(request, url)
  const key = url.href.split(/[?#]/)[0] ?? url.href
  const kept = await fromShell(key)
  if (kept) return kept
  return KEPT_WHEN_USED.test(url.pathname) ? keepWhenUsed(request, key) : fetch(request)
}

/** A file of this version, or of the one before it, which an open page may still be made of. */
async function fromShell(key: string): Promise<Response | undefined> {
  const current = files.has(key) ? await (await caches.open(SHELL)).match(key) : undefined
  if (current) return current
  for (const name of (await caches.keys()).filter((name) => name.startsWith(SHELL_PREFIX))) {
    const older = await (await caches.open(name)).match(key)
    if (older) return older
  }
  return undefined
}

/** The page itself: from the host when it answers, so that a new version is seen at once; else as last kept. */
async function page(request: Request, url: URL): Promise<Response> {
  const index = url.pathname.endsWith('/') ? `${url.origin}${url.pathname}index.html` : `${url.origin}${url.pathname}`
  const kept = await fromShell(index)
  try {
    const fresh = await fetch(request)
    return fresh.ok || kept === undefined ? fresh : kept
  } catch (error) {
    if (kept) return kept
    throw error
  }
}

async function keepWhenUsed(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(RUNTIME)
  const kept = await cache.match(key)
  if (kept) return kept
  const fresh = await fetch(request)
  // A full disk must not cost the reader the answer.
  if (fresh.status === 200) await cache.put(key, fresh.clone()).catch(() => undefined)
  return fresh
}

async function fillShell(): Promise<void> {
  const cache = await caches.open(SHELL)
  await Promise.all(
    [...files].map(async ([url, revision]) => {
      // A name that carries a hash of its content may be copied from the version before.
      const kept = revision === null ? await fromShell(url) : undefined
      const response = kept ?? (await fetch(url, { cache: 'no-cache' }))
      if (!response.ok) throw new Error(`${url}: ${response.status}`)
      await cache.put(url, response)
    }),
  )
}

/** Keeps the caches of this version and, for pages that are still open, of the one before. */
async function dropOldCaches(): Promise<void> {
  const names = await caches.keys()
  const shells = names.filter((name) => name.startsWith(SHELL_PREFIX) && name !== SHELL)
  const runtimes = names.filter((name) => name.startsWith(RUNTIME_PREFIX) && name !== RUNTIME)
  await Promise.all([...shells.slice(0, -1), ...runtimes].map((name) => caches.delete(name)))
}

/** FNV-1a: tells versions apart, protects nothing. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(36)
}

/** The headers that our own server sends, for hosts that do not. */
function withPageHeaders(response: Response, { pathname }: URL): Response {
  // These cannot be copied with other headers.
  if (response.status === 0 || response.type === 'opaque' || response.redirected) return response
  const headers = new Headers(response.headers)
  const own = __HEADERS_OF_SCRIPTS__.find(({ path }) => new RegExp(path).test(pathname))
  for (const [name, value] of Object.entries({ ...__PAGE_HEADERS__, ...own?.headers })) headers.set(name, value)
  const { status, statusText } = response
  return new Response([204, 205, 304].includes(status) ? null : response.body, { status, statusText, headers })
}

export type {}
