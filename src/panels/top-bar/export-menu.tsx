import { useTranslation } from 'react-i18next'
import { MenuButton } from '#ui/menu-button'
import { toPng, toSvg } from '#views/kit/export'
import { useServices } from '../shared/app-context.tsx'
import { captionOf, exportSource } from '../shared/export-source.ts'
import { toCsv, toJsonTables } from '../shared/export-tables.ts'
import { useExportTarget } from '../shared/export-target.tsx'

const FORMATS = ['svg', 'png', 'csv', 'json'] as const

/** Takes what is on screen away: charts as SVG and PNG, their numbers as CSV and JSON. */
export function ExportMenu() {
  const { t, i18n } = useTranslation()
  const { actions, store, tables: tablesOf } = useServices()
  const target = useExportTarget()
  const save = async (format: (typeof FORMATS)[number]): Promise<void> => {
    const name = `innerscope-${store.getState().settings.tab}.${format}`
    try {
      download(name, await contents(format))
      actions.notify('exported', { name })
    } catch {
      actions.notify('export-failed')
    }
  }
  const contents = async (format: (typeof FORMATS)[number]): Promise<Blob> => {
    const state = store.getState()
    const now = new Date()
    const source = exportSource(state, actions.link(), now)
    if (format === 'svg' || format === 'png') {
      if (!target.current) throw new Error('no chart on screen')
      const about = { ...captionOf(state, t, i18n.language, now), metadata: { ...source, settings: state.settings } }
      if (format === 'png') return toPng(target.current, about)
      return new Blob([await toSvg(target.current, about)], { type: 'image/svg+xml' })
    }
    const tables = await tablesOf(state)
    if (tables.length === 0) throw new Error('no numbers on screen')
    if (format === 'csv') return new Blob([toCsv(tables, source)], { type: 'text/csv' })
    const content = { source, settings: state.settings, matrices: toJsonTables(tables) }
    return new Blob([JSON.stringify(content, null, 1)], { type: 'application/json' })
  }
  return (
    <MenuButton
      label={t('app.export')}
      icon="download"
      entries={[
        { id: 'svg', text: t('app.exportSvg') },
        { id: 'png', text: t('app.exportPng') },
        { id: 'csv', text: t('app.exportCsv') },
        { id: 'json', text: t('app.exportJson') },
      ]}
      onChoose={(id) => {
        const format = FORMATS.find((candidate) => candidate === id)
        if (format) void save(format)
      }}
    />
  )
}

function download(name: string, blob: Blob): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000)
}
