// Puts the security policy into the built page, and the isolation headers on Vite's own servers.
import type { Connect, Plugin } from 'vite'
import { cspMeta, ISOLATION_HEADERS } from '../csp.ts'

/** A Vite plugin: Content-Security-Policy as a meta tag in the built page (development needs inline scripts, so not there). */
export function contentPolicy(): Plugin {
  return {
    name: 'innerscope:content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: cspMeta() }, injectTo: 'head-prepend' },
    ],
  }
}

/** A Vite plugin: development and preview servers isolate the page as the real server does, so that threads work there too. */
export function isolation(): Plugin {
  const use: Connect.NextHandleFunction = (_request, response, next) => {
    for (const [name, value] of Object.entries(ISOLATION_HEADERS)) response.setHeader(name, value)
    next()
  }
  return {
    name: 'innerscope:isolation',
    configureServer: (server) => void server.middlewares.use(use),
    configurePreviewServer: (server) => void server.middlewares.use(use),
  }
}
