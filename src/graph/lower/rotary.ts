// Rotary position embedding (Su et al., "RoFormer", 2021): pairs of a head's elements are turned by an angle that grows with the place.

import { type GraphNode, intAttribute } from '../ir/graph.ts'
import { type Emitter, END } from '../rewrite/emitter.ts'
import { inputOf, type Lowerings, optionalInput } from './lowering.ts'
import { countTo } from './masks.ts'

export interface Rotation {
  /** Cosines and sines, [B or 1,T,r/2], of the input's type. */
  readonly cos: string
  readonly sin: string
  /** Pairs are neighbours (GPT-J) instead of halves of the head (GPT-NeoX). */
  readonly interleaved: boolean
  /** Elements of a head that turn, the first ones; null for all. */
  readonly turning: number | null
}

/** x [B,T,N,H] (headAxis 2) or [B,N,T,H] (headAxis 1) -> the same turned: x cos + turned-by-90-degrees(x) sin. */
export function rotate(x: string, headAxis: 1 | 2, { cos, sin, interleaved, turning }: Rotation, to: Emitter): string {
  if (turning !== null) {
    const turned = rotate(to.slice(x, 3, 0, turning), headAxis, { cos, sin, interleaved, turning: null }, to)
    return to.op('Concat', [turned, to.slice(x, 3, turning, END)], { axis: -1 })
  }
  const straight = to.op('Mul', [x, perPair(cos, headAxis, interleaved, to)])
  return to.op('Add', [straight, to.op('Mul', [quarterTurn(x, interleaved, to), perPair(sin, headAxis, interleaved, to)])])
}

/** (a, b) -> (-b, a) for each pair. */
function quarterTurn(x: string, interleaved: boolean, to: Emitter): string {
  const pairAxis = interleaved ? 4 : 3
  const pairs = to.reshape(x, interleaved ? [0, 0, 0, -1, 2] : [0, 0, 0, 2, -1])
  const turned = to.op('Concat', [to.op('Neg', [to.slice(pairs, pairAxis, 1, 2)]), to.slice(pairs, pairAxis, 0, 1)], { axis: pairAxis })
  return to.reshape(turned, [0, 0, 0, -1])
}

/** [B,T,r/2] -> the factor of each element of a head, broadcast over heads: [B,1,T,r] or [B,T,1,r]. */
function perPair(factors: string, headAxis: 1 | 2, interleaved: boolean, to: Emitter): string {
  const heads = to.unsqueeze(factors, [headAxis])
  if (!interleaved) return to.op('Concat', [heads, heads], { axis: -1 })
  const pairs = to.unsqueeze(heads, [4])
  return to.reshape(to.op('Concat', [pairs, pairs], { axis: 4 }), [0, 0, 0, -1])
}

/** How many elements of a head turn, null for all; a head's size that cannot be told is taken to be larger. */
export function turningPart(turning: number, headSize: number | null): number | null {
  return turning === 0 || turning === headSize ? null : turning
}

/** x [B,T,N*H] or [B,N,T,H] -> the same turned. */
function rotaryEmbedding(node: GraphNode, cos: string, sin: string, to: Emitter): string {
  const x = inputOf(node, 0, to)
  const interleaved = intAttribute(node, 'interleaved', 0) === 1
  const turning = intAttribute(node, 'rotary_embedding_dim', 0)
  const rank = to.rank(x, 'input 0')
  if (rank === 4) return rotate(x, 1, { cos, sin, interleaved, turning: turningPart(turning, to.size(x, 3)) }, to)
  if (rank !== 3) return to.refuse(`input 0 of rank ${rank}`)
  const heads = intAttribute(node, 'num_heads', 0)
  const pairs = to.size(optionalInput(node, 2) ?? '', -1)
  if (heads === 0 && pairs === null) return to.refuse('num_heads')
  const width = to.size(x, 2)
  const headSize = heads === 0 || width === null ? null : width / heads
  const split = to.reshape(x, heads === 0 ? [0, 0, -1, 2 * (pairs ?? 0)] : [0, 0, heads, -1])
  const turned = rotate(split, 2, { cos, sin, interleaved, turning: turningPart(turning, headSize) }, to)
  return to.reshape(turned, [0, 0, -1])
}

/** x, cosines, sines: tables [P,r/2] with positions [B,T], or values [B,T,r/2] without. */
function standardRotary(node: GraphNode, to: Emitter): readonly string[] {
  const positions = optionalInput(node, 3)
  const [cos, sin] = [1, 2].map((place) => {
    const table = inputOf(node, place, to)
    return positions === null ? table : to.op('Gather', [table, positions])
  })
  return [rotaryEmbedding(node, cos ?? '', sin ?? '', to)]
}

/** x, positions [B,T] or [1] for the first one, tables of cosines and sines [P,r/2]. */
function microsoftRotary(node: GraphNode, to: Emitter): readonly string[] {
  if (intAttribute(node, 'is_packed_batching', 0) !== 0) to.refuse('is_packed_batching')
  const x = inputOf(node, 0, to)
  const given = inputOf(node, 1, to)
  const timeAxis = to.rank(x, 'input 0') === 4 ? 2 : 1
  const positions =
    to.rank(given, 'position_ids') === 2 ? given : to.unsqueeze(to.op('Add', [countTo(to.length(x, timeAxis), to), given]), [0])
  const [cos, sin] = [2, 3].map((place) => to.op('Gather', [inputOf(node, place, to), positions]))
  return [rotaryEmbedding(node, cos ?? '', sin ?? '', to)]
}

export const rotaryLowerings: Lowerings = {
  RotaryEmbedding: standardRotary,
  'com.microsoft:RotaryEmbedding': microsoftRotary,
}
