// A text and the other one, and what both are asked about.

import { kindOf } from '#answers/answer-kinds'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelPart } from '#methods/intervention/activation-change'
import type { ModelInput } from '#protocol/prediction'
import type { OpenedEngine } from './open-engine.ts'
import type { Aimed } from './question.ts'
import { type Aim, answerAt, type Head, headOf, type Subject, subjectOf } from './subject.ts'

export interface BothTexts {
  readonly head: Head
  readonly request: { readonly input: ModelInput; readonly reference: ModelInput | null; readonly target: AttributionTarget }
}

/**
 * Of a vocabulary the contrast is what the other text is answered with, where there is one and none is named: as on the page.
 * @throws EngineError `no-such-target`, `run-failed`
 */
export async function bothTexts(
  opened: OpenedEngine,
  text: string,
  other: string | null,
  { target, foil, space }: Aimed,
): Promise<BothTexts> {
  const aimed = { target, foil, space }
  const first = await subjectOf(opened, text, aimed)
  const rival = foil === null && other !== null ? await rivalIn(opened, other, first) : null
  const subject = rival === null ? first : await subjectOf(opened, text, { ...aimed, foil: String(rival.index) })
  const reference = other === null ? null : { text: other, edits: [] }
  return { head: headOf(subject), request: { input: subject.input, reference, target: subject.target } }
}

async function rivalIn(opened: OpenedEngine, text: string, { target, aim }: Subject): Promise<Aim | null> {
  const input = { text, edits: [] }
  const { prediction, row } = await opened.run(input)
  if (!kindOf(prediction).overVocabulary || target.position === null || target.position >= row.tokens.length) return null
  const answer = await answerAt(opened, input, prediction, target.position)
  return answer.index === aim.index ? null : answer
}

export function partName({ kind, layer, head }: ModelPart): string {
  return kind === 'head' ? `head ${layer}.${head}` : `${kind === 'mlp' ? 'MLP' : 'attention'} ${layer}`
}
