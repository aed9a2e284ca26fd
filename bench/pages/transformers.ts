// transformers.js with the site's own files and runtime, on WASM with one thread.

import { env } from '@huggingface/transformers'
import { RUNTIME } from './places.ts'

/** @param folder of a model: its parent is where the library looks */
export function takeSiteFiles(folder: URL): void {
  env.allowRemoteModels = false
  env.allowLocalModels = true
  // A path, not an address: the library looks for some of the files only there.
  env.localModelPath = new URL('../', folder).pathname
  env.useBrowserCache = false
  const { wasm } = env.backends.onnx
  if (!wasm) throw new Error('transformers.js has no WASM runtime')
  wasm.wasmPaths = RUNTIME
  wasm.numThreads = 1
}
