// What com.microsoft attention adds to scores. Masked keys get `mask_filter_value`, later keys the lowest number, as in onnxruntime.

import { type GraphNode, intAttribute } from '../ir/graph.ts'
import type { Emitter } from '../rewrite/emitter.ts'
import { floatAttribute, optionalInput } from './lowering.ts'
import { biasWhere, causalBand, keysSeen, LOWEST } from './masks.ts'

const DEFAULT_FILTER = -10000

/** int64 scalars */
export interface Lengths {
  readonly batch: string
  readonly queries: string
  readonly keys: string
}

/** Places of the inputs. */
export interface BiasPlaces {
  readonly mask: number
  readonly bias: number
}

/** float32 biases from a node's additive bias, mask and direction, each broadcast to [B,N,T,S]. */
export function scoreBiases(node: GraphNode, places: BiasPlaces, lengths: Lengths, to: Emitter): readonly string[] {
  const [mask, bias] = [optionalInput(node, places.mask), optionalInput(node, places.bias)]
  const biases = bias === null ? [] : [to.cast(bias, to.realType(bias), 'float32')]
  if (mask !== null) {
    const seen = keysSeen({ mask, rank: to.rank(mask, 'the mask'), ...lengths }, to)
    biases.push(biasWhere(seen, floatAttribute(node, 'mask_filter_value', DEFAULT_FILTER), to))
  }
  if (intAttribute(node, 'unidirectional', 0) === 1) {
    biases.push(biasWhere(causalBand({ ...lengths, window: null }, to), LOWEST, to))
  }
  return biases
}

/** The node's scale; null where it is 0 or not given, which stands for 1 / sqrt(head size). */
export function scaleOf(node: GraphNode): number | null {
  const scale = floatAttribute(node, 'scale', 0)
  return scale === 0 ? null : scale
}
