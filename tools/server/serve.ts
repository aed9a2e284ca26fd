// The static server of the built page: sirv sends the files; isolation headers, both policies and what sirv lacks are put in front.
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, resolve, sep } from 'node:path'
import { lookup } from 'mrmime'
import sirv from 'sirv'
import { HEADERS_OF_SCRIPTS, ISOLATION_HEADERS, SECURITY_HEADERS } from '../csp.ts'
import { rangeOf } from './range.ts'

const PORTS_TO_TRY = 50
const TEXT = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/

export interface ServeOptions {
  /** Folder to serve. */
  readonly dir: string
  /** 0 takes any free one. */
  readonly port: number
  readonly host?: string
  /** false leaves the cross-origin headers away, as plain hosts do. */
  readonly isolation?: boolean
  /** false takes the next free port when the wanted one is busy. */
  readonly strictPort?: boolean
}

export interface Served {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves a folder until `close` is called.
 * @throws Error when no port is free
 */
export async function serve({ dir, port, host = '127.0.0.1', isolation = true, strictPort = false }: ServeOptions): Promise<Served> {
  const root = resolve(dir)
  const headers = new Headers({ ...SECURITY_HEADERS, ...(isolation ? ISOLATION_HEADERS : {}) })
  // `dev`: files may come and go while they are served, as builds and tests let them.
  const sendFile = sirv(root, { dev: true, etag: true, extensions: ['html'], setHeaders: prepare })
  const server = createServer((request, response) => {
    response.setHeaders(headers)
    const own = HEADERS_OF_SCRIPTS.find(({ path }) => path.test(pathOf(request.url)))
    if (own) response.setHeaders(new Headers(own.headers))
    refuse(root, request, response).then(
      (status) => (status === null ? sendFile(request, response) : response.writeHead(status).end()),
      () => response.writeHead(500).end(),
    )
  })
  const taken = await listen(server, host, port, strictPort || port === 0 ? 1 : PORTS_TO_TRY)
  return {
    port: taken,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

/** The file that a request path names, or undefined when it leads out of the folder. @param root absolute */
export function fileOf(root: string, url: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(pathOf(url))
  } catch {
    return undefined
  }
  if (path.includes('\0') || path.includes('\\')) return undefined
  const file = resolve(join(root, path.endsWith('/') ? `${path}index.html` : path))
  return file.startsWith(root + sep) ? file : undefined
}

function pathOf(url = '/'): string {
  return url.split(/[?#]/)[0] ?? ''
}

/** The status of a request that names no file, null for one that does. */
async function refuse(root: string, { method, url = '/' }: IncomingMessage, response: ServerResponse): Promise<number | null> {
  if (method !== 'GET' && method !== 'HEAD') return 405
  const file = fileOf(root, url)
  const info = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (!info) return 404
  if (!info.isDirectory()) return null
  // Relative addresses in the page need the slash, without which sirv would send the folder's page too.
  const [path = '/', ...query] = url.split('?')
  response.setHeader('Location', [`${path.replace(/^\/+/, '/')}/`, ...query].join('?'))
  return 301
}

/** Called by sirv before it sends a file: sets its type, and asks for the range that sirv is to read. */
function prepare(response: ServerResponse, path: string, { size, mtime }: Stats): void {
  const type = lookup(path.endsWith('/') ? 'index.html' : path) ?? 'application/octet-stream'
  response.setHeader('Content-Type', TEXT.test(type) ? `${type}; charset=utf-8` : type)
  response.setHeader('Accept-Ranges', 'bytes')
  const { headers } = response.req
  const ifRange = headers['if-range']
  const range = ifRange === undefined || ifRange === mtime.toUTCString() ? rangeOf(headers.range, size) : undefined
  if (range === undefined) delete headers.range
  else headers.range = range === 'unsatisfiable' ? `bytes=${size}-` : `bytes=${range.start}-${range.end}`
}

function listen(server: Server, host: string, port: number, tries: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && tries > 1 && port < 65_535) done(listen(server, host, port + 1, tries - 1))
      else fail(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is busy.`) : error)
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      const address = server.address()
      done(typeof address === 'object' && address ? address.port : port)
    })
  })
}
