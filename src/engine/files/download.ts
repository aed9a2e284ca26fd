// One file over a line that may break: continued where it broke (RFC 9110: Range, If-Range), from the start where that is not safe.

import { EngineError } from '../error.ts'
import { checkAnswer, type Network, withRetries } from './retry.ts'

/** A file to be fetched. */
export interface DownloadFile {
  readonly path: string
  /** Bytes; null where nobody said. */
  readonly size: number | null
}

export interface DownloadOptions {
  /** Bytes of the file so far; fewer than before when it had to start again. */
  readonly onBytes: (received: number) => void
  /** Whether a hash is checked afterwards: without one, a download is continued only when the server vouches for the version. */
  readonly hashed: boolean
  /** How the browser's own cache is used: `reload` after a damaged download. */
  readonly cache: RequestCache
  /**
   * The answers are another origin's, of which a browser hides some headers: a stated length may be that of compressed bytes, and what
   * a hash is checked of is continued without more ado (If-Range would need a permission that hosts do not give).
   */
  readonly foreign?: boolean
}

/** One typed array holds a file, and WebAssembly addresses no more than this. */
export const MAX_FILE_BYTES = 2 ** 31
/** Room for a file of unknown size at first; it doubles when it is full. */
const FIRST_ROOM = 2 ** 16

/**
 * The file's bytes; as many as are expected, where that is known.
 * @throws EngineError `file-missing`, `file-refused`, `file-is-page`, `file-size`, `download-failed`, each with data { path, ... };
 * the signal's reason when cancelled
 */
export async function download(url: URL, file: DownloadFile, network: Network, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const partial: Partial = { bytes: new Uint8Array(file.size ?? FIRST_ROOM), received: 0, version: null }
  const attempt = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await request(url, partial, network, options)
    try {
      startAt(response, file, partial, options.foreign === true && options.hashed)
      if (!options.foreign) checkLength(response, file, partial.received)
      await read(response, file, partial, network.signal, options.onBytes)
    } catch (error) {
      // A range counts bytes as sent: what was compressed on the way cannot be continued.
      if (response.status === 416 || response.headers.has('content-encoding')) partial.received = 0
      if (response.body?.locked === false) await response.body.cancel().catch(() => {})
      throw error
    }
    return partial.bytes.length === partial.received ? partial.bytes : partial.bytes.slice(0, partial.received)
  }
  return await withRetries(file.path, network, attempt, () => partial.received)
}

/** What has arrived, and the server's name for the version it belongs to. */
interface Partial {
  bytes: Uint8Array<ArrayBuffer>
  received: number
  version: string | null
}

function request(
  url: URL,
  partial: Partial,
  { fetch, signal }: Network,
  { hashed, cache, foreign = false }: DownloadOptions,
): Promise<Response> {
  const headers = new Headers()
  const sure = hashed || (partial.version !== null && !foreign)
  if (partial.received > 0 && sure) {
    headers.set('range', `bytes=${partial.received}-`)
    if (partial.version !== null && !foreign) headers.set('if-range', partial.version)
  }
  return fetch(url, { signal, headers, cache, referrerPolicy: 'no-referrer' })
}

/** Checks an answer's head and sets where its bytes go: as it says, or where it was asked to start if that is to be trusted. */
function startAt(response: Response, file: DownloadFile, partial: Partial, trusting: boolean): void {
  checkAnswer(response, file.path)
  const start = response.status === 206 ? (rangeStart(response) ?? (trusting ? partial.received : -1)) : 0
  if (start > partial.received || start < 0) {
    partial.received = 0
    throw new Error('the server continued in the wrong place')
  }
  partial.received = start
  partial.version = versionOf(response)
}

function checkLength(response: Response, file: DownloadFile, start: number): void {
  const length = response.headers.get('content-length')
  if (file.size === null || length === null || response.headers.has('content-encoding')) return
  if (start + Number(length) !== file.size) throw wrongSize(file, start + Number(length))
}

async function read(
  response: Response,
  file: DownloadFile,
  partial: Partial,
  signal: AbortSignal,
  onBytes: DownloadOptions['onBytes'],
): Promise<void> {
  const reader = response.body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      signal.throwIfAborted()
      const received = partial.received + part.value.byteLength
      if (received > (file.size ?? MAX_FILE_BYTES)) throw wrongSize(file, received)
      if (received > partial.bytes.length) partial.bytes = withRoom(partial.bytes, received)
      partial.bytes.set(part.value, partial.received)
      partial.received = received
      onBytes(received)
    }
  } finally {
    await reader?.cancel().catch(() => {})
    reader?.releaseLock()
  }
  if (file.size !== null && partial.received < file.size) throw new Error('the connection ended early')
}

function withRoom(bytes: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(MAX_FILE_BYTES, Math.max(needed, 2 * bytes.length)))
  larger.set(bytes)
  return larger
}

/** First byte of a partial answer, null when the server does not say. */
function rangeStart(response: Response): number | null {
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]
  return start === undefined ? null : Number(start)
}

/** A name for this version that If-Range accepts: a strong ETag or a date. */
function versionOf(response: Response): string | null {
  const tag = response.headers.get('etag')
  return tag?.startsWith('"') ? tag : response.headers.get('last-modified')
}

function wrongSize({ path, size }: DownloadFile, actual: number): EngineError {
  const expected = size ?? MAX_FILE_BYTES
  return new EngineError('file-size', `${path} has ${actual} bytes or more instead of ${expected}`, { path, expected, actual })
}
