// Activation patching as a map, with the cells that restore or take away most by name.

import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PATCH_DIRECTIONS, PATCH_MAP_IDS } from '#catalogue/interventions'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import { axisName, type Cell } from '#views/kit/chart'
import { drawHeatmap, type HeatmapData, type HeatmapOptions } from '#views/matrix/heatmap'
import type { PatchMap } from '../api.ts'
import { lengthsIn, patchedOf, textsIn } from '../state/interventions.ts'

const STRONGEST = 8
/** CSS pixels: with what stands above it the map is whole on a laptop. */
const HEIGHT = 420

export function PatchView() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const errorText = useErrorText()
  const { patchMap, patchDirection } = useSettings('patchMap', 'patchDirection')
  const patched = useApp(patchedOf)
  const other = useApp((state) => textsIn(state)?.reference?.text ?? null)
  const isComing = useApp((state) => state.reference?.status === 'running' || textsIn(state) === null)
  const known = useApp(lengthsIn, (one, other) => one?.a === other?.a && one?.b === other?.b)
  return (
    <div className="patch-view">
      <div className="room-toolbar">
        <SelectBox
          label={t('intervene.patched')}
          value={patchMap}
          options={PATCH_MAP_IDS.map((value) => ({ value, text: t(`intervene.maps.${value}`) }))}
          onChange={(value) => actions.set({ patchMap: value })}
        />
        <Segmented
          label={t('intervene.direction')}
          value={patchDirection}
          options={PATCH_DIRECTIONS.map((value) => ({ value, text: t(`intervene.directions.${value}`) }))}
          onChange={(value) => actions.set({ patchDirection: value })}
        />
        <p className="note">{t(`intervene.directionNotes.${patchDirection}`)}</p>
      </div>
      {other === null && !isComing && <p className="empty-state">{t('intervene.noOther')}</p>}
      {patched?.error && (
        <p className="note note-warning" role="status">
          {known !== null && known.a !== known.b ? t('intervene.otherLength', known) : errorText(patched.error)}
        </p>
      )}
      {patched?.answer && other !== null && <PatchChart found={patched.answer} other={other} />}
    </div>
  )
}

function PatchChart({ found, other }: { readonly found: PatchMap; readonly other: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const tokens = useApp(({ a }) => a.answer?.row.tokens ?? null)
  const layerCount = useApp(({ model }) => (model.status === 'ready' ? model.card.layers : 0))
  const [hovered, setHovered] = useState<Cell | null>(null)
  const [selected, setSelected] = useState<Cell | null>(null)
  const { layers, groups, direction, clean, corrupt, target, foil } = found
  const names = useMemo(
    () =>
      groups === null
        ? (tokens ?? []).map(({ label }) => shownLabel(label))
        : groups.map((heads) => (heads.length === 1 ? String((heads[0] ?? 0) + 1) : `${(heads[0] ?? 0) + 1}–${(heads.at(-1) ?? 0) + 1}`)),
    [groups, tokens],
  )
  const data = useMemo((): HeatmapData => {
    const byLayer = Array.from({ length: layerCount }, (_, layer) => layers.find((one) => one.layer === layer)?.shares ?? null)
    return {
      rows: names.map(axisName),
      columns: byLayer.map((_, layer) => axisName(String(layer + 1))),
      values: Float32Array.from(names.flatMap((_, at) => byLayer.map((shares) => shares?.[at] ?? Number.NaN))),
    }
  }, [layers, names, layerCount])
  const cells = layers.flatMap(({ layer, shares, numbers }) =>
    shares.map((share, at) => ({ layer, at, share, number: numbers[at] ?? Number.NaN })),
  )
  const strongest = cells.toSorted((one, other) => Math.abs(other.share) - Math.abs(one.share)).slice(0, STRONGEST)
  const what = t(direction === 'denoise' ? 'intervene.restored' : 'intervene.taken')
  const options: HeatmapOptions = {
    scale: { kind: 'difference', max: Math.max(0.05, ...cells.map(({ share }) => Math.abs(share))) },
    unit: what,
    selected,
    hovered,
    selectedToken: null,
    zoom: 'fit',
    height: HEIGHT,
    words: {
      query: t(groups === null ? 'intervene.token' : 'intervene.head'),
      key: t('intervene.layer'),
      summary: t('intervene.patchSummary', { what }),
      gap: t('intervene.notYet'),
    },
    format: format.signed,
    onHover: setHovered,
    onSelect: setSelected,
    onSelectToken: () => undefined,
  }
  const label = (text: string): string => shownLabel(format.label(text))
  const cellName = (layer: number, at: number): string =>
    groups === null
      ? t('intervene.cell', { layer: layer + 1, token: names[at] ?? '' })
      : groups[at]?.length === 1
        ? format.head({ layer, head: groups[at][0] ?? 0 })
        : t('intervene.group', { layer: layer + 1, heads: names[at] ?? '' })
  return (
    <>
      <p className="patch-frame">
        {foil === null
          ? t('intervene.logitOf', { target: label(target) })
          : t('intervene.logitAgainst', { target: label(target), foil: label(foil) })}
        {': '}
        {t('intervene.frame', { clean: format.signed(clean), corrupt: format.signed(corrupt), text: other })}
      </p>
      <div className="patch-body">
        <ChartHost draw={drawHeatmap} data={data} options={options} />
        <section aria-label={t('intervene.strongestCells', { what })}>
          <h2>{t('intervene.strongestCells', { what })}</h2>
          <ol className="value-list">
            {strongest.map(({ layer, at, share, number }) => (
              <li key={`${layer}.${at}`}>
                <span>{cellName(layer, at)}</span>
                <span>
                  {format.signed(share)} <span className="note">({format.signed(number)})</span>
                </span>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </>
  )
}
