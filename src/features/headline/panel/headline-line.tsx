// The answer to "why did the model say that?" in one sentence, below the text.

import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { SideAnswer } from '#state/app-state'
import { attributionSlot } from '#state/attributions'
import { sameSubject } from '#state/target'
import type { Answer, Headline } from '../api.ts'
import { currentHeadline, headlineSide, leastFullOf } from '../state/headline.ts'
import { claimText, type Filling, strongestOf, unitsNamed } from './claim-text.ts'
import './headline.css'

/** Below this probability the model is said not to be sure. */
const UNSURE = 0.6

export function HeadlineLine() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const asked = useApp(currentHeadline)
  const side = useApp(headlineSide)
  const answer = useApp((state) => (side === 'a' ? state.a : state.reference)?.answer ?? null)
  // An empty field has nothing that could be left out.
  const headline = asked?.answer?.units.length === 0 ? null : (asked?.answer ?? null)
  const isCompared = useApp(({ settings }) => settings.textB !== null)
  const isSettled = asked?.status === 'done'
  const isEmpty = useApp(({ settings }) => settings.textA.trim() === '')
  return (
    <p
      className="headline"
      data-headline=""
      title={headline ? t(headline.removal === 'mask' ? 'headline.removedMask' : 'headline.removedDelete') : undefined}
      data-state={isSettled ? 'settled' : 'first'}
      aria-live="polite"
      aria-busy={asked !== null && !isSettled && asked.status === 'running'}
    >
      {asked?.status === 'failed' && asked.error && errorText(asked.error)}
      {isCompared && headline && <strong>{t('headline.of', { side: side.toUpperCase() })}</strong>}
      {headline && answer && <Sentence headline={headline} answer={answer} isSettled={isSettled} />}
      {headline === null && asked?.answer == null && asked?.status !== 'failed' && !isEmpty && (
        <span className="headline-waiting">{t('headline.waiting')}</span>
      )}
    </p>
  )
}

interface SentenceProps {
  readonly headline: Headline
  readonly answer: SideAnswer
  readonly isSettled: boolean
}

function Sentence({ headline, answer, isSettled }: SentenceProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const isToken = kindOf(answer.prediction).overVocabulary
  const { key, fillings } = claimText(headline)
  const nameOf = ({ label }: Answer): string => (isToken ? `“${label.trim()}”` : format.label(label))
  const withShare = (one: Answer): string =>
    Number.isNaN(one.probability) ? nameOf(one) : `${nameOf(one)} (${format.percent(one.probability)})`
  const fill = (filling: Filling): ReactNode => {
    switch (filling.kind) {
      case 'words':
        return <Words units={filling.units} headline={headline} answer={answer} />
      case 'answer':
        return <strong>{withShare(filling.answer)}</strong>
      case 'name':
        return <strong>{nameOf(filling.answer)}</strong>
      case 'share':
        return format.percent(filling.value)
      case 'drop':
        return format.signed(filling.value)
      case 'count':
        return format.count(filling.value)
    }
  }
  const isUnsure = headline.answer.probability < UNSURE && !isToken
  return (
    <>
      {isUnsure && t('app.sentences', { first: t('headline.unsure', { answer: withShare(headline.answer) }), next: '' })}
      {filled(t(`headline.${key}`, { defaultValue: '', ...placesOf(Object.keys(fillings)) }), (name) => {
        const filling = fillings[name]
        return filling && fill(filling)
      })}
      {isSettled && <Agreement headline={headline} answer={answer} />}
    </>
  )
}

function placesOf<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, `${OPEN}${name}${CLOSE}`])) as Record<Name, string>
}

const OPEN = '\u2997'
const CLOSE = '\u2998'

/** A sentence with nodes in its places, by their names. */
function filled(text: string, nodeOf: (name: string) => ReactNode): ReactNode {
  return text.split(/\u2997([a-z]+)\u2998/u).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence have no other name
    <Fragment key={at}>{at % 2 === 1 ? nodeOf(part) : part}</Fragment>
  ))
}

interface WordsProps {
  readonly units: readonly number[]
  readonly headline: Headline
  readonly answer: SideAnswer
}

/** Words of the text, tinted as they are there. */
function Words({ units, headline, answer }: WordsProps) {
  const { t } = useTranslation()
  const leastFull = useApp(leastFullOf)
  const largest = Math.max(leastFull, ...Array.from(headline.drops, (drop) => Math.abs(drop) || 0))
  const marks = units.map((unit) => {
    const drop = headline.drops[unit] ?? 0
    return (
      <mark
        key={unit}
        className={drop < 0 ? 'headline-word is-against' : 'headline-word'}
        style={{ '--tint': `${Math.round((100 * Math.abs(drop)) / largest)}%` }}
      >
        {textOfUnit(headline.units[unit] ?? [], answer)}
      </mark>
    )
  })
  const [first, ...others] = marks
  if (first === undefined) return null
  return others.reduce<ReactNode>((before, mark, at) => {
    const places = placesOf(['first', 'last'])
    const joined = at === others.length - 1 ? t('headline.and', places) : t('headline.list', places)
    return filled(joined, (name) => (name === 'first' ? before : mark))
  }, first)
}

const LONGEST = 40
/** They would meet those of the sentence that names the words. */
const AT_THE_EDGES = /^[\s,;:，；：、]+|[\s,;:，；：、]+$/gu

function textOfUnit(unit: readonly number[], { row, input }: SideAnswer): string {
  const tokens = unit.flatMap((index) => row.tokens[index] ?? [])
  const [first, last] = [tokens[0], tokens.at(-1)]
  if (first === undefined || last === undefined) return ''
  const isTyped = input.edits.length === 0 && first.start < last.end
  const text = (isTyped ? input.text.slice(first.start, last.end) : tokens.map(({ label }) => label).join('')).replace(AT_THE_EDGES, '')
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

/** Whether fast Shapley values, where they are known, name the same words. */
function Agreement({ headline, answer }: Omit<SentenceProps, 'isSettled'>) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const shapley = useApp((state) => {
    const [asked, headlined] = [
      attributionSlot(headlineSide(state) === 'a' ? 'a' : 'reference', 'interpolated-shapley').of(state),
      currentHeadline(state),
    ]
    return asked?.status === 'done' && headlined !== null && sameSubject(asked.question, headlined.question) ? asked.answer : null
  })
  if (shapley === null || headline.units.length < 2) return null
  const values = headline.units.map((unit) => unit.reduce((sum, token) => sum + (shapley.values[token] ?? 0), 0))
  const other = strongestOf(values)
  const words = `“${textOfUnit(headline.units[other] ?? [], answer)}”`
  // What the sentence names, and not what alone counts most: two words may decide together of which neither does.
  if (unitsNamed(headline).includes(other)) {
    return <span className="headline-agrees">{t('app.sentences', { first: '', next: t('headline.agree', { words }) })}</span>
  }
  const text = t('headline.disagree', { words })
  return (
    <>
      {t('app.sentences', { first: '', next: '' })}
      <button type="button" className="headline-doubt" onClick={() => actions.set({ tab: 'attribution' })}>
        {text}
      </button>
    </>
  )
}
