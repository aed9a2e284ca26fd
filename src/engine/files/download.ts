// One file over a line that may break: continued where it broke (RFC 9110: Range, If-Range), from the start where that is not safe.

import { EngineError } from '../error.ts'
import { checkAnswer, type Line, withRetries } from './line.ts'
import type { ManifestFile } from './manifest.ts'

export interface DownloadOptions {
  /** Bytes of the file so far; fewer than before when it had to start again. */
  readonly onBytes: (received: number) => void
  /** Whether a hash is checked afterwards: without one, a download is continued only when the server vouches for the version. */
  readonly hashed: boolean
  /** How the browser's own cache is used: `reload` after a damaged download. */
  readonly cache: RequestCache
}

/**
 * The file's bytes; as many as the manifest says.
 * @throws EngineError `file-missing`, `file-refused`, `file-is-page`, `file-size`, `download-failed`, each with data { path, ... };
 * the signal's reason when cancelled
 */
export async function download(url: URL, file: ManifestFile, line: Line, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const partial: Partial = { bytes: new Uint8Array(file.size), received: 0, version: null }
  const attempt = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await request(url, partial, line, options)
    try {
      startAt(response, file, partial)
      await read(response, file, partial, line.signal, options.onBytes)
    } catch (error) {
      // A range counts bytes as sent: what was compressed on the way cannot be continued.
      if (response.status === 416 || response.headers.has('content-encoding')) partial.received = 0
      if (response.body?.locked === false) await response.body.cancel().catch(() => {})
      throw error
    }
    return partial.bytes
  }
  return await withRetries(file.path, line, attempt, () => partial.received)
}

/** What has arrived, and the server's name for the version it belongs to. */
interface Partial {
  readonly bytes: Uint8Array<ArrayBuffer>
  received: number
  version: string | null
}

function request(url: URL, partial: Partial, { fetch, signal }: Line, { hashed, cache }: DownloadOptions): Promise<Response> {
  const headers = new Headers()
  if (partial.received > 0 && (partial.version !== null || hashed)) {
    headers.set('range', `bytes=${partial.received}-`)
    if (partial.version !== null) headers.set('if-range', partial.version)
  }
  return fetch(url, { signal, headers, cache, referrerPolicy: 'no-referrer' })
}

/** Checks an answer's head and sets where its bytes go. */
function startAt(response: Response, file: ManifestFile, partial: Partial): void {
  checkAnswer(response, file.path)
  const start = response.status === 206 ? rangeStart(response) : 0
  if (start > partial.received || start < 0) {
    partial.received = 0
    throw new Error('the server continued in the wrong place')
  }
  const length = response.headers.get('content-length')
  if (length !== null && !response.headers.has('content-encoding') && start + Number(length) !== file.size) {
    throw wrongSize(file, start + Number(length))
  }
  partial.received = start
  partial.version = versionOf(response)
}

async function read(
  response: Response,
  file: ManifestFile,
  partial: Partial,
  signal: AbortSignal,
  onBytes: DownloadOptions['onBytes'],
): Promise<void> {
  const reader = response.body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      signal.throwIfAborted()
      const received = partial.received + part.value.byteLength
      if (received > file.size) throw wrongSize(file, received)
      partial.bytes.set(part.value, partial.received)
      partial.received = received
      onBytes(received)
    }
  } finally {
    await reader?.cancel().catch(() => {})
    reader?.releaseLock()
  }
  if (partial.received < file.size) throw new Error('the connection ended early')
}

/** First byte of a partial answer, -1 when the server does not say. */
function rangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? -1)
}

/** A name for this version that If-Range accepts: a strong ETag or a date. */
function versionOf(response: Response): string | null {
  const tag = response.headers.get('etag')
  return tag?.startsWith('"') ? tag : response.headers.get('last-modified')
}

function wrongSize({ path, size }: ManifestFile, actual: number): EngineError {
  return new EngineError('file-size', `${path} has ${actual} bytes or more instead of ${size}`, { path, expected: size, actual })
}
