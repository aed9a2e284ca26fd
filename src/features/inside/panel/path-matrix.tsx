// Rows of numbers as a small picture: queries, keys, values and what a head gives, a row a position.

import { memo } from 'react'
import { shownLabel } from '#panels/shared/shown-label.ts'
import type { ReadToken } from '../api.ts'
import { shortened } from './path-shared.ts'

/** A part of a head that a symbol of the formula stands for. */
export type HeadPart = 'query' | 'key' | 'scores' | 'weights' | 'value' | 'output'

interface PathMatrixProps {
  readonly title: string
  readonly caption: string
  readonly symbol: string
  /** [T,width] */
  readonly values: Float32Array
  readonly width: number
  readonly tokens: readonly ReadToken[]
  readonly shown: readonly number[]
  /** The position whose row is marked; null for none. */
  readonly marked: number | null
  readonly isLit: boolean
}

const [LABEL, ROW, WIDE, SHADES] = [60, 16, 112, 8]

export const PathMatrix = memo(function PathMatrix({
  title,
  caption,
  symbol,
  values,
  width,
  tokens,
  shown,
  marked,
  isLit,
}: PathMatrixProps) {
  const cell = WIDE / width
  const at = (row: number, column: number): number => values[row * width + column] ?? 0
  const largest = Math.max(1e-9, ...shown.flatMap((row) => Array.from({ length: width }, (_, column) => Math.abs(at(row, column)))))
  const paths = new Map<number, string>()
  for (const [place, row] of shown.entries()) {
    for (let column = 0; column < width; column++) {
      const shade = Math.round((SHADES * at(row, column)) / largest)
      const d = `M${(LABEL + column * cell).toFixed(2)} ${place * ROW}h${cell.toFixed(2)}v${ROW - 1}h${(-cell).toFixed(2)}z`
      paths.set(shade, (paths.get(shade) ?? '') + d)
    }
  }
  const markedRow = marked === null ? -1 : shown.indexOf(marked)
  return (
    <figure className={isLit ? 'path-figure is-lit' : 'path-figure'}>
      <figcaption>
        <b>{symbol}</b> {title}
      </figcaption>
      <svg width={LABEL + WIDE + 1} height={shown.length * ROW} role="img" aria-label={`${title}: ${caption}`}>
        {shown.map((row, place) => (
          <text key={row} className={row === marked ? 'is-own' : undefined} x={LABEL - 5} y={place * ROW + 12} textAnchor="end">
            {shortened(shownLabel(tokens[row]?.label ?? ''), 8)}
          </text>
        ))}
        {Array.from(paths, ([shade, d]) => (
          <path key={shade} className={shade < 0 ? 'is-below' : 'is-above'} style={{ '--share': Math.abs(shade) / SHADES }} d={d} />
        ))}
        {markedRow >= 0 && <rect className="path-mark" x={LABEL - 0.5} y={markedRow * ROW - 0.5} width={WIDE + 1} height={ROW} />}
      </svg>
      <p className="path-caption">{caption}</p>
    </figure>
  )
})
