// The one place of the security policy: the server's headers, the page's meta tag and the service worker all read it.

/** Directive -> sources. */
export const CSP_DIRECTIVES: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'img-src': "'self' data: blob:",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'self'",
}

/** Directives that browsers ignore (with a console error) when they come in a meta tag. */
const HEADER_ONLY = new Set(['frame-ancestors'])

/**
 * The policy of the one script that may ask other hosts: the worker that fetches models from a hub. It gets no texts, can load no
 * script from elsewhere, and is only started when the reader asks for such a model.
 */
const HUB_WORKER_DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'connect-src': 'http: https:',
}
/** The worker's file, as a build names it. */
const HUB_WORKER = /\/hub\.worker-[\w-]+\.js$/

/** The policy as the value of a Content-Security-Policy header. */
export function cspHeader(): string {
  return join(Object.entries(CSP_DIRECTIVES))
}

/** The part of the policy that a meta tag may carry. */
export function cspMeta(): string {
  return join(Object.entries(CSP_DIRECTIVES).filter(([name]) => !HEADER_ONLY.has(name)))
}

/** Headers that make a page cross-origin isolated, which WebAssembly threads need. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Headers of every answer, isolated or not. */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': cspHeader(),
}

interface HeadersOfScript {
  readonly path: RegExp
  readonly headers: Readonly<Record<string, string>>
}

/** Headers of the scripts that have a policy of their own; a worker obeys the policy that its own file comes with. */
export const HEADERS_OF_SCRIPTS: readonly HeadersOfScript[] = [
  { path: HUB_WORKER, headers: { 'Content-Security-Policy': join(Object.entries(HUB_WORKER_DIRECTIVES)) } },
]

function join(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, sources]) => `${name} ${sources}`).join('; ')
}
