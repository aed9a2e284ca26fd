// What could stand at one place, most likely first, with the lines below which the cuts leave nothing.

import { type CSSProperties, Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useService, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import { Button } from '#ui/button'
import type { Choice, ChoiceCandidate, CutResult, NamedToken } from '../api.ts'
import { GENERATE } from '../state/generate.ts'
import type { TreeNode } from '../state/tree.ts'
import { type Refusal, refusalOf } from './use-comparison.ts'
import { useCutText } from './use-cut-text.tsx'

const SHOWN = 12
const BITS_PER_NAT = 1 / Math.LN2

interface ChoiceListProps {
  /** null while it is asked about. */
  readonly choice: Choice | null
  /** The token that was added here; null behind the text. */
  readonly node: TreeNode | null
  /** Number of the mask that is filled; null behind a text. */
  readonly mask: number | null
  /** The token before. */
  readonly after: string
  readonly onTake: (token: NamedToken) => void
}

export function ChoiceList({ choice, node, mask, after, onTake }: ChoiceListProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const cutText = useCutText()
  const { temperature } = useSettings('temperature')
  const [isAll, setAll] = useState(false)
  const title =
    node === null
      ? mask === null
        ? t('generate.after', { token: shownLabel(after) })
        : t('generate.atMask', { mask })
      : t('generate.inPlaceOf', { token: shownLabel(node.token.label) })
  if (choice === null) {
    return (
      <section className="choice" aria-label={title} aria-busy="true">
        <h3>{title}</h3>
        <p className="note">{t('generate.asking')}</p>
      </section>
    )
  }
  const shown = choice.candidates.slice(0, isAll ? choice.candidates.length : SHOWN)
  const prefixCuts = choice.cuts.filter(({ name }) => name !== 'typical')
  const full = Math.max(...shown.map(({ probability, shaped }) => Math.max(probability, shaped)))
  const lineBehind = (at: number): readonly CutResult[] => prefixCuts.filter(({ kept }) => kept === at + 1)
  const farther = prefixCuts.filter(({ kept }) => kept > shown.length)
  return (
    <section className="choice" aria-label={title}>
      <h3>{title}</h3>
      <p className="note">
        {t('generate.entropy', { nats: format.weight(choice.entropy), bits: format.weight(choice.entropy * BITS_PER_NAT) })}
        {' · '}
        {t('generate.kept', { count: choice.kept })}
      </p>
      {node && <Why node={node} />}
      <ol className="choice-list" aria-label={t('generate.candidates')}>
        {shown.map((candidate, at) => (
          <Fragment key={candidate.id}>
            <Candidate
              candidate={candidate}
              full={full}
              isTaken={candidate.id === node?.token.id}
              isDrawn={candidate.id === choice.drawn.id}
              isNext={node === null}
              isGreedy={temperature === 0}
              isTypical={choice.cuts.find(({ name }) => name === 'typical')?.keeps[at] ?? null}
              onTake={() => onTake(candidate)}
            />
            {lineBehind(at).length > 0 && (
              <li className="choice-cut">
                {lineBehind(at)
                  .map((cut) => t('generate.cutKeeps', { cut: cutText(cut.name), count: cut.kept }))
                  .join(' · ')}
              </li>
            )}
          </Fragment>
        ))}
      </ol>
      {farther.length > 0 && (
        <p className="note">{farther.map((cut) => t('generate.cutKeeps', { cut: cutText(cut.name), count: cut.kept })).join(' · ')}</p>
      )}
      {choice.candidates.length > SHOWN && (
        <Button look="quiet" onPress={() => setAll(!isAll)}>
          {isAll ? t('generate.fewer') : t('generate.more', { count: choice.candidates.length - SHOWN })}
        </Button>
      )}
      <p className="note">{t('generate.others', { share: format.percent(choice.others), count: choice.candidates.length })}</p>
      {choice.cuts.length > 0 && (
        <p className="note">
          {t('generate.drawnBy', {
            drawn: choice.cuts.map((cut) => `${cutText(cut.name)}: ${shownLabel(cut.drawn.label)}`).join(' · '),
            all: shownLabel(choice.drawn.label),
          })}
        </p>
      )}
    </section>
  )
}

interface CandidateProps {
  readonly candidate: ChoiceCandidate
  /** The longest bar's probability. */
  readonly full: number
  readonly isTaken: boolean
  readonly isDrawn: boolean
  /** Whether the most likely token is taken, so that nothing is cut off. */
  readonly isGreedy: boolean
  /** Whether nothing was drawn here yet. */
  readonly isNext: boolean
  /** Whether the typical cut keeps it; null where there is none. */
  readonly isTypical: boolean | null
  readonly onTake: () => void
}

function Candidate({
  candidate: { label, probability, shaped, final },
  full,
  isTaken,
  isDrawn,
  isNext,
  isGreedy,
  isTypical,
  onTake,
}: CandidateProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const style: CSSProperties & Record<'--own' | '--shaped', string> = {
    '--own': `${(100 * probability) / full}%`,
    '--shaped': `${(100 * shaped) / full}%`,
  }
  const notes = [
    ...(isTaken ? [t('generate.taken')] : []),
    ...(isDrawn ? [t(isNext ? 'generate.wouldDraw' : 'generate.drawn')] : []),
    ...(isTypical === true ? [t('generate.typicalKeeps')] : []),
  ]
  return (
    <li className={`choice-row${final === 0 && !isGreedy ? ' is-cut' : ''}`}>
      <button
        type="button"
        className="choice-take"
        aria-label={t('generate.goOnWith', { token: shownLabel(label) })}
        aria-pressed={isTaken}
        onClick={onTake}
      >
        {shownLabel(label)}
      </button>
      <span className="choice-bar" style={style} aria-hidden="true" />
      <span className="choice-value">{format.percent(probability)}</span>
      <span className="choice-final">
        {!isGreedy && (
          <span className="choice-share">
            {final === 0 ? t('generate.cutOff') : t('generate.finalShare', { share: format.percent(final) })}
          </span>
        )}
        {notes.length > 0 && <span className="choice-notes">{notes.join(', ')}</span>}
      </span>
    </li>
  )
}

/** Goes to the tab that explains, with the text as far as this token, and the token as what is asked about. */
function Why({ node }: { readonly node: TreeNode }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const generate = useService(GENERATE)
  const [refused, setRefused] = useState<Refusal | null>(null)
  const explain = async (): Promise<void> => {
    const typed = await generate.typed(node.parent)
    if (typed === null) return
    setRefused(refusalOf(typed))
    if (!typed.same) return
    const token = typed.mask === null ? null : ({ side: 'a', index: typed.mask } as const)
    actions.open({ textA: typed.text, editsA: typed.edits, tab: 'attribution', target: node.token.id, foil: null, token })
  }
  return (
    <div className="choice-why">
      <Button look="quiet" onPress={() => void explain()}>
        {t('generate.why', { token: shownLabel(node.token.label) })}
      </Button>
      <Button look="quiet" onPress={() => generate.goTo(node.key)}>
        {t('generate.goTo')}
      </Button>
      {refused && <p className="note note-warning">{t(`generate.${refused}`)}</p>}
    </div>
  )
}
