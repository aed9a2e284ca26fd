// Heads and MLPs as a grid, coloured by what they wrote into the logit or by what they look at, and the strongest of them by name.

import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { HEAD_MEASURES, HEAD_SOURCES, type HeadMeasure } from '#catalogue/head-measures'
import type { HeadRef } from '#methods/attention/attention'
import type { HeadRole } from '#methods/inside/head-roles'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { Button } from '#ui/button'
import { Segmented } from '#ui/segmented'
import { SelectBox } from '#ui/select-box'
import { axisName, type Cell } from '#views/kit/chart'
import { drawHeatmap, type HeatmapData, type HeatmapOptions } from '#views/matrix/heatmap'
import type { LogitAttribution, MeasuredRoles } from '../api.ts'
import { copyingOf, INSIDE, randomCopyingOf, randomRolesOf, rolesOf, sharesOf } from '../state/inside.ts'
import { TotalEffects } from './effects-plot.tsx'

const STRONGEST = 8

export function HeadMap() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const inside = useService(INSIDE)
  const { actions } = useServices()
  const shown = useApp(({ settings }) => settings.headMeasure)
  const source = useApp(({ settings }) => settings.headSource)
  const shares = useApp(sharesOf)
  const ofText = useApp(rolesOf)
  const ofRandom = useApp(randomRolesOf)
  const roles = source === 'text' ? ofText : ofRandom
  const copyingOfText = useApp(copyingOf)
  const copyingOfRandom = useApp(randomCopyingOf)
  const copying = source === 'text' ? copyingOfText : copyingOfRandom
  const asked = shown === 'shares' ? shares : shown === 'copying' ? copying : roles
  // What is asked of the text is known by then, and so is the model.
  const wantsRandom = ofText !== null && source === 'random' && shown !== 'shares' && shown !== 'copying' && ofRandom === null
  useEffect(() => {
    if (wantsRandom) inside.measureRandom()
  }, [wantsRandom, inside])
  const nameOf = (one: HeadMeasure): string => (one === 'shares' ? t('inside.shares') : t(`inside.roles.${one}`))
  const isUnknown =
    shown !== 'shares' && source === 'text' && roles?.answer?.copies === 0 && (shown === 'induction' || shown === 'duplicateToken')
  return (
    <div className="head-map">
      <h2>{t('inside.heads')}</h2>
      <div className="room-toolbar" data-not-exported="">
        <SelectBox
          label={t('inside.show')}
          value={shown}
          options={HEAD_MEASURES.map((value) => ({ value, text: nameOf(value) }))}
          onChange={(headMeasure) => actions.set({ headMeasure })}
        />
        {shown !== 'shares' && (
          <Segmented
            label={t('inside.measuredOn')}
            value={source}
            options={HEAD_SOURCES.map((value) => ({ value, text: t(`inside.${value}`) }))}
            onChange={(headSource) => actions.set({ headSource })}
          />
        )}
      </div>
      {shown !== 'shares' && source === 'random' && <p className="note">{t('inside.randomNote')}</p>}
      {isUnknown && <p className="note note-warning">{t('inside.noCopies')}</p>}
      {asked?.error && <p className="note note-warning">{errorText(asked.error)}</p>}
      {shown === 'shares' && shares?.answer && <SharesMap found={shares.answer} />}
      {shown === 'copying' && (
        <Copying asked={copying} name={nameOf(shown)} onMeasure={() => inside.measureCopying(source)} onStop={inside.stop} />
      )}
      {shown !== 'shares' && shown !== 'copying' && roles?.answer && !isUnknown && (
        <RolesMap found={roles.answer} role={shown} name={nameOf(shown)} />
      )}
    </div>
  )
}

function SharesMap({ found }: { readonly found: LogitAttribution }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { embedding, heads, mlps, biases, constant, sum, difference } = found
  const total = (values: readonly number[]): string => format.signed(values.reduce((all, value) => all + value, 0))
  const values = useMemo(() => heads.map((layer, at) => [...layer, mlps[at] ?? Number.NaN]), [heads, mlps])
  return (
    <>
      <p>
        {t('inside.sum', {
          embedding: format.signed(embedding),
          heads: total(heads.flat()),
          mlps: total(mlps),
          biases: total([...biases, constant]),
          sum: format.signed(sum),
          difference: format.signed(difference),
        })}
      </p>
      <ValueMap values={values} hasMlp isSigned name={t('inside.shares')} unit={t('inside.unitShares')} />
      <TotalEffects shares={found} />
    </>
  )
}

function RolesMap({ found, role, name }: { readonly found: MeasuredRoles; readonly role: HeadRole; readonly name: string }) {
  const { t } = useTranslation()
  const unit = t(role === 'entropy' ? 'inside.unitEntropy' : role === 'distance' ? 'inside.unitDistance' : 'inside.unitRole')
  return <ValueMap values={found.roles[role]} hasMlp={false} isSigned={false} name={name} unit={unit} />
}

interface CopyingProps {
  readonly asked: ReturnType<typeof copyingOf>
  readonly name: string
  readonly onMeasure: () => void
  readonly onStop: () => void
}

/** A pass a layer: measured when the reader says so. */
function Copying({ asked, name, onMeasure, onStop }: CopyingProps) {
  const { t } = useTranslation()
  const layers = useApp(({ model }) => (model.status === 'ready' ? model.card.layers : 0))
  const found = typeof asked?.answer === 'object' ? asked.answer : null
  const isRunning = asked?.status === 'running'
  return (
    <>
      <p className="note">{t('inside.aboutCopying')}</p>
      {found === null && (
        <div className="room-toolbar" data-not-exported="">
          <Button look={isRunning ? 'quiet' : 'primary'} icon={isRunning ? 'close' : 'play'} onPress={isRunning ? onStop : onMeasure}>
            {t(isRunning ? 'asked.stop' : 'inside.measure')}
          </Button>
          {isRunning && (
            <span role="status" className="note">
              {t('inside.readingHeads', { done: typeof asked.answer === 'number' ? asked.answer : 0, count: layers })}
            </span>
          )}
        </div>
      )}
      {found && (
        <ValueMap
          values={found.scores}
          hasMlp={false}
          isSigned={false}
          name={name}
          unit={t('inside.unitCopying', { count: found.tokens })}
        />
      )}
    </>
  )
}

interface ValueMapProps {
  /** [layers][heads], with the MLP last where it is there. */
  readonly values: readonly (readonly number[])[]
  readonly hasMlp: boolean
  readonly isSigned: boolean
  readonly name: string
  readonly unit: string
}

function ValueMap({ values, hasMlp, isSigned, name, unit }: ValueMapProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [hovered, setHovered] = useState<Cell | null>(null)
  const [selected, setSelected] = useState<Cell | null>(null)
  const columns = values[0]?.length ?? 0
  const heads = hasMlp ? columns - 1 : columns
  const data = useMemo((): HeatmapData => {
    const rows = Array.from({ length: columns }, (_, head) => head)
    return {
      rows: rows.map((head) => axisName(head < heads ? String(head + 1) : t('inside.mlp'))),
      columns: values.map((_, layer) => axisName(String(layer + 1))),
      values: Float32Array.from(rows.flatMap((head) => values.map((layer) => layer[head] ?? Number.NaN))),
    }
  }, [values, columns, heads, t])
  const known = values.flat().filter(Number.isFinite)
  const options: HeatmapOptions = {
    scale: { kind: isSigned ? 'difference' : 'attention', max: Math.max(1e-6, ...known.map(Math.abs)) },
    unit,
    selected,
    hovered,
    selectedToken: null,
    zoom: 'fit',
    words: { query: t('inside.head'), key: t('inside.layer'), summary: t('inside.summary', { what: name }), gap: t('inside.nothing') },
    format: isSigned ? format.signed : format.weight,
    onHover: setHovered,
    onSelect: setSelected,
    onSelectToken: () => undefined,
  }
  const strongest = values
    .flatMap((layer, at) => layer.map((value, head) => ({ ref: { layer: at, head }, value })))
    .filter(({ value }) => Number.isFinite(value))
    .toSorted((one, other) => Math.abs(other.value) - Math.abs(one.value))
    .slice(0, STRONGEST)
  return (
    <div className="head-map-body">
      <ChartHost draw={drawHeatmap} data={data} options={options} />
      <section aria-label={t('inside.strongest', { what: name })}>
        <h3>{t('inside.strongest', { what: name })}</h3>
        <ol className="value-list">
          {strongest.map(({ ref, value }) => (
            <li key={`${ref.layer}.${ref.head}`}>
              {ref.head < heads ? <HeadLink head={ref} /> : <span>{t('inside.mlpOf', { layer: ref.layer + 1 })}</span>}
              <span className="head-value">{options.format(value)}</span>
            </li>
          ))}
        </ol>
      </section>
    </div>
  )
}

/** Opens the tab that shows a head's attention. */
function HeadLink({ head }: { readonly head: HeadRef }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const format = useFormat()
  const name = format.head(head)
  return (
    <button
      type="button"
      className="head-link"
      title={t('inside.openHead', { head: name })}
      onClick={() => actions.open({ tab: 'attention', heads: [head], reduce: 'each' })}
    >
      {name}
    </button>
  )
}
