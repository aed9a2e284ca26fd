// The whole way as one picture: tokens become vectors, every block adds to them, and the last vector becomes an answer.

import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { InferencePath } from '../api.ts'
import { shortened, shortLength } from './path-shared.ts'

interface PathPictureProps {
  readonly path: InferencePath
  /** The opened block; null for none. */
  readonly layer: number | null
  /** Positions that are drawn, in order. */
  readonly shown: readonly number[]
  readonly onOpen: (layer: number | null) => void
  /** Draws earlier or later positions. */
  readonly onMove: (by: -1 | 1) => void
  readonly onPosition: (position: number) => void
}

/** Heights of a token's row, of the bars on either side and of the cosine, and the width below which the answer stands under the blocks. */
const [ROW, BAND, CURVE, NARROW] = [21, 40, 30, 720]
/** Where positions are left out. */
const GAP = 13
/** Of what leads from an opened block to what is inside. */
const WEDGE = 26
const CANDIDATES = 5

export function PathPicture({ path, layer, shown, onOpen, onMove, onPosition }: PathPictureProps) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [pointed, setPointed] = useState<number | null>(null)
  useLayoutEffect(() => {
    const node = frame.current
    if (node === null) return
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    setWidth(node.clientWidth)
    return () => observer.disconnect()
  }, [])
  const { tokens, position, layers, norms, cosines } = path
  const isNarrow = width < NARROW
  const left = isNarrow ? 92 : 168
  const right = isNarrow ? width - 8 : width - 330
  const first = left + (isNarrow ? 14 : 46)
  const step = Math.max(2, (right - first) / layers.length)
  const x = (at: number): number => first + at * step
  const top = 8
  /** Rows before which some positions are not drawn. */
  const gaps = shown.map((token, row) => (row === 0 ? token : token - (shown[row - 1] ?? token) - 1))
  const rows = shown.map((_, row) => top + ROW * row + GAP * gaps.slice(0, row + 1).filter((size) => size > 0).length)
  const behind = tokens.length - 1 - (shown.at(-1) ?? 0)
  const y = (row: number): number => (rows[row] ?? top) + ROW / 2
  const rowsEnd = (rows.at(-1) ?? top) + ROW + (behind > 0 ? GAP : 0)
  const gapY = (row: number): number => (rows[row] === undefined ? rowsEnd : rows[row]) - GAP / 2
  const own = shown.indexOf(position)
  const normAt = (at: number, token: number): number => norms[at * tokens.length + token] ?? Number.NaN
  const seen = shown.flatMap((token) => [...layers, null].map((_, at) => normAt(at, token)))
  const [low, high] = [Math.min(...seen), Math.max(...seen)]
  /** Lengths differ by orders of magnitude: thickness follows their logarithm. */
  const half = (value: number): number => 0.7 + (5.6 * Math.log(value / low)) / (Math.log(high / low) || 1)
  const ribbon = (row: number, token: number): string => {
    const points = [...layers, null].map((_, at) => [x(at), half(normAt(at, token))] as const)
    const above = points.map(([px, size]) => `${px} ${y(row) - size}`)
    const below = points.toReversed().map(([px, size]) => `${px} ${y(row) + size}`)
    return `M${above.join('L')}L${below.join('L')}Z`
  }
  const largest = Math.max(1e-9, ...layers.flatMap(({ attention, mlp }) => [attention ?? 0, mlp ?? 0]))
  const base = rowsEnd + 14 + BAND
  const cosineTop = base + BAND + 14
  const cosineY = (value: number): number => cosineTop + CURVE * (1 - Math.max(0, value))
  const bottom = cosineTop + CURVE + 18
  const answerX = isNarrow ? 8 : right + 26
  const answerY = isNarrow ? bottom + 26 : top + 6
  const content = isNarrow ? answerY + 30 + 24 * CANDIDATES + 8 : Math.max(bottom, answerY + 60 + 26 * CANDIDATES)
  const height = content + (layer === null ? 4 : WEDGE)
  const looked = pointed ?? layer
  const focusable = layer ?? 0
  const walk = (event: KeyboardEvent<SVGGElement>, at: number): void => {
    const moves: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: layers.length - 1 }
    const next = moves[event.key]
    if (event.key === 'Enter' || event.key === ' ') onOpen(at)
    else if (event.key === 'Escape') onOpen(null)
    else if (event.key === 'PageUp') onMove(-1)
    else if (event.key === 'PageDown') onMove(1)
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const to = position + (event.key === 'ArrowUp' ? -1 : 1)
      if (to < 0 || to >= tokens.length) return
      onPosition(to)
    } else if (next !== undefined) {
      const target = frame.current?.querySelector(`[data-block="${next}"]`)
      if (target instanceof SVGElement) target.focus()
    } else return
    event.preventDefault()
  }
  return (
    <div className="path-picture" ref={frame}>
      <p className="path-readout" aria-hidden="true">
        {looked === null
          ? t('inside.path.pickBlock')
          : t('inside.path.blockLabel', {
              layer: looked + 1,
              stream: shortLength(normAt(looked, position)),
              attention: shortLength(layers[looked]?.attention ?? null),
              mlp: shortLength(layers[looked]?.mlp ?? null),
            })}
      </p>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: of a picture, not of a form
        <svg width={width} height={height} role="group" aria-label={t('inside.path.title')}>
          {shown.map((token, row) => (
            <Row key={token} path={path} token={token} y={y(row)} left={left} isNarrow={isNarrow} onPosition={onPosition} />
          ))}
          {[...gaps, behind].map((count, row) =>
            count === 0 ? null : (
              <g key={shown[row] ?? 'end'} className="path-gap">
                <line x1={0} x2={right} y1={gapY(row)} y2={gapY(row)} />
                <text className="path-word path-gap-label" x={isNarrow ? 4 : 8} y={gapY(row) + 4}>
                  {t('inside.path.gap', { count })}
                </text>
              </g>
            ),
          )}
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
          <g aria-hidden="true">
            {shown.map((token, row) => (
              <path key={token} className={token === position ? 'path-stream is-own' : 'path-stream'} d={ribbon(row, token)} />
            ))}
            {looked !== null && <Arcs path={path} layer={looked} shown={shown} own={own} x={x(looked) + step * 0.5} step={step} y={y} />}
            <line className="path-line" x1={first} x2={right} y1={base} y2={base} />
            {layers.map(({ attention, mlp }, at) => {
              const [up, down] = [((attention ?? 0) / largest) * BAND, ((mlp ?? 0) / largest) * BAND]
              const bar = { x: x(at) + step * 0.18, width: Math.max(1, step * 0.64) }
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
                <g key={at}>
                  <rect className="path-attention" {...bar} y={base - up} height={up} />
                  <rect className="path-mlp" {...bar} y={base} height={down} />
                </g>
              )
            })}
            <text className="path-word" x={first - 8} y={base - 6} textAnchor="end">
              {t('inside.path.attention')}
            </text>
            <text className="path-word" x={first - 8} y={base + 14} textAnchor="end">
              {t('inside.path.mlp')}
            </text>
            <path className="path-cosine" d={cosines.map((value, at) => `${at === 0 ? 'M' : 'L'}${x(at)} ${cosineY(value)}`).join('')} />
            <line className="path-line" x1={first} x2={right} y1={cosineTop + CURVE} y2={cosineTop + CURVE} />
            {layers.map((_, at) =>
              at === 0 || at === layers.length - 1 || (at + 1) % (layers.length > 12 ? 5 : 1) === 0 ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
                <text key={at} className="path-id" x={x(at) + step / 2} y={bottom - 4} textAnchor="middle">
                  {at + 1}
                </text>
              ) : null,
            )}
            <text className="path-word" x={first - 8} y={bottom - 4} textAnchor="end">
              {t('inside.path.block')}
            </text>
            {layer !== null && <path className="path-wedge" d={`M${x(layer)} ${bottom}H${x(layer) + step}L${width} ${height}H0Z`} />}
            <text className="path-word" x={first - 8} y={cosineTop + 20} textAnchor="end">
              {t(isNarrow ? 'inside.path.cosineShort' : 'inside.path.cosine')}
            </text>
          </g>
          {layers.map((one, at) => (
            // biome-ignore lint/a11y/useSemanticElements: a picture has no buttons of its own
            <g
              // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
              key={at}
              className={at === layer ? 'path-block-hit is-open' : 'path-block-hit'}
              role="button"
              tabIndex={at === focusable ? 0 : -1}
              data-block={at}
              aria-expanded={at === layer}
              aria-label={t('inside.path.blockLabel', {
                layer: at + 1,
                stream: shortLength(normAt(at, position)),
                attention: shortLength(one.attention),
                mlp: shortLength(one.mlp),
              })}
              onClick={() => onOpen(at === layer ? null : at)}
              onKeyDown={(event) => walk(event, at)}
              onMouseEnter={() => setPointed(at)}
              onMouseLeave={() => setPointed(null)}
              onFocus={() => setPointed(at)}
              onBlur={() => setPointed(null)}
            >
              <rect x={x(at)} y={top - 4} width={step} height={bottom - top + 4} rx={3} />
            </g>
          ))}
          <Answer
            path={path}
            x={answerX}
            y={answerY}
            width={isNarrow ? width - 16 : 296}
            from={isNarrow ? null : { x: right, y: y(own) }}
          />
        </svg>
      )}
    </div>
  )
}

interface RowProps {
  readonly path: InferencePath
  readonly token: number
  readonly y: number
  readonly left: number
  readonly isNarrow: boolean
  readonly onPosition: (position: number) => void
}

/** A token with its id; pressing it follows it. */
function Row({ path, token, y, left, isNarrow, onPosition }: RowProps) {
  const one = path.tokens[token]
  const isOwn = token === path.position
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the blocks' up and down keys do the same
    <g className={isOwn ? 'path-token is-own' : 'path-token'} onClick={() => onPosition(token)}>
      <rect x={0} y={y - ROW / 2 + 1} width={left} height={ROW - 2} rx={4} />
      <text x={isNarrow ? 4 : 8} y={y + 4}>
        {shortened(shownLabel(one?.label ?? ''), isNarrow ? 10 : 14)}
      </text>
      {!isNarrow && (
        <text className="path-id" x={left - 8} y={y + 4} textAnchor="end">
          {one?.id}
        </text>
      )}
    </g>
  )
}

interface ArcsProps {
  readonly path: InferencePath
  readonly layer: number
  readonly shown: readonly number[]
  readonly own: number
  readonly x: number
  readonly step: number
  readonly y: (row: number) => number
}

/** What a block's heads look at from the position, on average: where its attention brings something in from. */
function Arcs({ path, layer, shown, own, x, step, y }: ArcsProps) {
  const { heads, tokens, attention } = path
  const mean = (token: number): number => {
    let sum = 0
    for (let head = 0; head < heads; head++) sum += attention[(layer * heads + head) * tokens.length + token] ?? 0
    return sum / heads
  }
  return shown.map((token, row) => {
    const weight = mean(token)
    if (row === own || weight < 0.005) return null
    const bend = Math.max(10, step)
    const d = `M${x} ${y(row)}C${x + bend} ${y(row)} ${x + bend} ${y(own)} ${x} ${y(own)}`
    return <path key={token} className="path-arc" d={d} strokeWidth={1 + 5 * weight} opacity={0.35 + 0.65 * weight} />
  })
}

interface AnswerProps {
  readonly path: InferencePath
  readonly x: number
  readonly y: number
  readonly width: number
  /** Where the stream of the position ends; null where the answer stands below. */
  readonly from: { readonly x: number; readonly y: number } | null
}

/** Final norm, logits and probabilities. */
function Answer({ path, x, y, width, from }: AnswerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { answer, final, norms, tokens, layers, position } = path
  const end = norms[layers.length * tokens.length + position] ?? null
  const lines = (answer ?? []).slice(0, CANDIDATES)
  const largest = Math.max(1e-9, ...lines.map(({ probability }) => probability ?? 0))
  const bar = width - 168
  return (
    <g className="path-answer">
      {from !== null && (
        <path className="path-flow" d={`M${from.x} ${from.y}C${from.x + 16} ${from.y} ${x - 22} ${y + 12} ${x - 4} ${y + 12}`} />
      )}
      <rect className="path-box" x={x - 2} y={y - 4} width={width} height={34} rx={6} />
      <text x={x + 8} y={y + 18}>
        {final === null
          ? t('inside.path.end', { length: shortLength(end) })
          : t('inside.path.finalNorm', { before: shortLength(end), after: shortLength(final) })}
      </text>
      {lines.map(({ label, logit, probability }, at) => {
        const top = y + 44 + 25 * at
        return (
          <g key={label} className={at === 0 ? 'path-candidate is-first' : 'path-candidate'}>
            <text x={x + 78} y={top + 13} textAnchor="end">
              {shortened(shownLabel(format.label(label)), 11)}
            </text>
            <rect x={x + 84} y={top + 2} width={Math.max(1, (bar * (probability ?? 0)) / largest)} height={14} rx={2} />
            <text className="path-number" x={x + width - 4} y={top + 13} textAnchor="end">
              {probability === null ? format.weight(logit) : `${format.percent(probability)} · ${shortLength(logit)}`}
            </text>
          </g>
        )
      })}
    </g>
  )
}
