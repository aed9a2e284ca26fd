// Opens the activations of every layer: each becomes keep * itself + given, of two ports that are fed. So heads and blocks are switched off
// or scaled, and what they gave in another run is put in their place (activation patching; Vig et al. 2020, Meng et al. 2022).

import { ACTIVATION_SITES, type ActivationSite } from '#catalogue/interventions'
import type { Graph, GraphNode, Initializer } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { freeNames } from '../ir/names.ts'
import { findBlocks } from '../recognise/blocks.ts'
import { type HeadValue, headValues } from '../recognise/head-values.ts'
import type { Parts } from '../recognise/parts.ts'
import { Emitter } from '../rewrite/emitter.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { type Instrument, type Instrumented, type Port, portInfo } from './instrument.ts'

/**
 * Ports of each site, one a layer, float32, [B,H,T,w] where it has heads and [B,T,d] otherwise, or what broadcasts to that; the batch must
 * be whole where heads are joined to it. `keep` rests at 1 and `given` at 0. null where a layer's activation was not recognised.
 */
export type ActivationPorts = Instrumented<{ readonly [Name in `${ActivationSite}${'Keep' | 'Given'}`]: readonly Port[] | null }>

const SITES = Object.keys(ACTIVATION_SITES) as readonly ActivationSite[]

/** An activation in the graph, and how the ports' shape becomes its own. */
type Place =
  | { readonly kind: 'by-token'; readonly value: string; readonly offsets: readonly string[]; readonly state: string }
  | { readonly kind: 'by-head'; readonly value: string; readonly found: HeadValue }

export const activations: Instrument<ActivationPorts | null> = {
  name: 'activations',
  apply(model, parts) {
    const { graph } = model
    const free = freeNames(graph)
    const places = new Map<string, { readonly place: Place; readonly keep: string; readonly given: string }>()
    const ports: Record<string, readonly Port[] | null> = {}
    for (const [site, found] of Object.entries(placesIn(graph, parts))) {
      const isOpen = found.length > 0 && found.every((place) => place !== null && !places.has(place.value))
      const portsOf = (kind: 'keep' | 'given', rest: number): readonly Port[] | null =>
        isOpen
          ? found.map((place, layer) => portOf(free(`innerscope.${site}_${kind}_${layer}`), place?.kind === 'by-head' ? 4 : 3, rest))
          : null
      const [keep, given] = [portsOf('keep', 1), portsOf('given', 0)]
      for (const [layer, place] of found.entries()) {
        const [own, other] = [keep?.[layer], given?.[layer]]
        if (place !== null && own !== undefined && other !== undefined)
          places.set(place.value, { place, keep: own.name, given: other.name })
      }
      ports[`${site}Keep`] = keep
      ports[`${site}Given`] = given
    }
    if (places.size === 0) return null
    const to = new Emitter(graph, model.opsets.get('') ?? 0)
    const initializers: Initializer[] = [...graph.initializers]
    const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
      const opened = node.outputs.filter((output) => places.has(output))
      if (opened.length === 0) return [node]
      const raw = new Map(opened.map((value) => [value, free(`${value}_raw`)]))
      const behind = opened.flatMap((value) => {
        const site = places.get(value)
        if (site === undefined) return []
        const emitted = to.collect({ ...node, name: site.keep, outputs: [value] }, () => [changed(site, raw.get(value) ?? value, to)])
        initializers.push(...emitted.initializers)
        return emitted.nodes
      })
      return [{ ...node, outputs: node.outputs.map((name) => raw.get(name) ?? name) }, ...behind]
    })
    const all = Object.values(ports).flatMap((found) => found ?? [])
    return {
      model: { ...model, graph: { ...graph, nodes, initializers, inputs: [...graph.inputs, ...all.map(portInfo)] } },
      ports: ports as ActivationPorts['ports'],
      changes: SITES.map((site) => `${site}: ${ports[`${site}Keep`]?.length ?? 0} of ${parts.attentions.length} layers`),
    }
  },
}

function portOf(name: string, rank: number, rest: number): Port {
  return { name, elementType: 'float32', dims: new Array(rank).fill(null), rest: { dims: new Array(rank).fill(1), values: [rest] } }
}

function placesIn(graph: Graph, { attentions, hiddenStates }: Parts): Readonly<Record<ActivationSite, readonly (Place | null)[]>> {
  const index = indexGraph(graph)
  const isComputed = (value: string): boolean => index.producer(value) !== undefined
  const blocks = findBlocks(graph, attentions, hiddenStates)
  const heads = attentions.map((attention) => headValues(attention, index))
  const byToken = (layer: number, value: string | undefined, offsets: readonly string[]): Place | null => {
    const state = hiddenStates[layer]
    return value === undefined || state === undefined || !isComputed(value) ? null : { kind: 'by-token', value, offsets, state }
  }
  const ofBlock = (block: 'attention' | 'mlp') =>
    blocks.map((found, layer) => byToken(layer, found[block]?.value, found[block]?.offsets ?? []))
  const ofHeads = (part: 'query' | 'key' | 'value' | 'output') =>
    heads.map((found): Place | null => {
      const own = found[part]
      return own === null || !isComputed(own.value) ? null : { kind: 'by-head', value: own.value, found: own }
    })
  return {
    residual: attentions.map((_, layer) => byToken(layer, hiddenStates[layer], [])),
    attention: ofBlock('attention'),
    mlp: ofBlock('mlp'),
    query: ofHeads('query'),
    key: ofHeads('key'),
    value: ofHeads('value'),
    head: ofHeads('output'),
  }
}

interface Site {
  readonly place: Place
  readonly keep: string
  readonly given: string
}

function changed({ place, keep, given }: Site, raw: string, to: Emitter): string {
  const { value } = place
  const type = to.realType(value)
  const [factor, other] = [to.cast(keep, 'float32', type), to.cast(given, 'float32', type)]
  if (place.kind === 'by-head') {
    const sum = to.op('Add', [to.op('Mul', [raw, inOrder(factor, place.found, to)]), inOrder(other, place.found, to)])
    // Moves nothing: it says that the lengths are the value's, which all that follows was known by.
    return to.op('Reshape', [sum, to.op('Shape', [raw])])
  }
  // Rows of all texts may be joined: they are parted as the stream's are.
  const isFlat = inferShapes(to.index.graph)(value).dims?.length === 2
  const whole = isFlat && place.state !== value ? to.op('Reshape', [raw, to.op('Shape', [place.state])]) : raw
  const sum = to.op('Add', [to.op('Mul', [whole, factor]), other])
  // Constants that are added later are part of what the block adds: at rest they cancel exactly.
  const all = place.offsets.reduce((before, offset) => to.op('Add', [before, to.op('Sub', [to.op('Mul', [offset, factor]), offset])]), sum)
  return to.op('Reshape', [all, to.op('Shape', [raw])])
}

/** [B,H,T,w] with the axes of a value; heads that are joined to the batch are joined. */
function inOrder(port: string, { order, joined }: HeadValue, to: Emitter): string {
  const perm = order.map((_, axis) => order.indexOf(axis))
  const whole = joined === null ? port : joinedToBatch(port, to)
  return perm.every((from, axis) => from === axis) ? whole : to.transpose(whole, perm)
}

function joinedToBatch(port: string, to: Emitter): string {
  const sizes = to.slice(to.op('Shape', [port]), 0, 2, 4)
  return to.op('Reshape', [port, to.op('Concat', [to.ints([-1]), sizes], { axis: 0 })])
}
