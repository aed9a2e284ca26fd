// How little a language model expected each token of a text: its surprisal, -log2 p(token | tokens before it).

import { kindOf } from '#answers/answer-kinds'
import type { EngineServices } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import { perturbed } from '#engine/passes/perturbed-row'
import { turnsOf } from '#engine/passes/target-view'
import type { ModelInput } from '#protocol/prediction'
import { transfer } from '#protocol/serve'
import { float64At } from '#tensor/vector'
import type { Surprise } from '../api.ts'

/** @throws EngineError `no-such-target` where the model does not predict tokens from those before */
export async function surpriseOf(
  { runOf, readyModel, schedule }: EngineServices,
  input: ModelInput,
  signal: AbortSignal,
  progress: (part: Surprise) => void,
): Promise<Surprise> {
  const { row, prediction } = await runOf(input, signal)
  const { forwardOf } = await readyModel()
  if (forwardOf === null || !kindOf(prediction).readsOn(prediction)) {
    throw new EngineError('no-such-target', 'The model does not predict a token from those before it.')
  }
  const turn = turnsOf(schedule, 'background')
  const bits = new Float32Array(row.tokens.length).fill(Number.NaN)
  const part = (left: number): Surprise => ({ bits: transfer(bits.slice()), left })
  for (const [at, { id }] of row.tokens.entries()) {
    if (at === 0) continue
    const passes = forwardOf({ index: id, foil: null, position: at - 1, space: 'log-probability' })
    const outputs = await turn(signal, () => passes.outputs([perturbed(row, at - 1)]))
    bits[at] = -float64At(outputs, 0) / Math.LN2
    const left = row.tokens.length - 1 - at
    if (left > 0) progress(part(left))
  }
  return part(0)
}
