// Headlines as the page asks for them, and what the model says of the text as a reader would type it without some words.

import { kindOf, type Prediction, usualFoil } from '#answers/answer-kinds'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import { inputOf, LOAD, never } from '#engine/testing/toy-model.fixture'
import { createEngine } from '#features/worker.ts'
import type { TokenRow } from '#text/token'
import type { Headline, Without } from '../../api.ts'
import { textWithout } from '../text-without.ts'

export interface Headlined {
  readonly row: TokenRow
  readonly prediction: Prediction
  readonly headline: Headline
}

/** An engine with this model. */
export async function engineOf(model: LoadedModel) {
  const engine = createEngine({
    loadModel: async () => model,
    loadSnapshot: () => Promise.reject(new EngineError('snapshot-refused', 'There is no snapshot here.')),
  })
  await engine.load(LOAD, { signal: never, progress: () => undefined })
  return engine
}

export async function headlineOf(model: LoadedModel, text: string): Promise<Headlined> {
  const engine = await engineOf(model)
  const row = model.tokenizer.encode(text)
  const { prediction } = await model.run(row)
  const question = kindOf(prediction).question({ prediction, row, chosen: null }, { token: null, explains: 'after' })
  if (question === null) throw new Error('nothing to explain')
  const asked = { index: question.best, position: question.position }
  const target = { ...asked, foil: usualFoil(prediction, asked), space: 'score' as const }
  const headline = await engine.headline({ input: inputOf(text), target, extent: 'all' }, { signal: never, progress: () => undefined })
  return { row, prediction, headline }
}

/** The typed text without some units. */
export function textWithoutUnits(text: string, { row, headline }: Headlined, units: readonly number[]): string {
  return textWithout(
    text,
    units.flatMap((unit) => headline.units[unit] ?? []).flatMap((token) => row.tokens[token] ?? []),
  )
}

/** Index of what the model answers to a text. */
export async function answerTo(model: LoadedModel, text: string): Promise<number | undefined> {
  const { prediction } = await model.run(model.tokenizer.encode(text))
  return kindOf(prediction).best(prediction, null)?.index
}

/** What a claim says was answered without some units. */
export function claimed({ claim }: Headline): readonly Without[] {
  if (claim.kind === 'each') return claim.without
  return claim.kind === 'together' ? [claim.without] : []
}
