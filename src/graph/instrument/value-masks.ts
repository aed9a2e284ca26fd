// Multiplies each token's value vectors, as they enter an attention's product with the probabilities, by a number that is fed: 0 takes the
// token out of what the layer mixes and leaves the probabilities as they are (Mohebbi et al., "Quantifying Context Mixing in Transformers",
// 2023, section 3).

import { elementAt } from '#tensor/vector'
import type { GraphNode, Initializer, Model } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { freeNames } from '../ir/names.ts'
import { type HeadValue, headValues } from '../recognise/head-values.ts'
import { Emitter } from '../rewrite/emitter.ts'
import { type Instrument, type Instrumented, type Port, portInfo } from './instrument.ts'

export type ValueMasks = Instrumented<{
  /** One a layer, float32 [B,T]: the factor on the value vectors of each token, the same for all heads. Ones at rest. */
  readonly layers: readonly Port[]
}>

/** null where the graph does not tell the axes of the values of every layer. */
export const valueMasks: Instrument<ValueMasks | null> = {
  name: 'value-masks',
  apply(model, { attentions }) {
    const index = indexGraph(model.graph)
    const values = attentions.map((attention) => headValues(attention, index).value).filter((value) => value !== null && isMaskable(value))
    if (attentions.length === 0 || values.length < attentions.length) return null
    const free = freeNames(model.graph)
    const layers = attentions.map(({ layer }): Port => {
      const name = free(`innerscope.value_mask_${layer}`)
      return { name, elementType: 'float32', dims: ['innerscope_batch', 'innerscope_tokens'], rest: { dims: [1, 1], values: [1] } }
    })
    const places = attentions.flatMap(({ context }, layer) => {
      const [value, mask] = [values[layer], layers[layer]]
      return value == null || mask === undefined ? [] : [{ output: context.outputs[0] ?? '', value, mask: mask.name }]
    })
    const graph = { ...model.graph, inputs: [...model.graph.inputs, ...layers.map(portInfo)] }
    const changes = [`the value vectors of ${layers.length} layers are multiplied by a mask`]
    return { model: maskValues({ ...model, graph }, places), ports: { layers }, changes }
  },
}

interface MaskedValue {
  /** Output of the product that takes the value as its right operand. */
  readonly output: string
  readonly value: HeadValue
  readonly mask: string
}

/** Heads that are joined to the batch are parted there. */
function isMaskable({ order, joined }: HeadValue): boolean {
  return joined === null ? elementAt(order, 0) < elementAt(order, 2) : order[0] === 0
}

function maskValues(model: Model, places: readonly MaskedValue[]): Model {
  const { graph } = model
  const to = new Emitter(graph, model.opsets.get('') ?? 0)
  const byOutput = new Map(places.map((place) => [place.output, place]))
  const initializers: Initializer[] = [...graph.initializers]
  const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
    const place = byOutput.get(node.outputs[0] ?? '')
    if (place === undefined) return [node]
    let masked = place.value.value
    const emitted = to.collect({ ...node, name: place.mask }, () => {
      masked = masking(place, to)
      return []
    })
    initializers.push(...emitted.initializers)
    return [...emitted.nodes, { ...node, inputs: node.inputs.map((input, at) => (at === 1 ? masked : input)) }]
  })
  return { ...model, graph: { ...graph, nodes, initializers } }
}

function masking({ value: { value, order, joined }, mask }: MaskedValue, to: Emitter): string {
  const factor = to.cast(mask, 'float32', to.realType(value))
  // Moves nothing: it says that the lengths are the value's, which all that follows was known by.
  const like = (product: string): string => to.op('Reshape', [product, to.op('Shape', [value])])
  const [, second = 0, , fourth = 0] = order
  if (joined === null) {
    const others = [second, fourth].toSorted((left, right) => left - right)
    return like(to.op('Mul', [value, to.unsqueeze(factor, others)]))
  }
  // [B*H,T,hd] as [B,H,T,hd]; the tokens are the second or the third axis.
  const parted = to.reshape(to.unsqueeze(value, [1]), [-1, joined, 0, 0])
  return like(to.op('Mul', [parted, to.unsqueeze(factor, second === 1 ? [1, 3] : [1, 2])]))
}
