// Files of a repository at one commit, from what is kept or from the hub, checked and kept; with the data files that a graph names besides.

import type { HubDownload, HubFile, HubFiles, HubProgress } from '#protocol/hub-api'
import type { FileBlob } from '#protocol/model-api'
import { EngineError } from '../error.ts'
import { type Digest, sha256Digest } from '../files/digest.ts'
import { download, MAX_FILE_BYTES } from '../files/download.ts'
import { createDownloadMeter, type DownloadMeter } from '../files/download-meter.ts'
import type { KeepFailure } from '../files/file-store.ts'
import { type Network, sleepFor } from '../files/retry.ts'
import { externalLocations } from './external-locations.ts'
import { type HubPlace, hubPlace, isFilePath } from './hub-address.ts'
import type { HubEnvironment } from './hub-environment.ts'
import { readDataNote, readListNote, writeDataNote } from './hub-notes.ts'
import { HUB_REQUEST } from './hub-request.ts'
import type { HubEntry, HubStore } from './hub-store.ts'

/** Exports that keep each tensor in a file of its own have several hundred; more is not a model. */
const MAX_FILES = 4096
/** Files up to this size are fetched at the same time; larger ones one after the other, since each is held in memory until it is kept. */
const SMALL_BYTES = 8 * 2 ** 20
const AT_ONCE = 6
/** Not weights: hubs name no hashes for them. */
const TEXT = /\.(?:json|jinja|txt|md)$/

/**
 * @throws EngineError `hub-too-large` { path, size }, `hub-gated` { repo }, and those of `download` and `hubPlace`; `file-damaged` { path };
 * the signal's reason when cancelled
 */
export async function downloadFiles(
  { address, repo, commit, files }: HubDownload,
  { fetch, store, sleep = sleepFor, digest = sha256Digest(), now = () => performance.now() }: HubEnvironment,
  signal: AbortSignal,
  onProgress: (progress: HubProgress) => void,
): Promise<HubFiles> {
  const stop = new AbortController()
  const network: Network = {
    fetch: (url, init) => fetch(url, { ...init, ...HUB_REQUEST }),
    sleep,
    signal: AbortSignal.any([signal, stop.signal]),
    onRetry: onProgress,
  }
  const place = hubPlace(address, repo, commit)
  // What the listing said of files that nobody asks for.
  const known = new Map((await readListNote(store, place))?.files.map((file) => [file.path, file]))
  const meter = createDownloadMeter(totalOf(files), onProgress, now)
  const loading: Loading = { place, store, digest, network, meter, known, onProgress, asked: new Set(files.map(({ path }) => path)) }
  try {
    network.signal.throwIfAborted()
    const arrived = await obtainAll(files, loading)
    const weights = arrived.filter(({ file }) => !TEXT.test(file.path))
    return {
      files: arrived.map(({ file: { path, sha256 }, blob }) => ({ path, blob, sha256 })),
      checked: digest !== null && weights.every(({ file }) => file.sha256 !== null) ? 'hash' : 'size',
      kept: arrived.find(({ notKept }) => notKept !== null)?.notKept ?? 'yes',
    }
  } catch (error) {
    // One file failed: the others are not worth waiting for.
    stop.abort(error)
    throw error
  }
}

interface Loading {
  readonly place: HubPlace
  readonly store: HubStore
  readonly digest: Digest | null
  readonly network: Network
  readonly meter: DownloadMeter
  readonly known: ReadonlyMap<string, HubFile>
  readonly onProgress: (progress: HubProgress) => void
  /** Paths of all files that are on their way. */
  readonly asked: Set<string>
}

interface ArrivedFile {
  readonly file: HubFile
  readonly blob: FileBlob
  readonly notKept: KeepFailure | null
  /** Data files that it names and nobody asked for. */
  readonly besides: readonly HubFile[]
}

async function obtainAll(files: readonly HubFile[], loading: Loading): Promise<readonly ArrivedFile[]> {
  if (files.length > MAX_FILES) throw new EngineError('hub-unreadable', 'A model of too many files.', { reason: `${files.length} files` })
  for (const { path, size } of files) {
    if (!isFilePath(path)) throw new EngineError('file-missing', `${path} cannot be asked for.`, { path })
    if (size !== null && size > MAX_FILE_BYTES) throw tooLarge(path, size)
  }
  const isSmall = ({ path, size }: HubFile): boolean => (size === null ? TEXT.test(path) : size <= SMALL_BYTES)
  const arrived: ArrivedFile[] = []
  const inTurn = async (queue: Iterator<HubFile>): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) arrived.push(await obtain(next.value, loading))
  }
  const small = files.filter(isSmall).values()
  const large = files.filter((file) => !isSmall(file)).values()
  await Promise.all([...Array.from({ length: AT_ONCE }, () => inTurn(small)), inTurn(large)])
  const besides = arrived.flatMap((one) => one.besides)
  return besides.length === 0 ? arrived : [...arrived, ...(await obtainAll(besides, loading))]
}

async function obtain(file: HubFile, loading: Loading): Promise<ArrivedFile> {
  const { store, meter, network } = loading
  const entry = entryOf(file, loading)
  const kept = await store.read(entry)
  network.signal.throwIfAborted()
  if (kept !== null && (file.size === null || kept.size === file.size)) {
    meter.set(file.path, kept.size, 'cache')
    return { file, blob: kept, notKept: null, besides: await dataBesides(file, null, loading) }
  }
  const bytes = await fetchWhole(file, loading)
  network.signal.throwIfAborted()
  const besides = await dataBesides(file, bytes, loading)
  const notKept = await store.write(entry, bytes)
  // What is kept lies on a disk, so that the bytes here can be let go.
  const blob = (notKept === null ? await store.read(entry) : null) ?? new Blob([bytes])
  return { file, blob, notKept, besides }
}

/** The bytes of a file with the hash that the hub names, asked for once more if they have another. */
async function fetchWhole(file: HubFile, loading: Loading): Promise<Uint8Array<ArrayBuffer>> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await fetchFile(file, loading)
    if (loading.digest === null || file.sha256 === null) return bytes
    if (bytes.length > SMALL_BYTES) loading.onProgress({ kind: 'stage', stage: 'verify' })
    if ((await loading.digest(bytes)) === file.sha256) return bytes
    if (attempt === 2) throw new EngineError('file-damaged', `${file.path} does not have the hash that the hub names`, { path: file.path })
  }
}

async function fetchFile({ path, size, sha256 }: HubFile, { place, network, meter, digest }: Loading): Promise<Uint8Array<ArrayBuffer>> {
  const onBytes = (received: number): void => meter.set(path, received, 'network')
  try {
    // The browser's own cache would keep a second copy.
    return await download(place.file(path), { path, size }, network, {
      onBytes,
      hashed: digest !== null && sha256 !== null,
      cache: 'no-store',
      foreign: true,
    })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(path, size ?? 0)
    if (error instanceof EngineError && error.kind === 'file-refused' && [401, 403].includes(Number(error.data.status))) {
      throw new EngineError('hub-gated', `The hub gives ${place.repo} only to those it knows.`, { repo: place.repo })
    }
    throw error
  }
}

/**
 * The data files that a graph names and nobody asked for yet.
 * @param bytes null where the graph was kept: what it names was written down then
 */
async function dataBesides(file: HubFile, bytes: Uint8Array | null, loading: Loading): Promise<readonly HubFile[]> {
  if (!file.path.endsWith('.onnx')) return []
  const { store, known, asked, meter } = loading
  const entry = entryOf(file, loading)
  const locations = bytes === null ? await readDataNote(store, entry) : externalLocations(bytes)
  if (bytes !== null) await writeDataNote(store, entry, locations)
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1)
  const paths = locations.map((location) => folder + location).filter((path) => isFilePath(path) && !asked.has(path))
  const besides = paths.map((path) => known.get(path) ?? { path, size: null, sha256: null, version: null })
  for (const { path } of besides) asked.add(path)
  if (besides.length > 0) meter.expect(totalOf(besides))
  return besides
}

/** A file is kept by its content where a hash names it, so that a new commit takes over what it did not change; else by commit. */
function entryOf({ path, size, sha256, version }: HubFile, { place: { address, repo, revision } }: Loading): HubEntry {
  return { address, repo, name: `${sha256 ?? `${revision}@${version ?? size ?? ''}`}/${path}` }
}

function totalOf(files: readonly HubFile[]): number | null {
  return files.reduce<number | null>((sum, { size }) => (sum === null || size === null ? null : sum + size), 0)
}

function tooLarge(path: string, size: number): EngineError {
  return new EngineError('hub-too-large', `${path} is larger than a browser can hold.`, { path, size })
}
