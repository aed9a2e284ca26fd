// The page: bar, sentence, charts, inspector, history.

import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languageRow } from '#catalogue/languages'
import { ASIDES, BARS, SENTENCE_LINES, TABS, tintOf } from '#features/page.ts'
import { HistoryLine } from '#panels/history/history-line.tsx'
import { Inspector } from '#panels/inspector/inspector.tsx'
import { DropFiles } from '#panels/model/drop-files.tsx'
import { LoadBar } from '#panels/model/load-bar.tsx'
import { SentenceActions } from '#panels/sentence/sentence-actions.tsx'
import { SentencePanel } from '#panels/sentence/sentence-panel.tsx'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { ExportTarget } from '#panels/shared/export-target.tsx'
import { Notices } from '#panels/shared/notices.tsx'
import { TopBar } from '#panels/top-bar/top-bar.tsx'
import { Locale } from '#ui/locale'
import { Segmented } from '#ui/segmented'
import './app.css'

export function App() {
  const { t, i18n } = useTranslation()
  const { actions } = useServices()
  const { locale, dir } = languageRow(i18n.language)
  const tab = useApp((state) => state.settings.tab)
  const shown = TABS.find(({ id }) => id === tab)
  const Panel = shown?.panel
  const size = useApp((state) => state.settings.size)
  const hasSide = useApp((state) => shown?.hasSide?.(state) ?? false)
  const tabs = useApp(
    (state) => TABS.filter(({ isOffered }) => isOffered?.(state) ?? true),
    (one, other) => one.length === other.length && one.every((tab, at) => tab === other[at]),
  )
  const aside = useApp((state) => ASIDES.find(({ isOpen }) => isOpen(state)))
  const hidden = useApp((state) => state.settings.hidden)
  const target = useRef<HTMLDivElement>(null)
  const isAsleep = useAsleep(size === 'presentation')
  useClearKey()
  /** Not a link to a place on the page: the address's fragment holds the settings. */
  const skipToCharts = (): void => document.getElementById('charts')?.focus()
  return (
    <Locale language={i18n.language} locale={locale} dir={dir}>
      <ExportTarget value={target}>
        <button type="button" className="skip-link" onClick={skipToCharts}>
          {t('app.skip')}
        </button>
        <div className={`page size-${size}${isAsleep ? ' is-asleep' : ''}${aside ? ' has-aside' : ''}`} data-hidden={hidden.join(' ')}>
          <TopBar>
            {ASIDES.map(({ id, button: AsideButton }) => (
              <AsideButton key={id} />
            ))}
          </TopBar>
          <LoadBar />
          <Notices />
          <main>
            <SentencePanel tintOf={tintOf}>
              {SENTENCE_LINES.map(({ id, Line }) => (
                <Line key={id} />
              ))}
            </SentencePanel>
            <div className="tabs">
              <Segmented
                label={t('app.tabs.label')}
                value={tab}
                options={tabs.map(({ id }) => ({ value: id, text: t(`app.tabs.${id}`) }))}
                onChange={(value) => actions.set({ tab: value })}
              />
              {BARS.map(({ id, Bar }) => (
                <Bar key={id} />
              ))}
              <SentenceActions />
            </div>
            <div className={`workspace${hasSide ? ' has-side' : ''}`}>
              <Suspense fallback={<p className="empty-state">…</p>}>{Panel && <Panel />}</Suspense>
              {hasSide && (
                <div className="side-panel">
                  <Inspector />
                </div>
              )}
            </div>
          </main>
          {aside && (
            <Suspense fallback={null}>
              <aside.panel />
            </Suspense>
          )}
          <HistoryLine />
          <DropFiles />
        </div>
      </ExportTarget>
    </Locale>
  )
}

/** The pointer has rested for this long. */
const ASLEEP_AFTER_MS = 2500

/** Whether nobody moves the pointer or types: on the stage, what steers is hidden then. */
function useAsleep(isOn: boolean): boolean {
  const [isAsleep, setAsleep] = useState(false)
  useEffect(() => {
    if (!isOn) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const wake = (): void => {
      setAsleep(false)
      clearTimeout(timer)
      timer = setTimeout(() => setAsleep(true), ASLEEP_AFTER_MS)
    }
    wake()
    const events = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const
    for (const event of events) window.addEventListener(event, wake)
    return () => {
      clearTimeout(timer)
      setAsleep(false)
      for (const event of events) window.removeEventListener(event, wake)
    }
  }, [isOn])
  return isAsleep
}

/** Escape lets go of what is chosen, and then leaves the stage. */
function useClearKey(): void {
  const { actions, store } = useServices()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const inField = event.target instanceof HTMLInputElement
      if (event.key !== 'Escape' || event.defaultPrevented || inField) return
      const { token, key } = store.getState().settings
      if (token === null && key === null) actions.set({ size: 'normal' })
      else actions.set({ token: null, key: null })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [actions, store])
}
