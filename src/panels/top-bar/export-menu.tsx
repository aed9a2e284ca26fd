import { useTranslation } from 'react-i18next'
import { MenuButton } from '#ui/menu-button'
import { toPng, toSvg } from '#views/kit/export'
import { useServices } from '../shared/app-context.tsx'
import { toCsv } from '../shared/export-tables.ts'
import { useExportTarget } from '../shared/export-target.tsx'

const FORMATS = ['svg', 'png', 'csv', 'json'] as const

/** Takes the charts on screen away, as a drawing, a picture or numbers. */
export function ExportMenu() {
  const { t } = useTranslation()
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
    if (format === 'svg' || format === 'png') {
      if (!target.current) throw new Error('no chart on screen')
      return format === 'png' ? toPng(target.current) : new Blob([toSvg(target.current)], { type: 'image/svg+xml' })
    }
    const state = store.getState()
    const tables = await tablesOf(state)
    if (format === 'csv') return new Blob([toCsv(tables)], { type: 'text/csv' })
    return new Blob([JSON.stringify({ link: actions.link(), settings: state.settings, matrices: tables }, null, 1)], {
      type: 'application/json',
    })
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
