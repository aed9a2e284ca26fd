import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { LoadProgress } from '#protocol/model-api'
import { EngineError } from '../error.ts'
import { type FileStore, memoryFileStore } from './file-store.ts'
import { type LoadModelOptions, loadModelFiles } from './load-model-files.ts'
import { MAX_FAILURES } from './retry.ts'

const BASE = new URL('https://page.example/models/tiny/')
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const model = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251)
const config = new TextEncoder().encode('{"model_type":"bert"}')
const contents = new Map<string, Uint8Array<ArrayBuffer>>([
  ['onnx/model.onnx', model],
  ['config.json', config],
])
const total = model.length + config.length

interface Request {
  readonly path: string
  readonly range: string | null
  readonly ifRange: string | null
  readonly cache: RequestCache | undefined
}

/** How one answer of the fake server differs from a good one. */
interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  /** Breaks after this many bytes of the body. */
  readonly breakAfter?: number
  /** Ends, without an error, after this many bytes of the body. */
  readonly endAfter?: number
  /** Never gets further than this many bytes. */
  readonly hangAfter?: number
  readonly offline?: boolean
  readonly ignoreRange?: boolean
}

/** A server of the tiny model; `answers` are used up, one for each request of a path. */
function fakeServer(answers: Readonly<Record<string, Answer[]>> = {}) {
  const requests: Request[] = []
  const manifest = {
    version: 1,
    name: 'Tiny',
    files: Array.from(contents, ([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) })),
  }
  const fetch = async (input: string | URL | globalThis.Request, init: RequestInit = {}): Promise<Response> => {
    const path = String(input).slice(BASE.href.length)
    const headers = new Headers(init.headers)
    const range = headers.get('range')
    requests.push({ path, range, ifRange: headers.get('if-range'), cache: init.cache })
    init.signal?.throwIfAborted()
    const answer = answers[path]?.shift() ?? {}
    if (answer.offline) throw new TypeError('Failed to fetch')
    const whole = answer.body ?? (path === 'manifest.json' ? new TextEncoder().encode(JSON.stringify(manifest)) : contents.get(path))
    if (whole === undefined) return new Response('not here', { status: 404 })
    const from = range !== null && !answer.ignoreRange ? Number(/bytes=(\d+)-/.exec(range)?.[1]) : 0
    const body = whole.slice(from)
    const head: Record<string, string> = { etag: '"v1"', 'content-length': String(body.length), ...answer.headers }
    if (from > 0) head['content-range'] = `bytes ${from}-${whole.length - 1}/${whole.length}`
    return new Response(streamOf(body, answer, init.signal ?? null), { status: answer.status ?? (from > 0 ? 206 : 200), headers: head })
  }
  return { fetch: fetch as typeof globalThis.fetch, requests, of: (path: string) => requests.filter((request) => request.path === path) }
}

function streamOf(body: Uint8Array<ArrayBuffer>, answer: Answer, signal: AbortSignal | null): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
    pull: async (controller) => {
      if (at >= (answer.breakAfter ?? Number.POSITIVE_INFINITY)) throw new TypeError('network error')
      if (at >= (answer.endAfter ?? body.length)) return controller.close()
      if (at >= (answer.hangAfter ?? Number.POSITIVE_INFINITY)) return await new Promise(() => {})
      const end = Math.min(at + 100, answer.breakAfter ?? body.length, answer.endAfter ?? body.length, body.length)
      controller.enqueue(body.slice(at, end))
      at = end
    },
  })
}

/** Loads with everything faked; the waits are written down instead of waited for. */
function start(server: ReturnType<typeof fakeServer>, options: Partial<LoadModelOptions> = {}) {
  const progress: LoadProgress[] = []
  const waits: number[] = []
  let time = 0
  const loading = loadModelFiles(BASE, {
    fetch: server.fetch,
    store: memoryFileStore(),
    signal: new AbortController().signal,
    onProgress: (event) => progress.push(event),
    sleep: async (ms) => {
      waits.push(ms)
    },
    digest: async (bytes) => sha256(bytes),
    now: () => (time += 60),
    ...options,
  })
  return { loading, progress, waits, kinds: () => progress.map((event) => event.kind) }
}

async function failureOf(loading: Promise<unknown>): Promise<{ readonly kind: string; readonly data: unknown }> {
  const error = await loading.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`)
  return { kind: error.kind, data: error.data }
}

const modelFile = 'onnx/model.onnx'

describe('loadModelFiles', () => {
  it('loads, checks and keeps every file of the manifest', async () => {
    const server = fakeServer()
    const store = memoryFileStore()
    const { files, manifest, verified, notKept } = await start(server, { store }).loading
    expect([...files.keys()]).toEqual([...contents.keys()])
    expect(files.get(modelFile)).toEqual(model)
    expect({ name: manifest.name, verified, notKept }).toEqual({ name: 'Tiny', verified: true, notKept: null })

    const again = start(server, { store })
    await again.loading
    expect(server.of(modelFile)).toHaveLength(1)
    expect(again.progress.at(-2)).toMatchObject({ kind: 'download', received: total, total, fromCache: true })
  })

  it('tells bytes that only grow, the time left, and when checking starts', async () => {
    const { loading, progress } = start(fakeServer())
    await loading
    const downloads = progress.flatMap((event) => (event.kind === 'download' ? [event] : []))
    const received = downloads.map((event) => event.received)
    expect(received).toEqual([...received].sort((x, y) => x - y))
    expect(downloads.at(-1)).toMatchObject({ received: total, total, secondsLeft: 0, fromCache: false })
    expect(downloads.some(({ secondsLeft }) => secondsLeft !== null && secondsLeft > 0)).toBe(true)
    expect(progress.at(-1)).toEqual({ kind: 'stage', stage: 'verify' })
  })

  it('continues a broken download where it broke, for the same version', async () => {
    const server = fakeServer({ [modelFile]: [{ breakAfter: 250 }, { breakAfter: 300 }] })
    const { loading, progress } = start(server)
    expect((await loading).files.get(modelFile)).toEqual(model)
    expect(server.of(modelFile).map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [null, null],
      ['bytes=250-', '"v1"'],
      ['bytes=550-', '"v1"'],
    ])
    expect(progress.filter((event) => event.kind === 'retry')).toHaveLength(2)
  })

  it('starts again when the server does not continue, and still tells bytes that only grow', async () => {
    const server = fakeServer({ [modelFile]: [{ breakAfter: 250 }, { ignoreRange: true }] })
    const { loading, progress } = start(server)
    expect((await loading).files.get(modelFile)).toEqual(model)
    const received = progress.flatMap((event) => (event.kind === 'download' ? [event.received] : []))
    expect(received).toEqual([...received].sort((x, y) => x - y))
  })

  it('starts again when the server continues in the wrong place', async () => {
    const wrong = { status: 206, headers: { 'content-range': 'bytes 400-999/1000' }, ignoreRange: true }
    const server = fakeServer({ [modelFile]: [{ breakAfter: 250 }, wrong] })
    expect((await start(server).loading).files.get(modelFile)).toEqual(model)
    expect(server.of(modelFile).at(-1)?.range).toBeNull()
  })

  it('starts again when the server has no such range', async () => {
    const server = fakeServer({ [modelFile]: [{ breakAfter: 250 }, { status: 416 }] })
    expect((await start(server).loading).files.get(modelFile)).toEqual(model)
    expect(server.of(modelFile).map(({ range }) => range)).toEqual([null, 'bytes=250-', null])
  })

  it('does not continue what was compressed, nor an unnamed version without a hash to check it', async () => {
    const zipped = fakeServer({ [modelFile]: [{ breakAfter: 250, headers: { 'content-encoding': 'gzip' } }] })
    expect((await start(zipped).loading).files.get(modelFile)).toEqual(model)
    expect(zipped.of(modelFile)[1]?.range).toBeNull()
    const weak = (): Answer[] => [{ breakAfter: 250, headers: { etag: 'W/"v1"' } }, { headers: { etag: 'W/"v1"' } }]
    const unhashed = fakeServer({ [modelFile]: weak() })
    await start(unhashed, { digest: null }).loading
    expect(unhashed.of(modelFile)[1]?.range).toBeNull()
    const hashed = fakeServer({ [modelFile]: weak() })
    await start(hashed).loading
    expect(hashed.of(modelFile)[1]).toMatchObject({ range: 'bytes=250-', ifRange: null })
  })

  it('waits longer after each failure and gives up after a few', async () => {
    const down = Array.from({ length: 20 }, () => ({ offline: true }))
    const { loading, waits, progress } = start(fakeServer({ [modelFile]: down }))
    expect(await failureOf(loading)).toEqual({
      kind: 'download-failed',
      data: { path: modelFile, attempts: MAX_FAILURES, reason: 'Failed to fetch' },
    })
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000])
    expect(progress.filter((event) => event.kind === 'retry').at(0)).toEqual({
      kind: 'retry',
      attempt: 1,
      waitMs: 500,
      reason: 'Failed to fetch',
    })
  })

  it('does not give up on a line that breaks often but gets further', async () => {
    const breaks = Array.from({ length: 9 }, () => ({ breakAfter: 100 }))
    const { loading, waits } = start(fakeServer({ [modelFile]: breaks }))
    expect((await loading).files.get(modelFile)).toEqual(model)
    expect(waits).toEqual(Array(9).fill(500))
  })

  it('tries again after server errors, also for the manifest', async () => {
    const server = fakeServer({ 'manifest.json': [{ status: 503 }, { offline: true }], [modelFile]: [{ status: 500 }, { status: 429 }] })
    const { loading, waits } = start(server)
    await loading
    expect(waits).toEqual([500, 1000, 500, 1000])
  })

  it('tries again when the answer is short', async () => {
    const server = fakeServer({ [modelFile]: [{ endAfter: 300 }] })
    expect((await start(server).loading).files.get(modelFile)).toEqual(model)
    expect(server.of(modelFile)[1]?.range).toBe('bytes=300-')
  })

  it.each<[string, Record<string, Answer[]>, Record<string, string | number>]>([
    ['file-missing', { [modelFile]: [{ status: 404 }] }, { path: modelFile, status: 404 }],
    ['file-missing', { 'manifest.json': [{ status: 404 }] }, { path: 'manifest.json', status: 404 }],
    ['file-refused', { [modelFile]: [{ status: 403 }] }, { path: modelFile, status: 403 }],
    ['file-is-page', { [modelFile]: [{ headers: { 'content-type': 'text/html; charset=utf-8' } }] }, { path: modelFile }],
    ['file-is-page', { 'manifest.json': [{ headers: { 'content-type': 'text/html' } }] }, { path: 'manifest.json' }],
    ['file-size', { [modelFile]: [{ body: model.slice(0, 131) }] }, { path: modelFile, expected: 1000, actual: 131 }],
    [
      'file-size',
      { [modelFile]: [{ body: new Uint8Array(1001), headers: { 'content-encoding': 'br' } }] },
      { path: modelFile, expected: 1000, actual: 1001 },
    ],
    ['manifest-unreadable', { 'manifest.json': [{ body: new TextEncoder().encode('{') }] }, { reason: 'not JSON' }],
  ])('names what is wrong: %s', async (kind, answers, data) => {
    const { loading, waits } = start(fakeServer(answers))
    expect(await failureOf(loading)).toEqual({ kind, data })
    expect(waits).toEqual([])
  })

  it('throws a damaged cache entry away and fetches the file again', async () => {
    const server = fakeServer()
    const store = memoryFileStore()
    const key = { url: new URL(modelFile, BASE).href, sha256: sha256(model) }
    await store.write(key, model.toReversed())
    const { loading, progress } = start(server, { store })
    expect((await loading).files.get(modelFile)).toEqual(model)
    expect(progress).toContainEqual({ kind: 'damaged-cache', path: modelFile })
    expect(await store.read(key)).toEqual(model)

    await store.write(key, model.toReversed())
    const missing = start(fakeServer({ [modelFile]: [{ status: 404 }] }), { store })
    expect((await failureOf(missing.loading)).kind).toBe('file-missing')
    expect(await store.read(key)).toBeNull()
  })

  it('fetches a damaged download once more, past the browser cache, and keeps nothing damaged', async () => {
    const damaged = { body: model.toReversed() }
    const server = fakeServer({ [modelFile]: [damaged] })
    expect((await start(server).loading).files.get(modelFile)).toEqual(model)
    expect(server.of(modelFile).map(({ cache }) => cache)).toEqual(['default', 'reload'])

    const store = memoryFileStore()
    const twice = start(fakeServer({ [modelFile]: [damaged, damaged] }), { store })
    expect(await failureOf(twice.loading)).toEqual({ kind: 'file-damaged', data: { path: modelFile } })
    expect(await store.read({ url: new URL(modelFile, BASE).href, sha256: sha256(model) })).toBeNull()
  })

  it('goes on without a hash and without room, and says so', async () => {
    const { verified, notKept } = await start(fakeServer(), { digest: null, store: memoryFileStore(500) }).loading
    expect({ verified, notKept }).toEqual({ verified: false, notKept: 'full' })
  })

  it('stops at once when cancelled: while bytes come, while waiting, before it began', async () => {
    const reason = new DOMException('enough', 'AbortError')
    const whileReading = new AbortController()
    const hanging = start(fakeServer({ [modelFile]: [{ hangAfter: 300 }] }), { signal: whileReading.signal })
    setTimeout(() => whileReading.abort(reason), 5)
    await expect(hanging.loading).rejects.toBe(reason)

    const whileWaiting = new AbortController()
    setTimeout(() => whileWaiting.abort(reason), 5)
    const server = fakeServer({ [modelFile]: [{ offline: true }] })
    const { sleepFor } = await import('./retry.ts')
    await expect(start(server, { signal: whileWaiting.signal, sleep: sleepFor }).loading).rejects.toBe(reason)
    expect(server.of(modelFile)).toHaveLength(1)

    const untouched = fakeServer()
    await expect(start(untouched, { signal: AbortSignal.abort(reason) }).loading).rejects.toBe(reason)
    expect(untouched.requests).toHaveLength(0)
  })

  it('stops the other files when one is missing', async () => {
    let stopped = false
    const server = fakeServer({ [modelFile]: [{ hangAfter: 100 }], 'config.json': [{ status: 404 }] })
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (String(input).endsWith(modelFile)) init?.signal?.addEventListener('abort', () => (stopped = true))
      return server.fetch(input, init)
    }
    expect((await failureOf(start({ ...server, fetch }).loading)).kind).toBe('file-missing')
    expect(stopped).toBe(true)
  })

  it('loads what it kept when there is no network, and nothing when it kept nothing', async () => {
    const store = memoryFileStore()
    await start(fakeServer(), { store }).loading
    const gone: Answer[] = Array.from({ length: MAX_FAILURES }, () => ({ offline: true }))
    const offline = () => fakeServer({ 'manifest.json': [...gone], 'config.json': [...gone], 'onnx/model.onnx': [...gone] })
    const again = start(offline(), { store })
    expect((await again.loading).files.get('onnx/model.onnx')).toEqual(model)
    expect(again.progress.some(({ kind }) => kind === 'retry')).toBe(false)
    expect(await failureOf(start(offline(), { store: memoryFileStore() }).loading)).toMatchObject({ kind: 'download-failed' })
  })

  it('survives a store that keeps nothing', async () => {
    const store: FileStore = { read: async () => null, write: async () => 'unavailable', remove: async () => {} }
    expect((await start(fakeServer(), { store }).loading).notKept).toBe('unavailable')
  })
})
