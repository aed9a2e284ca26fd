// The static server of the built page: no dependency, isolation headers, ranges, revalidation.
// node tools/serve.mjs [--dir dist] [--port 4173] [--host 127.0.0.1] [--no-isolation] [--strict-port]
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { HEADERS_OF_SCRIPTS, ISOLATION_HEADERS, SECURITY_HEADERS } from './csp.mjs'

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.wasm', 'application/wasm'],
  ['.onnx', 'application/octet-stream'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
])

const PORTS_TO_TRY = 50
const TEXT = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/

/**
 * @typedef {object} ServeOptions
 * @property {string} dir folder to serve
 * @property {number} port 0 takes any free one
 * @property {string} [host]
 * @property {boolean} [isolation] false leaves the cross-origin headers away, as plain hosts do
 * @property {boolean} [strictPort] false takes the next free port when the wanted one is busy
 */

/**
 * Serves a folder until `close` is called.
 * @param {ServeOptions} options
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 * @throws {Error} when no port is free
 */
export async function serve({ dir, port, host = '127.0.0.1', isolation = true, strictPort = false }) {
  const root = resolve(dir)
  const headers = { ...SECURITY_HEADERS, ...(isolation ? ISOLATION_HEADERS : {}) }
  const server = createServer((request, response) => {
    answer(root, headers, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
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

/**
 * The file that a request path names, or undefined when it leads out of the folder.
 * @param {string} root absolute
 * @param {string} url as requested
 * @returns {string | undefined}
 */
export function fileOf(root, url) {
  let path
  try {
    path = decodeURIComponent(pathOf(url))
  } catch {
    return undefined
  }
  if (path.includes('\0') || path.includes('\\')) return undefined
  const file = resolve(join(root, path.endsWith('/') ? `${path}index.html` : path))
  return file.startsWith(root + sep) ? file : undefined
}

/** @param {string | undefined} url */
function pathOf(url = '/') {
  return url.split(/[?#]/)[0] ?? ''
}

/**
 * The bytes that a Range header asks for: undefined for all of them, 'unsatisfiable' for none that exist.
 * Several ranges at once are answered with the whole file, which the protocol allows.
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ start: number, end: number } | 'unsatisfiable' | undefined} end is inclusive
 */
export function rangeOf(header, size) {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start > end || start >= size ? 'unsatisfiable' : { start, end }
}

/**
 * @param {string} root
 * @param {Readonly<Record<string, string>>} headers
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(root, headers, request, response) {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  const own = HEADERS_OF_SCRIPTS.find(({ path }) => path.test(pathOf(request.url)))
  for (const [name, value] of Object.entries(own?.headers ?? {})) response.setHeader(name, value)
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405)
  const file = fileOf(root, request.url ?? '/')
  const info = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (file === undefined || !info) return end(response, 404)
  if (info.isDirectory()) {
    // Relative addresses in the page need the slash.
    const [path = '/', ...query] = (request.url ?? '/').split('?')
    response.setHeader('Location', [`${path.replace(/^\/+/, '/')}/`, ...query].join('?'))
    return end(response, 301)
  }
  const etag = `"${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}"`
  const type = TYPES.get(extname(file).toLowerCase()) ?? 'application/octet-stream'
  response.setHeader('Content-Type', type)
  response.setHeader('ETag', etag)
  response.setHeader('Cache-Control', 'no-cache')
  response.setHeader('Accept-Ranges', 'bytes')
  if (request.headers['if-none-match'] === etag) return end(response, 304)

  const ifRange = request.headers['if-range']
  const range = ifRange !== undefined && ifRange !== etag ? undefined : rangeOf(request.headers.range, info.size)
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${info.size}`)
    return end(response, 416)
  }
  const zip = range === undefined && TEXT.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  if (TEXT.test(type)) response.setHeader('Vary', 'Accept-Encoding')
  if (zip) response.setHeader('Content-Encoding', 'gzip')
  else response.setHeader('Content-Length', range ? range.end - range.start + 1 : info.size)
  if (range) response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${info.size}`)
  response.writeHead(range ? 206 : 200)
  if (request.method === 'HEAD') return response.end()
  const bytes = createReadStream(file, range).on('error', () => response.destroy())
  response.on('close', () => bytes.destroy())
  if (zip) bytes.pipe(createGzip()).pipe(response)
  else bytes.pipe(response)
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 */
function end(response, status) {
  response.writeHead(status)
  response.end()
}

/**
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @param {number} tries
 * @returns {Promise<number>}
 */
function listen(server, host, port, tries) {
  return new Promise((done, fail) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: 'dist' },
      port: { type: 'string', default: '4173' },
      host: { type: 'string', default: '127.0.0.1' },
      'no-isolation': { type: 'boolean', default: false },
      'strict-port': { type: 'boolean', default: false },
    },
  })
  try {
    const { url } = await serve({
      dir: values.dir,
      port: Number(values.port),
      host: values.host,
      isolation: !values['no-isolation'],
      strictPort: values['strict-port'],
    })
    console.log(url)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
