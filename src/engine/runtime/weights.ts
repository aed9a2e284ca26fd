// Whether weights of few bits are unpacked when a model is loaded: on WASM products with float32 weights take a fraction of the time,
// for several times the memory.

import type { Backend, WeightForm, WeightReport } from '#protocol/model-api'

export interface WeightSizes {
  /** Bytes of the weights as the file has them, and as float32. */
  readonly packed: number
  readonly unpacked: number
}

/** The WASM heap ends at 4 GiB, and while a model starts its weights are there twice: in the page's memory and in the heap. */
const MAX_UNPACKED_BYTES = 1.5 * 2 ** 30
/** Where the browser does not say how much memory there is. */
const UNKNOWN_DEVICE_BYTES = 4 * 2 ** 30
/** Weights may take this share of the device's memory, counted twice. */
const SHARE_OF_DEVICE = 0.5

/**
 * The form that serves a backend best within the device's memory, or the one that the reader wants.
 * @param deviceBytes of memory, null where the browser does not say
 */
export function chooseWeights(sizes: WeightSizes, backend: Backend, wanted: WeightForm | 'auto', deviceBytes: number | null): WeightReport {
  const { packed, unpacked } = sizes
  const report = (form: WeightForm, reason: WeightReport['reason']): WeightReport => ({
    form,
    reason,
    bytes: form === 'packed' ? packed : unpacked,
    unpackedBytes: unpacked,
  })
  if (unpacked <= packed) return report('packed', 'as-file')
  if (wanted === 'packed') return report('packed', 'chosen-by-reader')
  if (unpacked > MAX_UNPACKED_BYTES) return report('packed', 'too-large')
  if (wanted === 'float32') return report('float32', 'chosen-by-reader')
  if (backend === 'webgpu') return report('packed', 'webgpu')
  const room = SHARE_OF_DEVICE * (deviceBytes ?? UNKNOWN_DEVICE_BYTES)
  return 2 * unpacked > room ? report('packed', 'little-memory') : report('float32', 'faster-on-wasm')
}
