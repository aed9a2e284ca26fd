// What reads the residual stream, cut out of a model as one that runs by itself: final norm and output head of any states, the head's
// columns of chosen tokens, and what each layer's output projection makes of any heads.

import { appendOutputs, tapOf } from '#graph/instrument/append-outputs'
import { elementCodeOf } from '#graph/ir/element-type'
import { type Graph, type GraphNode, type Initializer, type Model, operatorOf, type ValueInfo } from '#graph/ir/graph'
import { indexGraph, usesOf } from '#graph/ir/graph-index'
import { inferElementType } from '#graph/ir/infer-type'
import { freeNames } from '#graph/ir/names'
import { dropUnused } from '#graph/normalise/drop-unused'
import { unpackNBits } from '#graph/normalise/unpack-n-bits'
import type { OpenedModel } from '#graph/open-model'
import { type PackedModel, packModel } from '#graph/pack-model'
import { findReadout, joinedWidth, type Projection } from '#graph/recognise/readout'
import { runPasses } from '#graph/rewrite/rewrite'
import { inferShapes } from '#graph/shapes/infer-shapes'
import { sizeOf } from '#tensor/tensor'
import { tokenScores } from './token-scores.ts'

/** As the runtime takes it, with weights of its own: the file's bytes are not held. Every input must be fed, a row of it at least. */
export interface ReadingModel extends RunnableModel {
  /** With packed weights as float32, as far as memory allows: a packed head is unpacked anew by every run. */
  unpacked(): RunnableModel
  /** Bytes of its weights. */
  readonly size: number
  /** d, components of a state. */
  readonly width: number
  readonly inputs: {
    /** float32 [1,N,d]: states as the stream ends with. */
    readonly states: string
    /** float32 [1,N,d]: the same, to be normed only; null where the norm of the stream is not what the head multiplies. */
    readonly norm: string | null
    /** The head's columns; null where they cannot be had. */
    readonly columns: {
      /** float32 [1,M,d]: what the output head multiplies. */
      readonly hidden: string
      /** int64 [M]: which of its rows. */
      readonly positions: string
      /** int64 [K]: the tokens. */
      readonly tokens: string
    } | null
    /** One a layer, float32: heads side by side, [1,N,H*hd], or [N,H*hd] where `isFlat`; null where they are not linear up to the stream. */
    readonly joinedHeads: readonly (JoinedInput | null)[]
  }
  readonly outputs: {
    /** [1,N,V]: the scores of the states. */
    readonly scores: string
    /** [1,N,d]: what was to be normed, after the final norm. */
    readonly normed: string | null
    /** [1,M,K] */
    readonly columns: string | null
    /** Of each layer, in the shape of its input with the stream's width: what is added to the stream, biases included. */
    readonly written: readonly (string | null)[]
  }
}

interface RunnableModel extends PackedModel {
  readonly isHalf: boolean
}

interface JoinedInput {
  readonly name: string
  readonly isFlat: boolean
  /** H*hd */
  readonly width: number
}

/** null where the head or the stream was not recognised, or where more than the stream goes into the head. */
export function readingModel({ model, parts, answer, buffers }: OpenedModel): ReadingModel | null {
  const readout = findReadout(model.graph, parts)
  const { head } = parts
  const width = readout === null ? null : inferShapes(model.graph)(readout.end).dims?.at(-1)
  if (readout === null || head === null || typeof width !== 'number') return null
  const surgery = new Surgery(model)
  const states = surgery.feed(readout.end, [null, null, null])
  const joined = readout.projections.map((found) => found && surgery.project(found))
  const norm = readout.isNormed ? surgery.copyBetween(readout.end, head.hidden) : null
  const cut = surgery.cut(readout.end)
  const reading = { ...model, graph: { ...cut, outputs: [] as readonly ValueInfo[] } }
  const chosen = readout.isNormed ? columnsIn(reading, parts, answer) : null
  const graph = chosen?.model.graph ?? reading.graph
  const normed = norm?.output ?? null
  const written = joined.map((found) => found?.output ?? null)
  const wanted = [answer, ...(normed === null ? [] : [normed]), ...(chosen === null ? [] : [chosen.scores]), ...written]
  const tapped = appendOutputs(
    graph,
    wanted.filter((value) => value !== null),
  )
  const only = dropUnused.run({ ...model, graph: tapped }).model
  const used = new Set(only.graph.nodes.flatMap((node) => Array.from(usesOf(node))))
  const inputs = only.graph.inputs.filter(({ name }) => used.has(name))
  const own = new Set([states, norm?.input, chosen?.hidden, chosen?.positions, chosen?.tokens, ...joined.map((found) => found?.input)])
  // Shapes or masks of the text would have to be fed, too.
  if (inputs.some(({ name }) => !own.has(name))) return null
  const copied = ownConstants({ ...only, graph: { ...only.graph, inputs, valueInfo: [] } })
  const isHalf = model.graph.initializers.some(({ elementType, dims }) => elementType === 'float16' && sizeOf(dims) > 1)
  return {
    ...packModel(copied, buffers),
    isHalf,
    unpacked: () => ({ ...packModel(runPasses(copied, [unpackNBits, dropUnused]).model, buffers), isHalf }),
    size: copied.graph.initializers.reduce((sum, { storage }) => sum + (storage.kind === 'bytes' ? storage.bytes.byteLength : 0), 0),
    width,
    inputs: {
      states,
      norm: norm?.input ?? null,
      columns: chosen && { hidden: chosen.hidden, positions: chosen.positions, tokens: chosen.tokens },
      joinedHeads: joined.map((found) => found && { name: found.input, isFlat: found.isFlat, width: found.width }),
    },
    outputs: {
      scores: tapOf(graph, answer),
      normed: normed === null ? null : tapOf(graph, normed),
      columns: chosen && tapOf(graph, chosen.scores),
      written: written.map((value) => value && tapOf(graph, value)),
    },
  }
}

/** Scores of chosen tokens, of what is fed in the place of the head's left operand. */
function columnsIn(model: Model, parts: OpenedModel['parts'], answer: string) {
  if (parts.head === null) return null
  const free = freeNames(model.graph)
  const hidden = free('innerscope.hidden')
  const info: ValueInfo = { name: hidden, elementType: 'float32', dims: [null, null, null] }
  const fed: Model = { ...model, graph: { ...model.graph, inputs: [...model.graph.inputs, info] } }
  const found = tokenScores(fed.graph, answer, null).apply(fed, { ...parts, head: { ...parts.head, hidden } })
  return found && { model: found.model, scores: found.scores, hidden, positions: found.positions, tokens: found.ports.tokens.name }
}

/** Inputs in the place of inner values, and the products behind them. */
class Surgery {
  readonly #model: Model
  readonly #free: (stem: string) => string
  readonly #inputs: ValueInfo[] = []
  readonly #nodes: GraphNode[] = []
  readonly #after: GraphNode[] = []

  constructor(model: Model) {
    this.#model = model
    this.#free = freeNames(model.graph)
  }

  /** An input of float32, cast to a value's type under a name: the value's own unless given. */
  feed(value: string, dims: ValueInfo['dims'], as = value): string {
    const name = this.#free('innerscope.fed')
    const type = inferElementType(this.#model.graph, value) ?? 'float32'
    this.#inputs.push({ name, elementType: 'float32', dims })
    const to = { kind: 'int', value: BigInt(elementCodeOf(type)) } as const
    this.#nodes.push({ name: '', opType: 'Cast', domain: '', inputs: [name], outputs: [as], attributes: new Map([['to', to]]) })
    return name
  }

  /** A copy of an output projection, with the constants that follow it. */
  project(projection: Projection) {
    const { product, joined, offsets } = projection
    const isFlat = inferShapes(this.#model.graph)(joined).dims?.length === 2
    const width = joinedWidth(projection, this.#model.graph)
    if (width === null) return null
    const heads = this.#free('innerscope.heads')
    const input = this.feed(joined, isFlat ? [null, null] : [null, null, null], heads)
    let output = this.#free('innerscope.written')
    this.#after.push(
      copyOf(
        product,
        product.inputs.map((name, at) => (at === 0 ? heads : name)),
        [output],
      ),
    )
    for (const offset of offsets) {
      const sum = this.#free('innerscope.written')
      this.#after.push({ name: '', opType: 'Add', domain: '', inputs: [output, offset], outputs: [sum], attributes: new Map() })
      output = sum
    }
    return { input, output, isFlat, width }
  }

  /** A copy of what is computed of one value up to another, with an input of its own. */
  copyBetween(from: string, to: string): { readonly input: string; readonly output: string } {
    const names = new Map([[from, this.#free('innerscope.copied')]])
    const input = this.feed(from, [null, null, null], names.get(from))
    for (const node of this.#model.graph.nodes) {
      if (names.has(to)) break
      if (!node.inputs.some((value) => names.has(value))) continue
      const plain = this.#unshaped(node)
      for (const value of node.outputs) names.set(value, this.#free('innerscope.copied'))
      const renamed = (value: string): string => names.get(value) ?? value
      this.#after.push(copyOf(plain, plain.inputs.map(renamed), plain.outputs.map(renamed)))
    }
    return { input, output: names.get(to) ?? '' }
  }

  /** The graph with the value fed: what made it is left to be dropped. */
  cut(value: string): Graph {
    const { graph } = this.#model
    const renamed = this.#free('innerscope.unread')
    const rest = graph.nodes.map((given) => {
      const node = this.#unshaped(given)
      return node.outputs.includes(value) ? { ...node, outputs: node.outputs.map((name) => (name === value ? renamed : name)) } : node
    })
    return { ...graph, inputs: [...graph.inputs, ...this.#inputs], nodes: [...this.#nodes, ...rest, ...this.#after] }
  }

  /** A reshape of [B,T,d] to [B,T,d] moves nothing, but its shape is computed from the text, which is not there. */
  #unshaped(node: GraphNode): GraphNode {
    const { graph } = this.#model
    if (operatorOf(node) !== 'Reshape' || indexGraph(graph).initializer(node.inputs[1] ?? '') !== undefined) return node
    const [before, after] = [node.inputs[0] ?? '', node.outputs[0] ?? ''].map((value) => inferShapes(graph)(value).dims)
    const [width, other] = [before?.at(-1), after?.at(-1)]
    if (before?.length !== 3 || after?.length !== 3 || typeof width !== 'number' || width !== other) return node
    return { ...node, opType: 'Identity', inputs: node.inputs.slice(0, 1), attributes: new Map() }
  }
}

/** Without its name, which another node has. */
function copyOf({ opType, domain, attributes }: GraphNode, inputs: readonly string[], outputs: readonly string[]): GraphNode {
  return { name: '', opType, domain, inputs, outputs, attributes }
}

/** Constants in memory of their own, each bytes once: the file's need not be held for them. */
function ownConstants(model: Model): Model {
  const copies = new Map<string, Uint8Array>()
  const buffers = new Map<ArrayBufferLike, number>()
  const copied = (bytes: Uint8Array): Uint8Array => {
    const home = buffers.get(bytes.buffer) ?? buffers.size
    buffers.set(bytes.buffer, home)
    const key = `${home}:${bytes.byteOffset}:${bytes.byteLength}`
    const known = copies.get(key) ?? bytes.slice()
    copies.set(key, known)
    return known
  }
  const initializers = model.graph.initializers.map((constant): Initializer => {
    const { storage } = constant
    return storage.kind === 'bytes' ? { ...constant, storage: { kind: 'bytes', bytes: copied(storage.bytes) } } : constant
  })
  return { ...model, graph: { ...model.graph, initializers } }
}
