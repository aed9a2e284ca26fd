// A model hub on this machine, for tests: folders of models under the addresses of a hub, with its headers, redirects and refusals.
import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, sep } from 'node:path'
import type { Transform } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { rangeOf } from '../../tools/server/range.ts'

export interface LocalHubOptions {
  /** Folder of model folders: `bert` in it is the repository `zoo/bert`. */
  readonly folder?: string
  readonly owner?: string
  /** What the host answers beside files: metadata, a list in pages, or nothing (a plain file server). */
  readonly lists?: 'models' | 'tree' | 'none'
  /** Path under which the hub lies. */
  readonly path?: string
  /** Repositories that are given only to those who accepted terms. */
  readonly gated?: readonly string[]
}

/** What goes wrong with answers of the files whose path ends so. */
export interface HubFault {
  readonly path: string
  /** Answers that it concerns, of those to come. */
  readonly times?: number
  /** Answers with this status. */
  readonly status?: number
  /** What the bytes go through; `cut` ends the connection. */
  readonly through?: (cut: () => void) => Transform
}

export interface HubRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly range: string | undefined
  readonly referer: string | undefined
  readonly cookie: string | undefined
  /** Set by browsers. */
  readonly origin: string | undefined
}

export interface LocalHub {
  /** Without an ending slash. */
  readonly address: string
  readonly commit: string
  /** All requests so far, those that were redirected twice. */
  readonly requests: readonly HubRequest[]
  fail(fault: HubFault): void
  close(): Promise<void>
}

const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag'
/** The real page size is 1,000; this one has a second page for every model of the zoo. */
const PAGE = 5
/** Files that a hub keeps apart: it names their hash, and sends readers on to another host for them. */
const LARGE = /\.(?:onnx|onnx_data(?:_\d+)?|data)$/
const COMMIT = createHash('sha1').update('local hub').digest('hex')

export async function startLocalHub(options: LocalHubOptions = {}): Promise<LocalHub> {
  const { folder = 'fixtures/zoo', owner = 'zoo', lists = 'models', path = '', gated = [] } = options
  const requests: HubRequest[] = []
  const faults: { readonly fault: HubFault; left: number }[] = []
  const note = ({ method = '', url = '', headers }: IncomingMessage): void => {
    const { range, referer, cookie, origin } = headers
    requests.push({ method, url, range, referer, cookie, origin })
  }
  const faultOf = (file: string): HubFault | undefined => {
    const found = faults.find(({ fault, left }) => left > 0 && file.endsWith(fault.path))
    if (found) found.left--
    return found?.fault
  }

  const store = createServer((request, response) => {
    note(request)
    response.setHeader('access-control-allow-origin', '*')
    const file = join(folder, decodeURIComponent(request.url ?? ''))
    sendFile(file, request, response, faultOf(file))
  })
  const storePort = await listen(store)

  const hub = createServer((request, response) => {
    note(request)
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
    response.setHeader('vary', 'Origin')
    response.setHeader('access-control-expose-headers', EXPOSED)
    const url = new URL(request.url ?? '/', 'http://hub')
    if (!url.pathname.startsWith(`${path}/`)) return refuse(response, 404)
    const asked = parse(url.pathname.slice(path.length))
    if (!asked || (lists === 'none' && asked.what !== 'resolve')) return refuse(response, 404)
    const { repo, what, revision } = asked
    if ((lists === 'tree' && what === 'revision') || (lists === 'models' && what === 'tree')) return refuse(response, 404)
    const [group, name = ''] = repo.split('/')
    const files = group === owner ? filesIn(join(folder, name)) : null
    const coded = lists !== 'none'
    // A hub does not tell strangers whether a repository is private or not there at all.
    if (!files) return refuse(response, coded ? 401 : 404, coded ? 'RepoNotFound' : undefined)
    if (revision !== 'main' && revision !== COMMIT) return refuse(response, 404, coded ? 'RevisionNotFound' : undefined)
    if (coded) response.setHeader('x-repo-commit', COMMIT)
    if (what === 'revision') return sendJson(response, infoOf(repo, files, gated.includes(repo), url.searchParams.has('blobs')))
    if (what === 'tree') return sendPage(response, files, url, `${request.headers.host}`)
    if (gated.includes(repo)) return refuse(response, 401, 'GatedRepo')
    const file = files.find((candidate) => candidate.path === asked.path)
    if (!file) return refuse(response, 404, coded ? 'EntryNotFound' : undefined)
    if (!coded || !LARGE.test(file.path)) return sendFile(file.place, request, response, faultOf(file.place))
    response.setHeader('x-linked-size', file.size)
    response.setHeader('x-linked-etag', `"${sha256Of(file.place)}"`)
    response.writeHead(302, { location: `http://127.0.0.1:${storePort}/${name}/${file.path}` }).end()
  })
  const port = await listen(hub)
  return {
    address: `http://127.0.0.1:${port}${path}`,
    commit: COMMIT,
    requests,
    fail: (fault) => void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    close: async () => void (await Promise.all([hub, store].map(end))),
  }
}

interface StoredFile {
  /** Inside the repository. */
  readonly path: string
  /** On this machine. */
  readonly place: string
  readonly size: number
}

interface Asked {
  readonly what: 'revision' | 'tree' | 'resolve'
  readonly repo: string
  readonly revision: string
  /** Of a file. */
  readonly path: string
}

/** What a path asks for; undefined for nothing that a hub has. */
function parse(pathname: string): Asked | undefined {
  const list = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(pathname)
  if (list?.[1] && list[3])
    return { repo: list[1], what: list[2] === 'tree' ? 'tree' : 'revision', revision: decodeURIComponent(list[3]), path: '' }
  const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname)
  if (!file?.[1] || !file[2] || !file[3]) return undefined
  return { repo: file[1], what: 'resolve', revision: decodeURIComponent(file[2]), path: decodeURIComponent(file[3]) }
}

function filesIn(folder: string): readonly StoredFile[] | null {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => ({ path: path.split(sep).join('/'), place: join(folder, path), stat: statSync(join(folder, path)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ path, place, stat }) => ({ path, place, size: stat.size }))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
}

function infoOf(id: string, files: readonly StoredFile[], gated: boolean, blobs: boolean): unknown {
  const siblings = files.map(({ path, place, size }) => {
    if (!blobs) return { rfilename: path }
    return { rfilename: path, size, ...(LARGE.test(path) ? { lfs: { sha256: sha256Of(place), size, pointerSize: 130 } } : {}) }
  })
  return { id, sha: COMMIT, private: false, gated: gated ? 'manual' : false, tags: ['onnx', 'license:apache-2.0'], siblings }
}

function sendPage(response: ServerResponse, files: readonly StoredFile[], url: URL, host: string): void {
  const from = Number(url.searchParams.get('cursor') ?? 0)
  if (from + PAGE < files.length) {
    const next = new URL(url)
    next.host = host
    next.searchParams.set('cursor', String(from + PAGE))
    response.setHeader('link', `<${next.href}>; rel="next"`)
  }
  const entries = files.slice(from, from + PAGE).map(({ path, place, size }) => ({
    type: 'file',
    path,
    size,
    ...(LARGE.test(path) ? { lfs: { oid: sha256Of(place), size } } : {}),
  }))
  sendJson(response, [...(from === 0 ? [{ type: 'directory', path: 'onnx', size: 0 }] : []), ...entries])
}

function sendFile(place: string, request: IncomingMessage, response: ServerResponse, fault: HubFault | undefined): void {
  const info = statSync(place, { throwIfNoEntry: false })
  if (!info?.isFile() || fault?.status) {
    refuse(response, fault?.status ?? 404)
    return
  }
  response.setHeader('etag', `"${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}"`)
  response.setHeader('accept-ranges', 'bytes')
  response.setHeader('content-type', place.endsWith('.json') ? 'application/json' : 'application/octet-stream')
  const range = rangeOf(request.headers.range, info.size)
  if (range === 'unsatisfiable') {
    refuse(response, 416)
    return
  }
  // As hubs do: compressed text, whose length a page of another origin must not take for the file's.
  const zipped =
    !range && place.endsWith('.json') && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? gzipSync(readFileSync(place)) : null
  if (zipped) response.setHeader('content-encoding', 'gzip')
  if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${info.size}`)
  response.setHeader('content-length', zipped?.length ?? (range ? range.end - range.start + 1 : info.size))
  response.writeHead(range ? 206 : 200)
  if (request.method === 'HEAD') return void response.end()
  if (zipped) return void response.end(zipped)
  const bytes = createReadStream(place, range)
  response.on('close', () => bytes.destroy())
  const through = fault?.through?.(() => response.destroy())
  if (through) bytes.pipe(through).pipe(response)
  else bytes.pipe(response)
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
}

function refuse(response: ServerResponse, status: number, code?: string): void {
  if (code) response.setHeader('x-error-code', code)
  response.writeHead(status, { 'content-type': 'text/plain' }).end()
}

const hashes = new Map<string, string>()

function sha256Of(place: string): string {
  const known = hashes.get(place)
  if (known) return known
  const made = createHash('sha256').update(readFileSync(place)).digest('hex')
  hashes.set(place, made)
  return made
}

function listen(server: Server): Promise<number> {
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

function end(server: Server): Promise<void> {
  return new Promise((done) => {
    server.closeAllConnections()
    server.close(() => done())
  })
}
