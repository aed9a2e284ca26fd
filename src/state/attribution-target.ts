// What is attributed: what the settings name within what the model answers, or its own answer.

import type { AttributionTarget } from '#methods/attribution'
import type { Settings } from '#share/settings'
import type { SideAnswer } from './app-state.ts'

export { ATTRIBUTION_METHODS, TARGET_SPACES } from '#share/settings'

/** What a target may be. */
export interface TargetChoice {
  readonly index: number
  readonly label: string
}

/** Classes, or the likeliest tokens where the model is asked; empty for a model without an answer. */
export function targetChoices(answer: SideAnswer, token: number | null): readonly TargetChoice[] {
  const { prediction } = answer
  if (prediction.kind === 'classes' || prediction.kind === 'tags') return prediction.labels.map((label, index) => ({ index, label }))
  if (prediction.kind !== 'tokens') return []
  const at = token !== null && answer.chosen?.position === token ? answer.chosen : prediction.positions[0]
  return (at?.candidates ?? []).map(({ id, label }) => ({ index: id, label }))
}

/** The target of a side; null while there is nothing to ask about. @param token the chosen token of that side */
export function targetOf(settings: Settings, answer: SideAnswer, token: number | null): AttributionTarget | null {
  const { prediction } = answer
  const space = prediction.kind === 'classes' && prediction.activation !== 'none' ? settings.targetSpace : 'score'
  const chosen = (best: number): Pick<AttributionTarget, 'index' | 'foil'> => {
    const index = settings.target ?? best
    return { index, foil: settings.foil === index ? null : settings.foil }
  }
  switch (prediction.kind) {
    case 'classes': {
      const best = prediction.logits.indexOf(Math.max(...prediction.logits))
      const { index, foil } = chosen(best)
      if (index >= prediction.labels.length) return { index: best, foil: null, position: null, space }
      return { index, foil: foil !== null && foil < prediction.labels.length ? foil : null, position: null, space }
    }
    case 'tokens': {
      const at = token !== null && answer.chosen?.position === token ? answer.chosen : prediction.positions[0]
      const best = at?.candidates[0]
      return at && best ? { ...chosen(best.id), position: at.position, space } : null
    }
    case 'tags': {
      const first = answer.row.tokens.findIndex(({ source }) => source !== 'template')
      const position = Math.max(0, token ?? first)
      const width = prediction.labels.length
      const row = prediction.logits.subarray(position * width, (position + 1) * width)
      return { ...chosen(row.indexOf(Math.max(...row))), position, space }
    }
    case 'embedding':
      return null
  }
}
