// What can be done with each candidate of a list, over the bars: append it or put it in, explain it, contrast it with the likeliest one.

import { useTranslation } from 'react-i18next'
import type { Candidate } from '#answers/position-answer'
import type { TokenAnswer } from '#answers/tokens'
import type { Settings } from '#share/settings'
import { MenuButton } from '#ui/menu-button'
import { useServices } from './app-context.tsx'
import { useFormat } from './use-format.tsx'

export interface CandidateMenusProps {
  readonly side: 'a' | 'b'
  readonly asks: TokenAnswer['asks']
  /** Index of the token that the candidates follow or replace. */
  readonly position: number
  /** Whether the model is asked there by itself, without a token being chosen. */
  readonly isAsked: boolean
  /** As many as have bars, most likely first. */
  readonly candidates: readonly Candidate[]
  readonly labelOf: (candidate: Candidate) => string
  /** Puts a candidate into the text; null where that cannot be. */
  readonly take: ((candidate: Candidate) => void) | null
}

export function CandidateMenus({ side, asks, position, isAsked, candidates, labelOf, take }: CandidateMenusProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions, store } = useServices()
  const [best, second] = candidates
  /** The target is one of sentence A. */
  const explain = ({ id }: Candidate, foil: Candidate | null): void => {
    const { tab } = store.getState().settings
    const where: Partial<Settings> = isAsked ? { token: null } : { token: { side: 'a', index: position }, explains: 'after' }
    actions.set({ ...where, key: null, target: id, foil: foil?.id ?? null, ...(tab === 'attention' ? { tab: 'attribution' } : {}) })
  }
  return (
    <ul className="candidate-menus">
      {candidates.map((candidate) => {
        const token = labelOf(candidate)
        const rival = candidate === best ? second : best
        const entries = [
          ...(take ? [{ id: 'take', text: t(asks === 'fill' ? 'prediction.fillIn' : 'prediction.appendToText') }] : []),
          ...(side === 'a' ? [{ id: 'explain', text: t('prediction.explain') }] : []),
          ...(side === 'a' && rival ? [{ id: 'contrast', text: t('prediction.contrast', { token: labelOf(rival) }) }] : []),
        ]
        if (entries.length === 0) return null
        return (
          <li key={candidate.id}>
            <MenuButton
              label={t('prediction.candidate', { token })}
              text={
                <span className="ui-hidden">
                  {t('prediction.candidate', { token })} {format.weight(candidate.probability)}
                </span>
              }
              entries={entries}
              onChoose={(id) => {
                if (id === 'take') take?.(candidate)
                else explain(candidate, id === 'contrast' ? (rival ?? null) : null)
              }}
            />
          </li>
        )
      })}
    </ul>
  )
}
