// The local Jacobian lens: what the rest of the network makes of each state of one position, to first order, in this text.

import { EngineError } from '#engine/error'
import { fullGradient } from '#methods/inside/final-norm'
import { product } from '#methods/inside/logit-attribution'
import type { JacobianLens } from '../api.ts'
import { holdReadout } from './held-norm.ts'
import { aimOf, type Reading, stateAt } from './reading.ts'

/** Two backward passes. @throws EngineError `no-gradients`, `not-a-sum`, `run-failed` */
export async function readJacobian(reading: Reading): Promise<JacobianLens> {
  const { passes, row, stream, position, turn } = reading
  const { pullBack } = passes
  if (pullBack === null) throw new EngineError('no-gradients', 'The model gives no gradients here.')
  const { norm, end, direction, gradient } = await holdReadout(reading)
  const productsWith = async (last: Float32Array): Promise<readonly number[]> => {
    const slopes = await turn(() => pullBack(row, position, last))
    const from = position * stream.width
    const inner = slopes.map((slope, layer) => product(stateAt(stream, layer, position), slope.subarray(from, from + stream.width)))
    return [...inner, product(end, last)]
  }
  return {
    ...aimOf(reading),
    scaleHeld: await productsWith(gradient),
    throughNorm: await productsWith(fullGradient(norm, direction, end)),
  }
}
