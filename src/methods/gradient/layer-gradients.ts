// What each token's place in the residual stream would contribute if the rest of the model were linear.

import type { AttributionOptions } from '#catalogue/attribution-options'
import { elementAt } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'
import type { MethodAnswer, TargetModel } from '../method.ts'
import { tokenProducts } from './token-values.ts'

/**
 * Residual stream times the target's gradient there, summed over components, at every point between two layers: signed, in units of the
 * target. Input x gradient, with a layer's output as the input; Captum calls it layer gradient x activation. One pass gives all points.
 * `values` are those of `layer`, or of the last one where there are fewer.
 */
export async function* layerGradients(
  model: TargetModel,
  { layer }: Pick<AttributionOptions, 'layer'>,
  cancel: Cancel,
): AsyncGenerator<MethodAnswer, void, undefined> {
  const { states, output } = await model.residual(cancel)
  const rows = states.map(({ values, gradient }) => Float32Array.from(tokenProducts(values, gradient, model.tokens)))
  const layers = new Float32Array(rows.length * model.tokens)
  rows.forEach((row, at) => void layers.set(row, at * model.tokens))
  const values = elementAt(rows, Math.min(layer, rows.length - 1)).slice()
  yield { values, layers, isSigned: true, output, expectedSum: null, runs: 1, left: 0, doubts: [] }
}
