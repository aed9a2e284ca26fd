// What every head, attention block and MLP does for the target, as a grid in which each is switched off and on.

import { type CSSProperties, type KeyboardEvent, type SyntheticEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelPart } from '#methods/intervention/activation-change'
import { useApp } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { cellAt, walkCells } from '#views/kit/cell-walk'
import type { Position } from '#views/kit/keyboard'
import { kindIn, sweepOf } from '../state/interventions.ts'
import { useGates } from './use-gates.tsx'
import { usePartName } from './use-part-name.tsx'

export function PartMap() {
  const { t } = useTranslation()
  const format = useFormat()
  const partName = usePartName()
  const { gates, toggle } = useGates()
  const kind = useApp(kindIn)
  const sweep = useApp((state) => sweepOf(state)?.answer ?? null)
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const [looked, setLooked] = useState<Position>({ row: 0, column: 0 })
  const [isLooking, setLooking] = useState(false)
  const table = useRef<HTMLTableElement>(null)
  if (card === null) return null
  const known = sweep?.kinds.find((one) => one.kind === kind)?.layers ?? []
  const untouched = sweep?.untouched ?? Number.NaN
  const rows: readonly ((layer: number) => ModelPart)[] = [
    ...Array.from(
      { length: card.heads },
      (_, head) =>
        (layer: number): ModelPart => ({ kind: 'head', layer, head }),
    ),
    (layer) => ({ kind: 'attention', layer, head: null }),
    (layer) => ({ kind: 'mlp', layer, head: null }),
  ]
  const effectOf = ({ kind: part, layer, head }: ModelPart): number => {
    const found = known.find((one) => one.layer === layer)
    const number = part === 'head' ? found?.heads[head ?? 0] : part === 'attention' ? found?.attention : found?.mlp
    return untouched - (number ?? Number.NaN)
  }
  const heads = known.flatMap((layer) => layer.heads.map((number) => Math.abs(untouched - number)))
  const blocks = known.flatMap(({ attention, mlp }) => [attention, mlp].map((number) => Math.abs(untouched - (number ?? Number.NaN))))
  const largest = { head: most(heads), block: most(blocks) }
  const partAt = ({ row, column }: Position): ModelPart | null => rows[row]?.(column) ?? null
  const look = (event: SyntheticEvent): void => {
    const place = cellAt(event.target)
    if (place === null) return
    setLooked(place)
    setLooking(true)
  }
  const choose = (event: SyntheticEvent): void => {
    const place = cellAt(event.target)
    const part = place && partAt(place)
    if (part) toggle(part)
  }
  const walk = (event: KeyboardEvent): void => {
    const place = cellAt(event.target)
    if (place === null) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      choose(event)
      return
    }
    walkCells(event, table.current, place, { rows: rows.length, columns: card.layers })
  }
  const seen = partAt(looked)
  const rowName = (row: number): string => {
    if (row < card.heads) return t('intervene.headRow', { head: row + 1 })
    return t(row === card.heads ? 'intervene.attention' : 'intervene.mlp')
  }
  return (
    <div className="part-map">
      <h2>{t('intervene.map', { kind: t(`intervene.kinds.${kind}`) })}</h2>
      <p className="part-readout" aria-hidden="true">
        {isLooking && seen !== null ? (
          <>
            <b>{partName(seen)}</b> {format.signed(effectOf(seen))} {t('intervene.logits')}
          </>
        ) : (
          <span className="note">{t('intervene.mapNote')}</span>
        )}
      </p>
      <div className="part-scroll">
        <table
          ref={table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked by arrow keys is a grid
          role="grid"
          aria-label={t('intervene.mapLabel')}
          onFocus={look}
          onMouseOver={look}
          onClick={choose}
          onKeyDown={walk}
        >
          <thead>
            <tr>
              <th scope="col">{t('intervene.layer')}</th>
              {Array.from({ length: card.layers }, (_, layer) => (
                <th key={t('intervene.mlpOf', { layer: layer + 1 })} scope="col">
                  {layer + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((partIn, row) => (
              <tr key={rowName(row)} className={row === card.heads ? 'is-first-block' : ''}>
                <th scope="row">{rowName(row)}</th>
                {Array.from({ length: card.layers }, (_, layer) => {
                  const part = partIn(layer)
                  const name = partName(part)
                  const effect = effectOf(part)
                  const gate = gates.find(({ part: other }) => partName(other) === name)
                  const share = effect / (part.kind === 'head' ? largest.head : largest.block)
                  const left = gate === undefined ? '' : gate.scale === 0 ? t('intervene.off') : format.percent(gate.scale)
                  return (
                    <td
                      key={name}
                      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of a grid
                      role="gridcell"
                      data-cell={`${row}.${layer}`}
                      tabIndex={looked.row === row && looked.column === layer ? 0 : -1}
                      aria-selected={gate !== undefined}
                      aria-label={[name, Number.isNaN(effect) ? '' : format.signed(effect), left].filter((word) => word !== '').join(' ')}
                      className={gate === undefined ? '' : gate.scale === 0 ? 'is-gated is-off' : 'is-gated'}
                      style={tintOf(share)}
                    />
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {known.length > 0 && <Legend head={largest.head} block={largest.block} />}
    </div>
  )
}

function Legend({ head, block }: { readonly head: number; readonly block: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <p className="part-legend">
      <span className="part-swatch is-for" /> {t('intervene.supports')}
      <span className="part-swatch is-against" /> {t('intervene.opposes')}
      <span className="note">{t('intervene.scale', { head: format.weight(head), block: format.weight(block) })}</span>
    </p>
  )
}

function most(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, Number.isNaN(value) ? 0 : value), 1e-6)
}

/** From -1 to 1; nothing where it is not known. */
function tintOf(share: number): CSSProperties {
  if (Number.isNaN(share)) return {}
  const colour = share > 0 ? 'var(--is-diff-pos)' : 'var(--is-diff-neg)'
  return { background: `color-mix(in oklab, ${colour} ${Math.min(100, Math.abs(share) * 100).toFixed(1)}%, var(--is-diff-zero))` }
}
