// A language model's scores of chosen tokens at chosen positions: the output head with the rows of those tokens only. A gradient from
// there never meets the vocabulary, of which a seed would have tens of thousands of zeros a position.

import { type Instrument, type Instrumented, listPorts, type Port, portInfo } from '#graph/instrument/instrument'
import { positionsPort } from '#graph/instrument/pick-positions'
import { type Graph, type GraphNode, operatorOf } from '#graph/ir/graph'
import { type GraphIndex, indexGraph } from '#graph/ir/graph-index'
import { inferElementType } from '#graph/ir/infer-type'
import { freeNames } from '#graph/ir/names'
import { Emitter } from '#graph/rewrite/emitter'
import { inferShapes } from '#graph/shapes/infer-shapes'
import { sizeOf } from '#tensor/tensor'
import { columnsOf } from './head-columns.ts'

export interface TokenScores
  extends Instrumented<{
    /** int64 [P]; null where the model has such a port already. */
    readonly positions: Port | null
    /** int64 [K] */
    readonly tokens: Port
  }> {
  /** float32 [B,P,K]: the answer at the positions for the tokens. */
  readonly scores: string
  /** Name of the port of positions, of its own or the model's. */
  readonly positions: string
}

/**
 * Appends the scores to a model of which the output head is recognised; null where the head's weight is not seen through.
 * @param plain the model's graph, with the head at all positions
 * @param answer the model's scores [B,T,V]
 * @param given the port of positions that the model has already
 */
export function tokenScores(plain: Graph, answer: string, given: string | null): Instrument<TokenScores | null> {
  return {
    name: 'token-scores',
    apply(model, { head }) {
      const { graph } = model
      if (head === null || inferShapes(plain)(head.hidden).dims?.length !== 3) return null
      const free = freeNames(graph)
      const own = given === null ? positionsPort(free('innerscope.positions')) : null
      const positions = own?.name ?? given ?? ''
      const tokens: Port = {
        name: free('innerscope.tokens'),
        elementType: 'int64',
        dims: ['innerscope_tokens_asked'],
        rest: { dims: [1], values: [0] },
      }
      const to = new Emitter(graph, model.opsets.get('') ?? 0)
      let scores: string | null = null
      const { nodes, initializers } = to.collect({ ...HEAD, name: 'scores' }, () => {
        const weight = columnsOf(head.node, tokens.name, to)
        if (weight === null) return []
        const hidden = asFloat(head.hidden, to)
        const product = to.op('MatMul', [to.op('Gather', [hidden, positions], { axis: 1 }), weight])
        const bias = operatorOf(head.node) === MATMUL_N_BITS ? (head.node.inputs[5] ?? '') : ''
        const whole = bias === '' ? product : to.op('Add', [product, chosen(bias, tokens.name, to)])
        scores = chainOf(head.node, answer, plain).reduce((value, node) => repeat(node, value, tokens.name, to), whole)
        return []
      })
      if (scores === null) return null
      const ports = { positions: own, tokens }
      const extended: Graph = {
        ...graph,
        inputs: [...graph.inputs, ...listPorts(ports).map(portInfo)],
        nodes: [...graph.nodes, ...nodes],
        initializers: [...graph.initializers, ...initializers],
      }
      const changes = ['scores are given for chosen tokens']
      return { model: { ...model, graph: extended }, ports, scores, positions, changes }
    },
  }
}

const MATMUL_N_BITS = 'com.microsoft:MatMulNBits'
const HEAD: Omit<GraphNode, 'name'> = { opType: 'Head', domain: '', inputs: [], outputs: [], attributes: new Map() }

function asFloat(value: string, to: Emitter): string {
  return to.cast(value, inferElementType(to.index.graph, value) ?? 'float32', 'float32')
}

/** The nodes between the head's product and the answer, in order. */
function chainOf(product: GraphNode, answer: string, graph: Graph): readonly GraphNode[] {
  const index = indexGraph(graph)
  const chain: GraphNode[] = []
  let value = answer
  for (let node = index.producer(value); node !== undefined && node !== product; node = index.producer(value)) {
    chain.unshift(node)
    value = node.inputs.find((input) => leadsTo(input, product, index)) ?? ''
  }
  return chain
}

/** Whether a value is made from the product; the others of the chain are constants. */
function leadsTo(value: string, product: GraphNode, index: GraphIndex): boolean {
  const node = index.producer(value)
  return node !== undefined && (node === product || node.inputs.some((input) => leadsTo(input, product, index)))
}

/** A node of the chain on the scores of the chosen tokens, in float32. */
function repeat(node: GraphNode, value: string, tokens: string, to: Emitter): string {
  const { opType, inputs } = node
  if (opType === 'Cast' || opType === 'Identity') return value
  const own = inputs.map((input) => (input === '' || to.index.initializer(input) !== undefined ? input : null))
  return to.op(
    opType,
    own.map((constant) => (constant === null ? value : constant === '' ? '' : chosen(constant, tokens, to))),
  )
}

/** The part of a constant that belongs to the chosen tokens: all where it is the same for every token. */
function chosen(constant: string, tokens: string, to: Emitter): string {
  const { dims = [] } = to.index.initializer(constant) ?? {}
  const value = asFloat(constant, to)
  return sizeOf(dims) === 1 || dims.at(-1) === 1 ? value : to.op('Gather', [value, tokens], { axis: dims.length - 1 })
}
