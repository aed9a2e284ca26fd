// What is inside the layers of the zoo's files, against what the numbers must satisfy among themselves: no reference is needed.

import type { PartName, PartOutputs } from '#graph/instrument/expose-parts'
import { numbersOf } from '#graph/ir/constant'
import { type Graph, intAttribute, operatorOf } from '#graph/ir/graph'
import { indexGraph } from '#graph/ir/graph-index'
import { type OpenedModel, openModel } from '#graph/open-model'
import { instrumentModel } from '#graph/prepare'
import { findHead } from '#graph/recognise/output-head'
import type { Tensor } from '#tensor/tensor'
import { conventionOf, parseConfig } from '../model/config.ts'
import { buildFeeds } from '../passes/feeds.ts'
import { loadRuntime } from '../runtime/session.ts'
import { relativeGap } from './relative-gap.ts'
import { readJson, readZooFile, rowOf, type ZooCase, type ZooFile } from './zoo.ts'

/** Parts that are defined by themselves; what reads the stream is made of them. */
type InnerPart = Exclude<PartName, 'joinedHeads' | 'streamEnd'>

export const PART_NAMES: readonly InnerPart[] = [
  'queries',
  'keys',
  'values',
  'headOutputs',
  'attentionOutputs',
  'mlpOutputs',
  'middles',
  'finalNorm',
]

/** Largest differences that count as agreement, by the largest number compared. */
export const PARTS_TOLERANCE = { float32: 1e-4, float16: 2e-3 } as const

/** Largest differences, each by the largest number compared; null where a file has nothing to compare. */
export interface PartGaps {
  /** Probabilities x values from the outputs of the heads. */
  readonly heads: number | null
  /** Heads joined and multiplied by the weight that follows, from what the attention adds, but for a bias. */
  readonly projected: number | null
  /** A state and what the blocks add from the next one, which may be a norm of it. */
  readonly stream: number | null
  /** Final norm x weight from the logits, but for a bias. */
  readonly head: number | null
}

export interface PartResult {
  /** Layers in which a part was found; 1 for the final norm. */
  readonly found: Readonly<Record<InnerPart, number>>
  readonly layers: number
  /** Whether norms stand on the stream itself, between a sum and the next block. */
  readonly normed: boolean
  readonly gaps: PartGaps
}

/** A matrix: rows of numbers. */
interface Matrix {
  readonly columns: number
  readonly data: ArrayLike<number>
}

/** Taps all that is inside a file's layers and runs one case of its family. @throws GraphError */
export async function measureZooParts({ family, variant }: ZooFile): Promise<PartResult> {
  const { bytes, external } = readZooFile(`${family}/onnx/${variant}`)
  const opened = openModel(bytes, { external })
  const prepared = instrumentModel(opened, { taps: new Set(PART_NAMES) })
  const { parts, logits, attentions, hiddenStates } = prepared.outputs
  if (parts === undefined) throw new Error('nothing was tapped')
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const session = await runtime.create(prepared, 'wasm')
  const layout = conventionOf(parseConfig(readJson(`${family}/config.json`)))
  const reference: { readonly cases: readonly ZooCase[] } = readJson(`${family}/reference.json`)
  const [first] = reference.cases
  if (first === undefined) throw new Error('no case')
  const names = [logits, ...attentions, ...hiddenStates, ...Object.values(parts).flat()].filter((name) => name !== null)
  const results = await session.run(buildFeeds(prepared.inputs, rowOf(first.inputs), layout), Array.from(new Set(names)))
  await session.release()
  const at = (name: string | null | undefined): Tensor | null => (name ? (results[name] ?? null) : null)
  const layers = attentions.map((name, layer) => ({
    probabilities: at(name),
    values: at(parts.values[layer]),
    heads: at(parts.headOutputs[layer]),
    attention: at(parts.attentionOutputs[layer]),
    mlp: at(parts.mlpOutputs[layer]),
    middle: at(parts.middles[layer]),
    before: at(hiddenStates[layer]),
    after: at(hiddenStates[layer + 1]),
    weight: projectionOf(opened, layer),
  }))
  const streams = layers.map(streamOf)
  return {
    found: countFound(parts),
    layers: attentions.length,
    normed: streams.slice(0, -1).some((stream) => stream?.normed === true),
    gaps: {
      heads: most(layers.map(headsGap)),
      projected: most(layers.map(({ heads, attention, weight }) => projectedGap(heads && joinHeads(heads), weight, attention))),
      stream: most(streams.map((stream) => stream?.gap ?? null)),
      head: projectedGap(at(parts.finalNorm), headWeight(opened), at(logits)),
    },
  }
}

function countFound(parts: PartOutputs): Readonly<Record<InnerPart, number>> {
  const count = (names: readonly (string | null)[]) => names.filter((name) => name !== null).length
  const { queries, keys, values, headOutputs, attentionOutputs, mlpOutputs, middles, finalNorm } = parts
  return {
    queries: count(queries),
    keys: count(keys),
    values: count(values),
    headOutputs: count(headOutputs),
    attentionOutputs: count(attentionOutputs),
    mlpOutputs: count(mlpOutputs),
    middles: count(middles),
    finalNorm: count([finalNorm]),
  }
}

function most(gaps: readonly (number | null)[]): number | null {
  const known = gaps.filter((gap) => gap !== null)
  return known.length === 0 ? null : Math.max(...known)
}

interface Layer {
  readonly probabilities: Tensor | null
  readonly values: Tensor | null
  readonly heads: Tensor | null
  readonly attention: Tensor | null
  readonly mlp: Tensor | null
  readonly middle: Tensor | null
  readonly before: Tensor | null
  readonly after: Tensor | null
}

/** Probabilities [1,H,T,S] x values [1,H or 1,S,hd] against [1,H,T,hd]. */
function headsGap({ probabilities, values, heads }: Layer): number | null {
  if (probabilities === null || values === null || heads === null) return null
  const [, count = 0, tokens = 0, width = 0] = heads.dims
  const keys = values.dims[2] ?? 0
  const copies = values.dims[1] === 1 ? 0 : 1
  const expected = new Float64Array(heads.data.length)
  for (let head = 0; head < count; head++)
    for (let row = 0; row < tokens; row++)
      for (let key = 0; key < keys; key++) {
        const weight = probabilities.data[(head * tokens + row) * keys + key] ?? Number.NaN
        for (let at = 0; at < width; at++) {
          const value = values.data[(head * copies * keys + key) * width + at] ?? Number.NaN
          expected[(head * tokens + row) * width + at] = (expected[(head * tokens + row) * width + at] ?? 0) + weight * value
        }
      }
  return relativeGap(heads.data, expected)
}

/** [1,H,T,hd] as [T,H*hd]. */
function joinHeads({ dims, data }: Tensor): Tensor {
  const [, heads = 0, tokens = 0, width = 0] = dims
  const joined = new Float32Array(data.length)
  for (let head = 0; head < heads; head++)
    for (let row = 0; row < tokens; row++)
      for (let at = 0; at < width; at++) joined[(row * heads + head) * width + at] = data[(head * tokens + row) * width + at] ?? Number.NaN
  return { dims: [tokens, heads * width], data: joined }
}

/** Whether `result` is the product but for a row that is the same for all tokens. */
function projectedGap(rows: Tensor | null, weight: Matrix | null, result: Tensor | null): number | null {
  if (rows === null || weight === null || result === null) return null
  const inner = rows.dims.at(-1) ?? 0
  const { columns } = weight
  const differences = Float64Array.from(result.data, (wanted, at) => {
    const row = Math.floor(at / columns)
    let sum = 0
    for (let k = 0; k < inner; k++)
      sum += (rows.data[row * inner + k] ?? Number.NaN) * (weight.data[k * columns + (at % columns)] ?? Number.NaN)
    return wanted - sum
  })
  const largest = result.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const gap = differences.reduce((most, value, at) => Math.max(most, Math.abs(value - (differences[at % columns] ?? Number.NaN))), 0)
  return gap / largest
}

/** The weight that the joined heads of a layer are multiplied by; null where it is not one float32 constant. */
function projectionOf({ model: { graph }, parts }: OpenedModel, layer: number): Matrix | null {
  const index = indexGraph(graph)
  let value = parts.attentions[layer]?.context.outputs[0] ?? ''
  for (;;) {
    const user = index.consumers(value).find((node) => node.inputs[0] === value && operatorOf(node) !== 'Shape')
    if (user === undefined) return null
    const operator = operatorOf(user)
    if (operator === 'MatMul' || operator === 'Gemm') return matrixOf(user.inputs[1] ?? '', graph, intAttribute(user, 'transB', 0) !== 0)
    if (operator !== 'Transpose' && operator !== 'Reshape') return null
    value = user.outputs[0] ?? ''
  }
}

function headWeight({ model: { graph }, answer }: OpenedModel): Matrix | null {
  const head = findHead(graph, answer)
  return head === null || operatorOf(head.node) !== 'MatMul' ? null : matrixOf(head.node.inputs[1] ?? '', graph, false)
}

function matrixOf(value: string, graph: Graph, transposed: boolean): Matrix | null {
  const index = indexGraph(graph)
  const producer = index.producer(value)
  if (producer !== undefined && operatorOf(producer) === 'Transpose') return matrixOf(producer.inputs[0] ?? '', graph, !transposed)
  const constant = index.initializer(value)
  const numbers = constant?.elementType === 'float32' && constant.dims.length === 2 ? numbersOf(constant) : null
  if (constant === undefined || numbers === null) return null
  const [rows = 0, columns = 0] = constant.dims
  if (!transposed) return { columns, data: numbers }
  const turned = Float32Array.from(
    { length: rows * columns },
    (_, at) => numbers[(at % rows) * columns + Math.floor(at / rows)] ?? Number.NaN,
  )
  return { columns: rows, data: turned }
}

/** How far the sums of a layer are from the states they lead to. */
function streamOf({ before, attention, mlp, middle, after }: Layer): { readonly gap: number; readonly normed: boolean } | null {
  if (before === null || attention === null || mlp === null || after === null) return null
  const added = plus(before, attention)
  const first = middle === null ? { gap: 0, normed: false } : leadsTo(added, middle)
  const second = leadsTo(plus(middle ?? added, mlp), after)
  return { gap: Math.max(first.gap, second.gap), normed: first.normed || second.normed }
}

function plus(left: Tensor, right: Tensor): Tensor {
  return { dims: left.dims, data: left.data.map((value, at) => value + (right.data[at] ?? Number.NaN)) }
}

/** Whether a sum is a state, or a norm of it with any gain and shift is. */
function leadsTo(sum: Tensor, state: Tensor): { readonly gap: number; readonly normed: boolean } {
  const plain = relativeGap(sum.data, state.data)
  const norms = [true, false].map((centred) => affineGap(normalised(sum, centred), state))
  const normed = Math.min(...norms)
  return plain <= normed ? { gap: plain, normed: false } : { gap: normed, normed: true }
}

/** Every row divided by its root mean square, less its mean before where `centred`. */
function normalised({ dims, data }: Tensor, centred: boolean): Tensor {
  const width = dims.at(-1) ?? 0
  const result = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += width) {
    const row = data.subarray(start, start + width)
    const mean = centred ? row.reduce((sum, value) => sum + value, 0) / width : 0
    const size = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width)
    row.forEach((value, at) => {
      result[start + at] = (value - mean) / size
    })
  }
  return { dims, data: result }
}

/** What is left of `wanted` after the best gain and shift for every column: least squares over the tokens. */
function affineGap({ dims, data }: Tensor, wanted: Tensor): number {
  const width = dims.at(-1) ?? 0
  const rows = data.length / width
  const fitted = new Float64Array(data.length)
  for (let column = 0; column < width; column++) {
    const places = Array.from({ length: rows }, (_, row) => row * width + column)
    const mean = (values: Float32Array) => places.reduce((sum, at) => sum + (values[at] ?? Number.NaN), 0) / rows
    const [x, y] = [mean(data), mean(wanted.data)]
    let [both, square] = [0, 0]
    for (const at of places) {
      both += ((data[at] ?? 0) - x) * ((wanted.data[at] ?? 0) - y)
      square += ((data[at] ?? 0) - x) ** 2
    }
    for (const at of places) fitted[at] = y + (both / square) * ((data[at] ?? 0) - x)
  }
  return relativeGap(fitted, wanted.data)
}
