// Tokens that the model finds likely: what comes next, or what a masked place held. One list for each position that is asked about.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Candidate, PositionAnswer } from '#answers/position-answer'
import type { TokenAnswer } from '#answers/tokens'
import type { SideAnswer } from '#state/app-state'
import { Button } from '#ui/button'
import { type BarsData, type BarsOptions, drawBars } from '#views/bars/bars'
import { useServices } from './app-context.tsx'
import { CandidateMenus } from './candidate-menus.tsx'
import { ChartHost } from './chart-host.tsx'
import type { AnswerProps } from './prediction-props.ts'
import { shownLabel } from './shown-label.ts'
import { useFormat } from './use-format.tsx'

/** Candidates that are drawn, of one position and of each of several. */
const SHOWN = 8
const SHOWN_OF_SEVERAL = 4
/** Positions that are drawn at once. */
const POSITIONS = 4
const BITS_PER_NAT = 1 / Math.log(2)

export function TokenCandidates({ name, side, answer, reference, other, selected, prediction }: AnswerProps<TokenAnswer>) {
  const { t } = useTranslation()
  const chosen = selected !== null && answer.chosen?.position === selected ? answer.chosen : null
  const positions = chosen ? [chosen] : prediction.positions
  if (positions.length === 0) return <p className="note">{t('prediction.noMask')}</p>
  return (
    <div className="candidates">
      {positions.slice(0, POSITIONS).map((position, place) => (
        <Position
          key={position.position}
          name={name}
          side={side}
          answer={answer}
          asks={prediction.asks}
          position={position}
          reference={chosen === null ? (other?.positions[place] ?? null) : other && (reference?.chosen ?? null)}
          isAsked={chosen === null && position === prediction.positions[0]}
          shown={positions.length > 1 ? SHOWN_OF_SEVERAL : SHOWN}
        />
      ))}
      {positions.length > POSITIONS && <p className="note">{t('prediction.morePositions', { count: positions.length - POSITIONS })}</p>}
    </div>
  )
}

interface PositionProps {
  readonly name: string
  readonly side: 'a' | 'b'
  readonly answer: SideAnswer
  readonly asks: TokenAnswer['asks']
  readonly position: PositionAnswer
  /** The reference's answer to the same question: the same place among those that it is asked about, or the token that is chosen there. */
  readonly reference: PositionAnswer | null
  /** Whether it is what the model is asked about where no token is chosen. */
  readonly isAsked: boolean
  readonly shown: number
}

function Position({ name, side, answer, asks, position, reference, isAsked, shown }: PositionProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions, store } = useServices()
  const token = answer.row.tokens[position.position]
  const label = token?.label ?? ''
  const data = useMemo((): BarsData => barsOf(position.candidates.slice(0, shown), reference), [position, reference, shown])
  const where = t(asks === 'next' ? 'prediction.after' : 'prediction.inPlaceOf', {
    token: shownLabel(label),
    position: position.position + 1,
  })
  const options: BarsOptions = {
    domain: [0, 1],
    unit: t('prediction.probability'),
    format: format.weight,
    formatChange: format.signed,
    words: { summary: `${t('prediction.labelFor', { side: name })}: ${where}`, reference: t('prediction.reference') },
  }
  const candidates = position.candidates.slice(0, shown)
  const [best] = candidates
  const last = position.position === answer.row.tokens.length - 1
  const canTake = asks === 'fill' ? token?.source !== 'template' : last && answer.input.edits.length === 0 && answer.input.chat !== true
  const take = ({ label: taken }: Candidate): void => {
    const { textA, textB } = store.getState().settings
    if (asks === 'fill') actions.edit(side, { kind: 'replace', at: position.position, word: taken.trim() })
    else if (side === 'a') actions.open({ textA: textA + taken })
    else actions.open({ textB: (textB ?? '') + taken })
  }
  return (
    <section className="candidates-of" aria-label={where}>
      <p className="prediction-where">{where}</p>
      <div className="candidates-chart">
        <ChartHost draw={drawBars} data={data} options={options} />
        <CandidateMenus
          side={side}
          asks={asks}
          position={position.position}
          isAsked={isAsked}
          candidates={candidates}
          labelOf={(candidate) => shownLabel(candidate.label)}
          take={canTake ? take : null}
        />
      </div>
      <p className="note candidates-foot">
        <span title={t('prediction.entropyMeans')}>
          {t('prediction.entropy', { nats: format.weight(position.entropy), bits: format.weight(position.entropy * BITS_PER_NAT) })}
        </span>
        {canTake && best && best.label.trim() !== '' && (
          <Button look="quiet" onPress={() => take(best)}>
            {t(asks === 'fill' ? 'prediction.putIn' : 'prediction.append', { token: best.label.trim() })}
          </Button>
        )}
      </p>
    </section>
  )
}

function barsOf(candidates: readonly Candidate[], reference: PositionAnswer | null): BarsData {
  const others = new Map(reference?.candidates.map(({ piece, probability }) => [piece, probability]))
  return {
    bars: candidates.map(({ piece, label, probability }, place) => ({
      label: shownLabel(label),
      value: probability,
      reference: others.get(piece) ?? null,
      strong: place === 0,
    })),
  }
}
