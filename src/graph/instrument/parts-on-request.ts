// What is inside the layers, given when it is asked for: what every block and every head adds to the residual stream, and queries, keys,
// values and scores of one layer's heads. The nodes that bring it into shape are in If branches: other runs do without.

import type { Graph } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { type FreeName, freeNames } from '../ir/names.ts'
import type { Attention } from '../recognise/attention.ts'
import type { Parts } from '../recognise/parts.ts'
import { findProjections, joinedWidth, type Projection } from '../recognise/readout.ts'
import { type AfterProduct, type ScalarFactor, scoreForm } from '../recognise/score-form.ts'
import { inferShapes } from '../shapes/infer-shapes.ts'
import { type PlannedParts, planParts } from './expose-parts.ts'
import { type Instrument, type Instrumented, type Port, portInfo } from './instrument.ts'
import { positionsPort } from './pick-positions.ts'
import { TapBranch } from './tap-branch.ts'

/** Names in the graph's outputs, float32; empty where they were not asked for, null where they were not recognised. */
export interface BlockTaps {
  /** What the attention adds to the stream, [B,T,d]. */
  readonly attention: string | null
  /** What the MLP adds, [B,T,d]. */
  readonly mlp: string | null
  /** What the output projection makes at the asked position of every head by itself, and last of none, which is its bias: [1,H+1,d]. */
  readonly written: string | null
}

/** A number by which scores come from q.k: the output that gives it, and whether it divides. */
export interface FactorTap {
  readonly name: string
  readonly divides: boolean
}

/** As `BlockTaps`. */
export interface HeadTaps {
  /** As they enter the products (scaled, rotated ...), [B,H,T,hd]; keys and values [B,H,S,hd], or [B,1,S,hd] where heads share one. */
  readonly query: string | null
  readonly key: string | null
  readonly value: string | null
  /** Probabilities x values, [B,H,T,hd]. */
  readonly output: string | null
  /** What the softmax gets, [B,H,T,S] or [B*H,T,S]; S + 1 where a sink that is no token takes its share. */
  readonly scores: string | null
  /** As in `ScoreForm`. */
  readonly after: AfterProduct<FactorTap> | null
  readonly before: { readonly query: readonly FactorTap[]; readonly key: readonly FactorTap[] }
}

export interface PartTaps {
  /** bool [1]: whether the blocks' taps are given. */
  readonly blockPort: Port
  /** int64 [1]: where heads are projected by themselves. */
  readonly position: Port
  /** bool [1], one a layer: whether the heads' taps of the layer are given. */
  readonly headPorts: readonly Port[]
  readonly blocks: readonly BlockTaps[]
  readonly heads: readonly HeadTaps[]
}

export interface PartsOnRequest extends Instrumented<Record<'blocks' | 'position', Port> & { readonly heads: readonly Port[] }> {
  readonly taps: PartTaps
}

/** @param source the graph that the parts were recognised in @param answer the scores that the output head is looked for behind */
export function partsOnRequest(source: Graph, answer: string): Instrument<PartsOnRequest | null> {
  return {
    name: 'parts-on-request',
    apply(model, parts) {
      if (parts.attentions.length === 0) return null
      const free = freeNames(model.graph)
      const plan = planParts(source, parts, answer, new Set(PARTS), free)
      const position = positionsPort(free('innerscope.written_at'))
      const fed = { ...model, graph: { ...model.graph, inputs: [...model.graph.inputs, portInfo(position)] } }
      const block = blockBranch(source, parts, plan, position.name, free)
      const opened = block.branch.added(fed, parts, 'innerscope.blocks')
      const blocks = block.taps.map(({ attention, mlp, written }) => {
        return { attention: opened.nameOf(attention), mlp: opened.nameOf(mlp), written: opened.nameOf(written) }
      })
      let now = opened.model
      const heads = parts.attentions.map((attention) => {
        const { branch, taps } = headBranch(source, attention, plan, free)
        const { model: changed, condition, nameOf } = branch.added(now, parts, `innerscope.heads_${attention.layer}`)
        now = changed
        return { condition, taps: namedBy(taps, nameOf) }
      })
      const ports = { blocks: opened.condition, position, heads: heads.map(({ condition }) => condition) }
      return {
        model: now,
        ports,
        taps: { blockPort: ports.blocks, position, headPorts: ports.heads, blocks, heads: heads.map(({ taps }) => taps) },
        changes: [...plan.changes, `each head's own: ${blocks.filter(({ written }) => written !== null).length} of ${blocks.length}`],
      }
    },
  }
}

const PARTS = ['queries', 'keys', 'values', 'headOutputs', 'attentionOutputs', 'mlpOutputs'] as const

/** Names as the branch gives them. */
type NameOf = (value: string | null) => string | null

function blockBranch(source: Graph, parts: Parts, { values, nodes, constants }: PlannedParts, position: string, free: FreeName) {
  // All constants of the plan come into the graph with the first branch.
  const branch = new TapBranch(source, nodes, constants, free)
  const projections = findProjections(source, parts)
  const taps = parts.attentions.map((attention, layer): BlockTaps => {
    const projection = projections[layer] ?? null
    const heads = headsOf(source, attention)
    return {
      attention: branch.give(values.attentionOutputs[layer] ?? null),
      mlp: branch.give(values.mlpOutputs[layer] ?? null),
      written: projection === null || heads === null ? null : projectHeads(branch, source, projection, heads, position),
    }
  })
  return { branch, taps }
}

function headBranch(source: Graph, attention: Attention, { values, nodes }: PlannedParts, free: FreeName) {
  const branch = new TapBranch(source, nodes, [], free)
  const { layer } = attention
  const form = scoreForm(attention, indexGraph(source))
  const factors = (found: readonly ScalarFactor[]): readonly FactorTap[] => {
    return found.map(({ value, divides }) => ({ name: branch.give(value) ?? '', divides }))
  }
  const taps: HeadTaps = {
    query: branch.give(values.queries[layer] ?? null),
    key: branch.give(values.keys[layer] ?? null),
    value: branch.give(values.values[layer] ?? null),
    output: branch.give(values.headOutputs[layer] ?? null),
    scores: branch.give(attention.softmax.inputs[0] ?? null),
    after: form.after && {
      alpha: form.after.alpha,
      factors: factors(form.after.factors),
      cap: form.after.cap && { alpha: form.after.cap.alpha, factors: factors(form.after.cap.factors) },
    },
    before: { query: factors(form.query), key: factors(form.key) },
  }
  return { branch, taps }
}

function namedBy({ query, key, value, output, scores, after, before }: HeadTaps, nameOf: NameOf): HeadTaps {
  const named = (taps: readonly FactorTap[]): readonly FactorTap[] => taps.map((tap) => ({ ...tap, name: nameOf(tap.name) ?? '' }))
  return {
    query: nameOf(query),
    key: nameOf(key),
    value: nameOf(value),
    output: nameOf(output),
    scores: nameOf(scores),
    after: after && {
      alpha: after.alpha,
      factors: named(after.factors),
      cap: after.cap && { alpha: after.cap.alpha, factors: named(after.cap.factors) },
    },
    before: { query: named(before.query), key: named(before.key) },
  }
}

/**
 * Every head by itself through the output projection: rows in which the others are zero, and one in which all are. null where heads are not
 * of one size, or where the graph does not tell how wide they are.
 */
function projectHeads(branch: TapBranch, source: Graph, projection: Projection, heads: number, position: string): string | null {
  const { product, joined, offsets } = projection
  const rank = inferShapes(source)(joined).dims?.length
  const width = joinedWidth(projection, source)
  const type = inferElementType(source, joined)
  if ((rank !== 2 && rank !== 3) || width === null || width % heads !== 0 || type === null) return null
  const size = width / heads
  const own = Float32Array.from({ length: (heads + 1) * width }, (_, at) =>
    Number(Math.floor((at % width) / size) === Math.floor(at / width)),
  )
  const mask = branch.constant(rank === 2 ? [heads + 1, width] : [heads + 1, 1, width], own, type)
  const axis = (value: bigint) => new Map([['axis', { kind: 'int', value } as const]])
  // Of a file that states several sequences the first one is the reader's; where rows of all are joined, its rows come first.
  const sequence = rank === 2 ? joined : branch.op('Gather', [joined, branch.indexes([0])], axis(0n))
  const row = branch.op('Gather', [sequence, position], axis(rank === 2 ? 0n : 1n))
  const written = branch.copy(product, [branch.op('Mul', [row, mask]), ...product.inputs.slice(1)])
  const whole = offsets.reduce((sum, offset) => branch.op('Add', [sum, offset]), written)
  // An axis of one sequence first, as everything else has it.
  if (rank === 3) return branch.give(branch.op('Transpose', [whole], new Map([['perm', { kind: 'ints', value: [1n, 0n, 2n] }]])))
  return branch.give(branch.op('Reshape', [whole, branch.indexes([1, heads + 1, -1])]))
}

/** null where the graph does not tell. */
function headsOf(source: Graph, { heads, value, query }: Attention): number | null {
  const count = heads ?? [query, value].map((name) => inferShapes(source)(name).dims).find((dims) => dims?.length === 4)?.[1]
  return typeof count === 'number' ? count : null
}
