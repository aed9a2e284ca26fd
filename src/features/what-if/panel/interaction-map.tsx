// What every two units do together beyond what each does alone, as a matrix.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { ChartHost } from '#panels/shared/chart-host.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { unitText } from '#panels/shared/unit-text.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { useTargetText } from '#panels/shared/use-target-text.tsx'
import { sameInput } from '#state/layout/panes'
import { largestMagnitude } from '#tensor/vector'
import { Button } from '#ui/button'
import { drawHeatmap, type HeatmapData, type HeatmapOptions } from '#views/matrix/heatmap'
import { INTERACTIONS, WHAT_IF } from '../state/what-if.ts'

export function InteractionMap() {
  const { t } = useTranslation()
  const format = useFormat()
  const exported = useExportTarget()
  const errorText = useErrorText()
  const { actions } = useServices()
  const whatIf = useService(WHAT_IF)
  const isOn = useApp((state) => state.settings.interactions === 'on')
  const isLoading = useApp(({ model }) => model.status === 'loading')
  const answer = useApp((state) => state.a.answer)
  const interactions = useApp(INTERACTIONS.of)
  const target = useTargetText()
  const current = interactions !== null && answer !== null && sameInput(interactions.question.input, answer.input) ? interactions : null
  const known = current?.answer ?? null
  const data = useMemo((): HeatmapData | null => {
    if (known === null || answer === null) return null
    const axis = known.units.map((unit) => ({
      label: unitText(answer.row.tokens, unit).trim(),
      special: false,
      changed: false,
      gap: false,
    }))
    return { rows: axis, columns: axis, values: known.values }
  }, [known, answer])
  const max = largestMagnitude(known?.values ?? []) || 1
  const unit = t(`target.units.${target.space}`)
  const options: HeatmapOptions = {
    scale: { kind: 'difference', max },
    unit,
    format: format.signed,
    selected: null,
    hovered: null,
    selectedToken: null,
    zoom: 'fit',
    words: { query: t('whatIf.one'), key: t('whatIf.other'), summary: t('whatIf.views.interactions'), gap: t('whatIf.noInteraction') },
    onHover: () => undefined,
    onSelect: () => undefined,
    onSelectToken: () => undefined,
  }
  return (
    <section className="what-if-part" aria-label={t('whatIf.views.interactions')}>
      <div className="what-if-status">
        {isOn ? (
          <AskedStatus
            status={current?.status}
            progress={known ? t('whatIf.pairsLeft', { count: known.left }) : t('asked.running')}
            onStop={() => whatIf.stop('interactions')}
            onAgain={() => whatIf.again('interactions')}
          />
        ) : (
          <Button look="primary" onPress={() => actions.set({ interactions: 'on' })}>
            {t('whatIf.compute')}
          </Button>
        )}
        {isLoading && <p className="note">{t('whatIf.waiting')}</p>}
      </div>
      {isOn && current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {isOn &&
        known?.doubts.map((doubt) => (
          <p className="note" key={doubt}>
            {t(`doubts.${doubt}`)}
          </p>
        ))}
      {isOn && data && (
        <div ref={exported}>
          <ChartHost draw={drawHeatmap} data={data} options={options} />
        </div>
      )}
    </section>
  )
}
