// Where a worker's engine gets its model and its snapshot from: files of the page's own origin.

import type { EngineEnvironment } from './browser-environment.ts'
import type { EngineSources } from './engine.ts'
import { EngineError } from './error.ts'
import { type LoadedFiles, loadModelFiles } from './files/load-model-files.ts'
import { type ManifestFile, type ModelManifest, parseManifest } from './files/manifest.ts'
import { type ModelFiles, startModel } from './model.ts'
import { decodeSnapshot, SNAPSHOT_LIMIT_BYTES } from './snapshot.ts'

export function createSources(environment: EngineEnvironment): EngineSources {
  return {
    loadModel: async ({ base, runtime, backend }, { signal, progress }) => {
      const loaded = await loadModelFiles(new URL(base), { ...environment, signal, onProgress: progress })
      return startModel(modelFiles(loaded), backend, { ...environment.backend, assets: runtime }, (stage) => {
        signal.throwIfAborted()
        progress({ kind: 'stage', stage })
      })
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

/** The files of a folder in hub layout. @throws EngineError `file-missing`, `bad-config` */
function modelFiles({ manifest, files, verified, notKept }: LoadedFiles): ModelFiles {
  const bytesOf = (path: string): Uint8Array => {
    const bytes = files.get(path)
    if (!bytes) throw new EngineError('file-missing', `The model folder has no ${path}.`, { path })
    return bytes
  }
  const json = (path: string): unknown => {
    try {
      return JSON.parse(new TextDecoder().decode(bytesOf(path)))
    } catch (error) {
      if (error instanceof EngineError) throw error
      throw new EngineError('bad-config', `${path} is not JSON.`, { file: path })
    }
  }
  const graph = onnxFile(manifest)
  return {
    name: manifest.name,
    fingerprint: graph.sha256,
    onnx: bytesOf(graph.path),
    config: json('config.json'),
    tokenizer: json('tokenizer.json'),
    tokenizerConfig: json('tokenizer_config.json'),
    checked: verified ? 'hash' : 'size',
    kept: notKept ?? 'yes',
  }
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
