// Where a worker's engine gets its model and its snapshot from: a folder of the page's own origin, or files that the page hands over.

import type { LoadProgress, ModelSource } from '#protocol/model-api'
import { EngineError } from '../error.ts'
import { sha256Digest } from '../files/digest.ts'
import { loadModelFiles } from '../files/load-model-files.ts'
import { type ManifestFile, type ModelManifest, parseManifest } from '../files/manifest.ts'
import type { EngineEnvironment } from '../runtime/browser-environment.ts'
import { modelFilesIn } from './hub-layout.ts'
import type { ModelFiles } from './model.ts'
import type { EngineSources } from './model-slot.ts'
import { decodeSnapshot, SNAPSHOT_LIMIT_BYTES } from './snapshot.ts'

export function createSources(environment: EngineEnvironment): EngineSources {
  return {
    loadModel: async ({ source, runtime, backend, weights, gradients }, { signal, progress }) => {
      // The snapshot is answered without the code that rewrites graphs.
      const [files, { startModel }] = await Promise.all([readFiles(source, environment, signal, progress), loadingCode()])
      return startModel(
        files,
        { backend, weights, ...(gradients ? { gradients } : {}) },
        { ...environment.backend, assets: runtime },
        (stage) => {
          signal.throwIfAborted()
          progress({ kind: 'stage', stage })
        },
      )
    },
    loadSnapshot: async (address, base, signal) => {
      const [snapshot, manifest] = await Promise.all([
        environment.fetch(address, { signal }),
        environment
          .fetch(new URL('manifest.json', base), { signal })
          .then(fingerprintIn)
          .catch(() => null),
      ])
      const length = Number(snapshot.headers.get('content-length') ?? 0)
      if (!snapshot.ok || length > SNAPSHOT_LIMIT_BYTES) {
        throw new EngineError('snapshot-refused', 'There is no snapshot.', { reason: 'missing' })
      }
      return decodeSnapshot(new Uint8Array(await snapshot.arrayBuffer()), manifest)
    },
  }
}

function readFiles(
  source: ModelSource,
  environment: EngineEnvironment,
  signal: AbortSignal,
  progress: (part: LoadProgress) => void,
): Promise<ModelFiles> {
  return source.kind === 'folder' ? readFolder(source.base, environment, signal, progress) : readBlobs(source, signal, progress)
}

async function readFolder(
  base: string,
  environment: EngineEnvironment,
  signal: AbortSignal,
  onProgress: (part: LoadProgress) => void,
): Promise<ModelFiles> {
  const { manifest, files, verified, notKept } = await loadModelFiles(new URL(base), { ...environment, signal, onProgress })
  const graph = onnxFile(manifest)
  return modelFilesIn(files, {
    name: manifest.name,
    fingerprint: graph.sha256,
    file: graph.path,
    license: manifest.license ?? null,
    checked: verified ? 'hash' : 'size',
    kept: notKept ?? 'yes',
  })
}

/** A blob may be a file that was moved since it was chosen. @throws EngineError `file-unreadable` */
async function readBlobs(
  { name, files, onnx, checked, kept, license }: ModelSource & { readonly kind: 'files' },
  signal: AbortSignal,
  progress: (part: LoadProgress) => void,
): Promise<ModelFiles> {
  progress({ kind: 'stage', stage: 'read' })
  const read = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { path, blob } of files) {
    signal.throwIfAborted()
    try {
      read.set(path, new Uint8Array(await blob.arrayBuffer()))
    } catch {
      throw new EngineError('file-unreadable', `${path} cannot be read any more.`, { path })
    }
  }
  const graph = read.get(onnx)
  const digest = sha256Digest()
  const fingerprint = graph && digest ? await digest(graph) : `${name}/${onnx}`
  return modelFilesIn(read, { name, fingerprint, file: onnx, license, checked, kept })
}

function onnxFile(manifest: ModelManifest): ManifestFile {
  const file = manifest.files.find(({ path }) => path.endsWith('.onnx'))
  if (!file) throw new EngineError('file-missing', 'The model folder has no ONNX file.', { path: '*.onnx' })
  return file
}

/** @throws EngineError where the manifest is unreadable or names no model */
async function fingerprintIn(response: Response): Promise<string | null> {
  return response.ok ? onnxFile(parseManifest(await response.text())).sha256 : null
}

/** The code that starts models; the tokenizer library comes at the same time. A failure is told when a tokenizer is made. */
function loadingCode(): Promise<typeof import('./model.ts')> {
  void import('../text/rust-tokenizer.ts').then(({ prepareTokenizers }) => prepareTokenizers()).catch(() => {})
  return import('./model.ts')
}
