// The search for the smallest changes as the page asks for it, and what the model says of the edited texts when it reads them anew.

import type { Prediction } from '#answers/answer-kinds'
import type { PositionAnswer } from '#answers/position-answer'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import { inputOf, LOAD, never } from '#engine/testing/toy-model.fixture'
import { editContext } from '#engine/text/edit-context'
import { createEngine } from '#features/worker.ts'
import type { AttributionTarget } from '#methods/attribution'
import { applyEdits } from '#text/edit'
import type { CounterfactualRequest, CounterfactualState } from '../../api.ts'

/** What an example's search came to. */
export interface Searched {
  readonly state: CounterfactualState
  readonly target: number
  readonly before: Prediction
  /** Of each text that was found. */
  readonly after: readonly Prediction[]
}

/** @param answerOf the target, of what the model answers by itself */
export async function searchText(
  model: LoadedModel,
  text: string,
  { goal, moves }: Pick<CounterfactualRequest, 'goal' | 'moves'>,
  answerOf: (prediction: Prediction) => Pick<AttributionTarget, 'index' | 'position'>,
): Promise<Searched> {
  const engine = createEngine({
    loadModel: async () => model,
    loadSnapshot: () => Promise.reject(new EngineError('snapshot-refused', 'There is no snapshot here.')),
  })
  await engine.load(LOAD, { signal: never, progress: () => undefined })
  const row = model.tokenizer.encode(text)
  const { prediction: before } = await model.run(row)
  const target: AttributionTarget = { foil: null, space: 'score', ...answerOf(before) }
  const state = await engine.counterfactuals({ input: inputOf(text), target, goal, moves }, { signal: never, progress: () => undefined })
  const after: Prediction[] = []
  for (const { edits } of state.found) {
    const edited = applyEdits(model.tokenizer.encode(text), edits, editContext(model.tokenizer))
    after.push((await model.run(edited)).prediction)
  }
  return { state, target: target.index, before, after }
}

/** The class that a classifier answers with. */
export function classOf(prediction: Prediction): number {
  if (prediction.kind !== 'classes') throw new Error(prediction.kind)
  return prediction.logits.indexOf(Math.max(...prediction.logits))
}

export function labelOf(prediction: Prediction): string {
  if (prediction.kind !== 'classes') throw new Error(prediction.kind)
  return prediction.labels[classOf(prediction)] ?? ''
}

/** As the page's finder begins. */
export function searchClassifier(model: LoadedModel, text: string): Promise<Searched> {
  return searchText(model, text, { goal: 'flip', moves: ['delete', 'replace'] }, (prediction) => ({
    index: classOf(prediction),
    position: null,
  }))
}

/** How likely a language model finds a token at the end; zero where it is not among the likeliest. */
export function shareOf(prediction: Prediction, token: number): number {
  return nextOf(prediction).candidates.find(({ id }) => id === token)?.probability ?? 0
}

export function nextOf(prediction: Prediction): PositionAnswer {
  const [next] = prediction.kind === 'tokens' ? prediction.positions : []
  if (!next) throw new Error(prediction.kind)
  return next
}
