// Gives a decoder's file that takes no keys and values of earlier tokens inputs for them. What depends on the tokens themselves is
// computed for those that are read now; positions, masks and rotations are computed for the whole text, as the file does, and the rows of
// the tokens that are read now are cut out of them. So positions and masks need not be understood, and are right by construction; what
// must be known is that nothing but the recognised attention mixes tokens, which is proved operator by operator.

import { appendOutputs, tapOf } from '../instrument/append-outputs.ts'
import { type GraphNode, type Initializer, type Model, operatorOf, type ValueInfo } from '../ir/graph.ts'
import type { Attention } from '../recognise/attention.ts'
import { type Emitted, Emitter, END } from '../rewrite/emitter.ts'
import type { FedNumbers } from '../shapes/infer-shapes.ts'
import { type AddedCache, type CachePlan, type NoCaches, planCaches } from './plan-caches.ts'

export interface AddedCaches {
  readonly model: Model
  /** Keys and values of each layer, one row a head as they enter the products. */
  readonly caches: readonly AddedCache[]
  /** Inputs of the file, and the added ones that are fed the same for the whole text. */
  readonly wholes: ReadonlyMap<string, string>
  /** int64 [1]: tokens of the whole text. */
  readonly wholeLength: string
  /** int64 [1]: how many tokens are read now, negative: they are the last ones. */
  readonly freshFrom: string
  readonly changes: readonly string[]
}

/**
 * @param attentions every attention of the model's graph
 * @param ids name of the input that takes the ids
 * @param fedAt what the file's own inputs are fed for one row of so many tokens
 */
export function addCaches(
  model: Model,
  attentions: readonly Attention[],
  ids: string,
  fedAt: (tokens: number) => ReadonlyMap<string, FedNumbers>,
): AddedCaches | NoCaches {
  const { graph } = model
  const plan = planCaches(graph, attentions, ids, fedAt)
  if ('refused' in plan) return plan
  const { whole, caches, free } = plan
  const to: Surgeon = {
    plan,
    emitter: new Emitter(graph, model.opsets.get('') ?? 0),
    wholeLength: free('innerscope.whole_length'),
    freshFrom: free('innerscope.fresh_from'),
  }
  const initializers: Initializer[] = [...graph.initializers]
  const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
    let { inputs } = node
    const before = to.emitter.collect({ ...node, outputs: [] }, () => {
      inputs = inputsOf(node, to)
      return []
    })
    const copy = wholeOf(node, to)
    initializers.push(...before.initializers, ...copy.initializers)
    return [...before.nodes, inputs === node.inputs ? node : { ...node, inputs }, ...copy.nodes]
  })
  const wholes = graph.inputs.flatMap((input) => {
    const name = whole.get(input.name)
    return name === undefined ? [] : [{ input, name }]
  })
  const added: readonly ValueInfo[] = [
    ...[to.wholeLength, to.freshFrom].map((name): ValueInfo => ({ name, elementType: 'int64', dims: [1] })),
    ...wholes.map(({ input: { elementType, dims }, name }): ValueInfo => {
      return { name, elementType, dims: dims?.map((size) => (typeof size === 'string' ? `innerscope_whole ${size}` : size)) ?? null }
    }),
    ...caches.map(({ past, empty, axis }): ValueInfo => {
      return { name: past, elementType: 'float32', dims: empty.map((size, at) => (at === axis ? 'innerscope_past' : size)) }
    }),
  ]
  // What the file says of lengths is no longer so: a runtime that believed it would share memory between values of two lengths.
  const valueInfo = graph.valueInfo.map((info) => ({ ...info, dims: null }))
  const changed = { ...graph, nodes, initializers, valueInfo, inputs: [...graph.inputs, ...added] }
  const fresh = caches.map((cache) => cache.fresh)
  return {
    model: { ...model, graph: appendOutputs(changed, fresh) },
    caches: caches.map((cache) => ({ ...cache, fresh: tapOf(changed, cache.fresh) })),
    wholes: new Map(wholes.map(({ input, name }) => [input.name, name])),
    wholeLength: to.wholeLength,
    freshFrom: to.freshFrom,
    changes: [`keys and values of ${attentions.length} layers are joined behind those of earlier tokens`],
  }
}

interface Surgeon {
  readonly plan: CachePlan
  readonly emitter: Emitter
  readonly wholeLength: string
  readonly freshFrom: string
}

function inputsOf(node: GraphNode, to: Surgeon): readonly string[] {
  const { plan, emitter, wholeLength, freshFrom } = to
  const cache = plan.byProduct.get(node)
  if (cache !== undefined) {
    const past = emitter.cast(cache.past, 'float32', emitter.realType(cache.fresh))
    return node.inputs.map((input, place) => (place === 1 ? emitter.op('Concat', [past, input], { axis: cache.axis }) : input))
  }
  const joins = plan.joins.get(node)
  const isShaped = plan.scoreNodes.has(node) && (operatorOf(node) === 'Reshape' || operatorOf(node) === 'Expand')
  if (joins === undefined && !isShaped) return node.inputs
  return node.inputs.map((input, place) => {
    // Scores have a column for each token of the whole text, and may have one for none.
    if (isShaped && place === 1) {
      const others = plan.stream.growthOf(node.outputs[0] ?? '')?.at(-1)?.plus ?? 0
      const columns = others === 0 ? wholeLength : emitter.op('Add', [wholeLength, emitter.ints([others])])
      return emitter.op('Concat', [emitter.slice(input, 0, 0, -1), columns], { axis: 0 })
    }
    const join = joins?.get(place)
    const whole = plan.whole.get(join?.value ?? '')
    if (join === undefined || whole === undefined || join.axis === null) return whole ?? input
    return emitter.op('Slice', [whole, freshFrom, emitter.ints([END]), emitter.ints([join.axis])])
  })
}

const NOTHING: Emitted = { nodes: [], initializers: [] }

/** The node again, for the whole text, where that is needed; of shapes what they are there. */
function wholeOf(node: GraphNode, { plan, emitter, wholeLength }: Surgeon): Emitted {
  const outputs = node.outputs.map((output) => plan.whole.get(output) ?? '')
  const name = outputs.find((output) => output !== '')
  if (name === undefined) return NOTHING
  if (operatorOf(node) !== 'Shape') {
    return { nodes: [{ ...node, name, inputs: node.inputs.map((input) => plan.whole.get(input) ?? input), outputs }], initializers: [] }
  }
  return emitter.collect({ ...node, outputs }, () => {
    const [start, end] = ['start', 'end'].map((attribute) => node.attributes.get(attribute))
    const growth = plan.stream.growthOf(node.inputs[0] ?? '') ?? []
    const shown = growth.slice(start?.kind === 'int' ? Number(start.value) : 0, end?.kind === 'int' ? Number(end.value) : growth.length)
    const growing = emitter.op('Mul', [wholeLength, emitter.ints(shown.map(({ times }) => times))])
    return [emitter.op('Add', [growing, emitter.ints(shown.map(({ plus }) => plus))])]
  })
}
