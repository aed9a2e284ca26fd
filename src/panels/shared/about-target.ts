// What was asked about, in the names of files.

import type { AttributionTarget } from '#methods/attribution'
import type { Settings } from '#share/settings'
import type { SideAnswer } from '#state/app-state'
import { indexOn } from '#state/layout/token-ref'
import { targetChoices } from '#state/target'
import type { About } from './export-tables.ts'

export function aboutTarget(
  settings: Settings,
  answer: SideAnswer,
  target: AttributionTarget,
): Pick<About, 'target' | 'rather_than' | 'target_position' | 'target_space'> {
  const choices = targetChoices(settings, answer, indexOn('a', settings.token))
  const name = (index: number): string => choices.find((choice) => choice.index === index)?.label ?? `#${index}`
  return {
    target: name(target.index),
    rather_than: target.foil === null ? null : name(target.foil),
    target_position: target.position === null ? null : target.position + 1,
    target_space: target.space,
  }
}
