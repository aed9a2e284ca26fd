// A model folder, ready to use: what its manifest names, from the cache or the network, checked and kept.

import type { LoadProgress } from '#protocol/model-api'
import { EngineError } from '../error.ts'
import { type Digest, sha256Digest } from './digest.ts'
import { download } from './download.ts'
import { createDownloadMeter, type DownloadMeter } from './download-meter.ts'
import type { FileStore, KeepFailure } from './file-store.ts'
import { type ManifestFile, type ModelManifest, parseManifest } from './manifest.ts'
import { checkAnswer, type Network, sleepFor, withRetries } from './retry.ts'

export interface LoadModelOptions {
  readonly fetch: typeof fetch
  readonly store: FileStore
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
  /** Waits, and rejects with the signal's reason as soon as it is cancelled. */
  readonly sleep?: Network['sleep']
  /** SHA-256 in hexadecimal; null where there is none: sizes are then all that is checked. */
  readonly digest?: Digest | null
  /** A clock in milliseconds. */
  readonly now?: () => number
}

export interface LoadedFiles {
  readonly manifest: ModelManifest
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  /** False where the browser cannot hash: only sizes were checked. */
  readonly verified: boolean
  /** Why a file was not kept for the next visit, null when all are. */
  readonly notKept: KeepFailure | null
}

/**
 * Loads every file that manifest.json of the folder `base` (ending in `/`) names.
 * @throws EngineError `manifest-unreadable`, `file-missing`, `file-refused`, `file-is-page`, `file-size`, `file-damaged`,
 * `download-failed`, with data { path, ... }; the signal's reason when cancelled
 */
export async function loadModelFiles(base: URL, options: LoadModelOptions): Promise<LoadedFiles> {
  const { fetch, store, signal, onProgress, sleep = sleepFor, digest = sha256Digest(), now = () => performance.now() } = options
  signal.throwIfAborted()
  const stop = new AbortController()
  const network: Network = { fetch, sleep, signal: AbortSignal.any([signal, stop.signal]), onRetry: onProgress }
  const manifest = await loadManifest(base, network, store)
  const total = manifest.files.reduce((sum, file) => sum + file.size, 0)
  const loading: Loading = { base, store, digest, network, onProgress, meter: createDownloadMeter(total, onProgress, now) }
  try {
    const arrived = await Promise.all(manifest.files.map((file) => obtain(file, loading)))
    onProgress({ kind: 'stage', stage: 'verify' })
    const checked = await Promise.all(arrived.map((one) => verifyAndKeep(one, loading)))
    return {
      manifest,
      files: new Map(checked.map(({ file, bytes }) => [file.path, bytes])),
      verified: digest !== null,
      notKept: checked.find(({ notKept }) => notKept !== null)?.notKept ?? null,
    }
  } catch (error) {
    // One file failed: the others are not worth waiting for.
    stop.abort(error)
    throw error
  }
}

interface Loading {
  readonly base: URL
  readonly store: FileStore
  readonly digest: Digest | null
  readonly network: Network
  readonly meter: DownloadMeter
  readonly onProgress: (progress: LoadProgress) => void
}

interface ArrivedFile {
  readonly file: ManifestFile
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly from: 'cache' | 'network'
}

/** The manifest as the server has it now; without a network, as it was when it was last read. */
function loadManifest(base: URL, network: Network, store: FileStore): Promise<ModelManifest> {
  const path = 'manifest.json'
  const key = { url: new URL(path, base).href, sha256: 'unknown' }
  return withRetries(path, network, async () => {
    const text = await network
      // The browser asks the server whether its copy is current, so that a new model is found at the first visit.
      .fetch(key.url, { signal: network.signal, cache: 'no-cache', referrerPolicy: 'no-referrer' })
      .then((response) => {
        checkAnswer(response, path)
        return response.text()
      })
      .catch(async (error: unknown) => {
        const kept = error instanceof EngineError || network.signal.aborted ? null : await store.read(key)
        if (kept === null) throw error
        return new TextDecoder().decode(kept)
      })
    const manifest = parseManifest(text)
    await store.write(key, new TextEncoder().encode(text))
    return manifest
  })
}

/** A file from the cache, where it is whole, or else from the network. */
async function obtain(file: ManifestFile, loading: Loading): Promise<ArrivedFile> {
  const { store, meter, network } = loading
  const key = keyOf(file, loading)
  const kept = await store.read(key)
  network.signal.throwIfAborted()
  if (kept !== null) {
    if (await isWhole(kept, file, loading)) {
      meter.set(file.path, file.size, 'cache')
      return { file, bytes: kept, from: 'cache' }
    }
    loading.onProgress({ kind: 'damaged-cache', path: file.path })
    await store.remove(key)
  }
  return { file, bytes: await fetchFile(file, loading, 'default'), from: 'network' }
}

/** Checks what the network brought, once more from the server itself if it is damaged, and keeps it. */
async function verifyAndKeep(arrived: ArrivedFile, loading: Loading): Promise<ArrivedFile & { readonly notKept: KeepFailure | null }> {
  const { file, from } = arrived
  if (from === 'cache') return { ...arrived, notKept: null }
  const whole = await isWhole(arrived.bytes, file, loading)
  const bytes = whole ? arrived.bytes : await fetchFile(file, loading, 'reload')
  if (!whole && !(await isWhole(bytes, file, loading))) {
    throw new EngineError('file-damaged', `${file.path} does not have the hash that the manifest names`, { path: file.path })
  }
  loading.network.signal.throwIfAborted()
  return { file, from, bytes, notKept: await loading.store.write(keyOf(file, loading), bytes) }
}

function fetchFile(file: ManifestFile, { base, network, meter, digest }: Loading, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
  const onBytes = (received: number): void => meter.set(file.path, received, 'network')
  return download(new URL(file.path, base), file, network, { onBytes, hashed: digest !== null, cache })
}

async function isWhole(bytes: Uint8Array<ArrayBuffer>, { size, sha256 }: ManifestFile, { digest }: Loading): Promise<boolean> {
  return bytes.byteLength === size && (digest === null || (await digest(bytes)) === sha256)
}

function keyOf({ path, sha256 }: ManifestFile, { base }: Loading): { readonly url: string; readonly sha256: string } {
  return { url: new URL(path, base).href, sha256 }
}
