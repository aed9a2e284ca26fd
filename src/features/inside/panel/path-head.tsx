// One head: queries, keys and values, the scores of every pair, the mask, the weights, and what comes out; and the formula of one cell.

import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { HeadDetail, InferencePath } from '../api.ts'
import type { PathCell } from '../state/path.ts'
import { cellFormulas, headFormula, numbersAt, scaleOf, valueFormula } from './head-numbers.ts'
import { PathGrid } from './path-grid.tsx'
import { type HeadPart, PathMatrix } from './path-matrix.tsx'
import { shortLength } from './path-shared.ts'

const PathFormula = lazy(async () => ({ default: (await import('./path-formula.tsx')).PathFormula }))

interface PathHeadProps {
  readonly path: InferencePath
  readonly detail: HeadDetail
  /** null before the reader chose one: the one that the position looks at most. */
  readonly cell: PathCell | null
  /** Positions that are drawn. */
  readonly shown: readonly number[]
  readonly onCell: (cell: PathCell) => void
  readonly onLeave: () => void
}

const LIT: readonly HeadPart[] = ['query', 'key', 'scores', 'weights', 'value', 'output']
const SYMBOLS: Readonly<Record<HeadPart, string>> = { query: 'Q', key: 'K', scores: 'S', weights: 'A', value: 'V', output: 'AV' }

export function PathHead({ path, detail, cell: asked, shown, onCell, onLeave }: PathHeadProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [lit, setLit] = useState<HeadPart | null>(null)
  const formula = useRef<HTMLElement>(null)
  const { tokens, layer, head, width, valueWidth, scores, weights, group } = detail
  const { position } = path
  const count = tokens.length
  const cell = asked !== null && shown.includes(asked.query) && shown.includes(asked.key) ? asked : usualCell(detail, position, shown)
  const name = (at: number): string => shownLabel(tokens[at]?.label ?? '')
  const at = ({ query, key }: PathCell): number => query * count + key
  const isMasked = (one: PathCell): boolean => scores[at(one)] === Number.NEGATIVE_INFINITY
  const common = { tokens, shown, cell, isMasked, onCell, onEnter: () => formula.current?.focus(), onLeave }
  const label = (kind: 'scoreAt' | 'weightAt', values: Float32Array) => (one: PathCell, masked: boolean) => {
    const words = { query: name(one.query), key: name(one.key) }
    return masked ? t('inside.path.maskedAt', words) : t(`inside.path.${kind}`, { ...words, value: format.weight(values[at(one)] ?? 0) })
  }
  const matrix = { tokens, shown }
  const words = (part: HeadPart) => ({
    symbol: SYMBOLS[part],
    title: t(`inside.path.parts.${part}`),
    caption: part === 'output' ? '' : t(`inside.path.captions.${part}`),
    isLit: lit === part,
  })
  const added = path.layers[layer]?.heads?.[head] ?? null
  const outputCaption =
    added === null
      ? t('inside.path.captions.outputPlain')
      : t('inside.path.captions.output', { token: name(position), length: shortLength(added) })
  return (
    <section className="path-zoom is-head" aria-label={format.head({ layer, head })}>
      <h3>{format.head({ layer, head })}</h3>
      <p className="path-sentence">
        {t('inside.path.headSentence', { width, token: name(position) })} <Sharing group={group} heads={detail.heads} head={head} />
      </p>
      <div className="path-head-body">
        <div className="path-flow-row">
          <div className="path-group">
            <PathMatrix {...matrix} {...words('query')} values={detail.query} width={width} marked={cell.query} />
            <span className="path-operator">·</span>
            <PathMatrix {...matrix} {...words('key')} values={detail.key} width={width} marked={cell.key} />
            <span className="path-operator">→</span>
            <PathGrid
              {...common}
              {...words('scores')}
              valueAt={(one) => scores[at(one)] ?? 0}
              isSigned
              labelOf={label('scoreAt', scores)}
            />
          </div>
          <div className="path-group">
            <span className="path-operator">→ softmax →</span>
            <PathGrid
              {...common}
              {...words('weights')}
              valueAt={(one) => weights[at(one)] ?? 0}
              isSigned={false}
              labelOf={label('weightAt', weights)}
            />
            <span className="path-operator">·</span>
            <PathMatrix {...matrix} {...words('value')} values={detail.value} width={valueWidth} marked={cell.key} />
            <span className="path-operator">=</span>
            <PathMatrix
              {...matrix}
              {...words('output')}
              caption={outputCaption}
              values={detail.output}
              width={valueWidth}
              marked={cell.query}
            />
          </div>
        </div>
        <section
          ref={formula}
          className="path-cell"
          data-not-exported=""
          tabIndex={-1}
          aria-label={t('inside.path.cellTitle', { query: name(cell.query), key: name(cell.key) })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.preventDefault()
            event.currentTarget.closest('.path-zoom')?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus()
          }}
        >
          <h4>{t('inside.path.cellTitle', { query: name(cell.query), key: name(cell.key) })}</h4>
          <p className="path-sentence">
            {t(isMasked(cell) ? 'inside.path.maskedSentence' : 'inside.path.cellSentence', {
              query: name(cell.query),
              key: name(cell.key),
              weight: format.percent(numbersAt(detail, cell).weight),
            })}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: where it is wider than the screen, it is scrolled by keys */}
          <section className="path-formulas" aria-label={t('inside.path.formulas')} tabIndex={0}>
            <Suspense fallback={<p className="path-formula" aria-busy="true" />}>
              {[headFormula(detail), ...cellFormulas(detail, cell), valueFormula(detail, cell)].map((tex) => (
                <PathFormula key={tex} tex={tex} onPart={setLit} />
              ))}
            </Suspense>
          </section>
          <p className="path-symbols">
            {LIT.map((part) => (
              <button
                key={part}
                type="button"
                onMouseEnter={() => setLit(part)}
                onMouseLeave={() => setLit(null)}
                onFocus={() => setLit(part)}
                onBlur={() => setLit(null)}
              >
                <b>{SYMBOLS[part]}</b> {t(`inside.path.parts.${part}`)}
              </button>
            ))}
          </p>
        </section>
      </div>
      <Check detail={detail} />
      <RowTable detail={detail} query={cell.query} />
    </section>
  )
}

function usualCell({ weights, tokens }: HeadDetail, query: number, shown: readonly number[]): PathCell {
  const weightOf = (key: number): number => weights[query * tokens.length + key] ?? 0
  return { query, key: shown.reduce((best, key) => (weightOf(key) > weightOf(best) ? key : best), shown[0] ?? 0) }
}

function Sharing({ group, heads, head }: Pick<HeadDetail, 'group' | 'heads' | 'head'>) {
  const { t } = useTranslation()
  if (group.count === heads) return null
  const others = group.heads.filter((other) => other !== head).map((other) => other + 1)
  return t('inside.path.sharing', { heads, count: group.count, index: group.index + 1, others: others.join(', ') })
}

/** Whether the formula gives what the model has. */
const EQUAL = { float32: 1e-5, float16: 5e-3 } as const

function Check({ detail }: { readonly detail: HeadDetail }) {
  const { t } = useTranslation()
  const { gaps, form, before, width, isHalf, cap } = detail
  const { kind, whole } = scaleOf(detail)
  const isEqual = Math.max(gaps.weights, gaps.output) <= (isHalf ? EQUAL.float16 : EQUAL.float32)
  const numbers = { weights: gaps.weights.toExponential(0), output: gaps.output.toExponential(0) }
  return (
    <p className={isEqual ? 'note path-check' : 'note note-warning path-check'}>
      {t(isEqual ? 'inside.path.equal' : 'inside.path.unequal', numbers)}
      {form === 'biased' && ` ${t('inside.path.biased')}`}
      {cap !== null && ` ${t('inside.path.capped', { cap: Number(cap.toPrecision(4)) })}`}
      {form === 'unknown' && ` ${t('inside.path.unknown')}`}
      {kind === 'other' && ` ${t('inside.path.otherScale', { whole: whole.toFixed(4), root: (1 / Math.sqrt(width)).toFixed(4), width })}`}
      {before !== 1 && ` ${t('inside.path.before', { before: before.toFixed(4) })}`}
    </p>
  )
}

/** The cell's row in numbers, for who does not see the picture. */
function RowTable({ detail, query }: { readonly detail: HeadDetail; readonly query: number }) {
  const { t } = useTranslation()
  const { tokens } = detail
  const title = t('inside.path.rowTable', { token: shownLabel(tokens[query]?.label ?? '') })
  return (
    <div className="is-unseen">
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {(['key', 'product', 'score', 'weight'] as const).map((name) => (
              <th key={name} scope="col">
                {t(`inside.path.columns.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tokens.map(({ label }, key) => {
            const { product, score, weight, isMasked } = numbersAt(detail, { query, key })
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a position is its place
              <tr key={key}>
                <th scope="row">{shownLabel(label)}</th>
                <td>{product.toFixed(4)}</td>
                <td>{isMasked ? t('inside.path.masked') : score.toFixed(4)}</td>
                <td>{weight.toFixed(4)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
