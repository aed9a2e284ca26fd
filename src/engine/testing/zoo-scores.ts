// Queries and keys of a file of the zoo against its probabilities: where nothing but a scale and a mask stands between, the logarithms of
// a row's probabilities differ as its products of query and key do, times that scale.

import type { Tensor } from '#tensor/tensor'
import { conventionOf, parseConfig } from '../model/config.ts'
import { buildFeeds } from '../passes/feeds.ts'
import { loadRuntime } from '../runtime/session.ts'
import { prepareZooFile, readJson, rowOf, type ZooCase, type ZooFile } from './zoo.ts'

/** Below it a key is masked, or its logarithm is not exact. */
const LEAST_WEIGHT = 1e-4

/**
 * The largest difference that one scale a layer leaves over, by the largest logarithm of the layer; with the scales.
 * @throws GraphError where the file is refused
 */
export async function measureScores({ family, variant }: ZooFile): Promise<{ readonly gap: number; readonly scales: readonly number[] }> {
  const prepared = prepareZooFile(`${family}/onnx/${variant}`, { taps: new Set(['queries', 'keys']) })
  const { attentions, parts } = prepared.outputs
  const reference: { readonly cases: readonly ZooCase[] } = readJson(`${family}/reference.json`)
  const inputs = reference.cases[0]?.inputs ?? {}
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const session = await runtime.create(prepared, 'wasm')
  const names = [...attentions, ...(parts?.queries ?? []), ...(parts?.keys ?? [])].filter((name) => name !== null)
  const feeds = buildFeeds(prepared.inputs, rowOf(inputs), conventionOf(parseConfig(readJson(`${family}/config.json`))))
  const results = await session.run(feeds, Array.from(new Set(names)))
  await session.release()
  const at = (name: string | null | undefined): Tensor => results[name ?? ''] ?? { dims: [], data: new Float32Array() }
  const fits = attentions.map((name, layer) => fitScale(at(name), at(parts?.queries[layer]), at(parts?.keys[layer])))
  return { gap: Math.max(...fits.map(({ gap }) => gap)), scales: fits.map(({ scale }) => scale) }
}

/** One scale by least squares over all rows of a layer, each about its own mean. */
function fitScale(probabilities: Tensor, queries: Tensor, keys: Tensor) {
  const pairs = rowsOf(probabilities, queries, keys).flatMap(centred)
  const squares = pairs.reduce((sum, { product }) => sum + product * product, 0)
  const scale = pairs.reduce((sum, { product, log }) => sum + product * log, 0) / squares
  const largest = Math.max(...pairs.map(({ log }) => Math.abs(log)))
  return { scale, gap: Math.max(...pairs.map(({ product, log }) => Math.abs(log - scale * product))) / largest }
}

interface Pair {
  readonly product: number
  readonly log: number
}

/** Of each query: the product with every key that has weight, and the logarithm of that. */
function rowsOf({ data }: Tensor, queries: Tensor, keys: Tensor): readonly (readonly Pair[])[] {
  const [, heads = 0, tokens = 0, width = 0] = queries.dims
  const [, keyHeads = 0, from = 0] = keys.dims
  return Array.from({ length: heads * tokens }, (_, row) => {
    const keyHead = keyHeads === 1 ? 0 : Math.floor(row / tokens)
    const pairs = Array.from({ length: from }, (_place, key): Pair => {
      let product = 0
      for (let at = 0; at < width; at++) {
        product += (queries.data[row * width + at] ?? Number.NaN) * (keys.data[(keyHead * from + key) * width + at] ?? Number.NaN)
      }
      return { product, log: Math.log(data[row * from + key] ?? 0) }
    })
    return pairs.filter(({ log }) => log > Math.log(LEAST_WEIGHT))
  })
}

function centred(row: readonly Pair[]): readonly Pair[] {
  const mean = (pick: (pair: Pair) => number) => row.reduce((sum, pair) => sum + pick(pair), 0) / row.length
  const [product, log] = [mean((pair) => pair.product), mean((pair) => pair.log)]
  return row.map((pair) => ({ product: pair.product - product, log: pair.log - log }))
}
