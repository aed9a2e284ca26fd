// One edit as a row of the leaderboard.

import { type CSSProperties, memo, useId } from 'react'
import type { Format } from '#panels/shared/use-format.tsx'
import { Button } from '#ui/button'
import { attentionShift, type WhatIfRow } from '../api.ts'

/** Words and numbers of all rows: each for itself would take longer to make them than to draw. */
export interface Speech {
  readonly format: Format
  readonly flips: string
  readonly apply: string
  readonly openAsB: string
  /** Names of the buttons, which are the same in every row to the eye. */
  readonly applyTo: (edit: string) => string
  readonly openAsBOf: (edit: string) => string
  /** Names of the numbers of a row that is open. */
  readonly target: string
  readonly probability: string
  readonly attention: string
  readonly similarity: string
  readonly layer: (layer: number) => string
  readonly heads: string
}

export interface EditRowProps {
  readonly row: WhatIfRow
  /** The largest change of all. */
  readonly largest: number
  readonly speech: Speech
  readonly text: string
  readonly isOpen: boolean
  readonly onToggle: () => void
  readonly onApply: () => void
  readonly onOpenAsB: () => void
}

export function EditRow({ row, largest, speech, text, isOpen, onToggle, onApply, onOpenAsB }: EditRowProps) {
  const id = useId()
  return (
    <li className={`edit-row${row.flips ? ' is-flip' : ''}`}>
      <button type="button" className="edit-open" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={onToggle}>
        {text}
      </button>
      <Numbers row={row} largest={largest} speech={speech} />
      <span className="edit-actions" data-not-exported="">
        <Button look="quiet" label={speech.applyTo(text)} onPress={onApply}>
          {speech.apply}
        </Button>
        <Button look="quiet" label={speech.openAsBOf(text)} onPress={onOpenAsB}>
          {speech.openAsB}
        </Button>
      </span>
      {isOpen && <EditNumbers id={id} row={row} speech={speech} />}
    </li>
  )
}

/** A row's numbers stay as they are while other rows come. */
const Numbers = memo(function Numbers({ row, largest, speech }: Pick<EditRowProps, 'row' | 'largest' | 'speech'>) {
  const { format } = speech
  const { output, before, answer, answerProbability, flips, similarity } = row
  const change = output - before
  return (
    <>
      <span className="edit-change">
        <span className="edit-bar" aria-hidden="true">
          <span
            className={change < 0 ? 'is-down' : 'is-up'}
            style={{ '--share': `${(50 * Math.abs(change)) / largest}%` } as CSSProperties}
          />
        </span>
        <span className="edit-value">{format.signed(change)}</span>
      </span>
      <span className="edit-answer">
        {answer === null ? '–' : answer.trim() === '' ? `“${answer}”` : format.label(answer.trim())}
        {answerProbability !== null && <span className="edit-probability"> {format.percent(answerProbability)}</span>}
        {flips && <strong className="edit-flips">{speech.flips}</strong>}
      </span>
      <span className="edit-attention">{format.percent(attentionShift(row))}</span>
      <span className="edit-similarity">{similarity === null ? '–' : format.weight(similarity)}</span>
    </>
  )
})

/** All that is known of one edit. */
function EditNumbers({ id, row, speech }: Pick<EditRowProps, 'row' | 'speech'> & { readonly id: string }) {
  const { format } = speech
  const { probabilities, output, before, attention, heads, similarity } = row
  return (
    <dl id={id} className="edit-numbers">
      <div>
        <dt>{speech.target}</dt>
        <dd>
          {format.signed(before)} → {format.signed(output)}
        </dd>
      </div>
      {probabilities.before !== null && probabilities.after !== null && (
        <div>
          <dt>{speech.probability}</dt>
          <dd>
            {format.percent(probabilities.before)} → {format.percent(probabilities.after)}
          </dd>
        </div>
      )}
      {similarity !== null && (
        <div>
          <dt>{speech.similarity}</dt>
          <dd>{format.weight(similarity)}</dd>
        </div>
      )}
      <div>
        <dt>{speech.heads}</dt>
        <dd>
          {heads.map(({ layer, head, moved }) => (
            <span key={`${layer}.${head}`} className="edit-head">
              {layer + 1}.{head + 1} <span className="note">{format.percent(moved)}</span>
            </span>
          ))}
        </dd>
      </div>
      <div className="edit-layers">
        <dt>{speech.attention}</dt>
        {Array.from(attention, (moved, layer) => ({ moved, layer })).map(({ moved, layer }) => (
          <dd key={layer}>
            <span className="note">{speech.layer(layer)}</span>
            <span className="edit-layer-bar" aria-hidden="true">
              <span style={{ '--share': `${100 * Math.min(1, moved)}%` } as CSSProperties} />
            </span>
            {format.percent(moved)}
          </dd>
        ))}
      </div>
    </dl>
  )
}
