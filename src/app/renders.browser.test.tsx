// What a keystroke draws: every panel is mounted, and those that do not use the text are not drawn for it.

import { Profiler } from 'react'
import { expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { AttentionPanel } from '#features/attention/panel/attention-panel.tsx'
import { AttributionPanel } from '#features/attribution/panel/attribution-panel.tsx'
import { CompareBar } from '#features/compare/panel/compare-bar.tsx'
import { FIRST_PANEL_WORDS, startCapabilities, tablesOnScreen, tintOf } from '#features/page.ts'
import { WhatIfPanel } from '#features/what-if/panel/what-if-panel.tsx'
import { startLanguage } from '#i18n/i18n'
import { HistoryLine } from '#panels/history/history-line.tsx'
import { Inspector } from '#panels/inspector/inspector.tsx'
import { SentencePanel } from '#panels/sentence/sentence-panel.tsx'
import { AppContext, type AppServices } from '#panels/shared/app-context.tsx'
import { ExportTarget } from '#panels/shared/export-target.tsx'
import { Notices } from '#panels/shared/notices.tsx'
import { TopBar } from '#panels/top-bar/top-bar.tsx'
import { INITIAL_SETTINGS } from '#share/settings'
import { CARD, fakeEngine, matrixOf, PREDICTION, rowOf, STATISTICS } from '#state/state.fixture'
import { createActions, createAppStore } from '#state/store'
import { loadLateWidgets } from '../ui/late/use-late.ts'

const PANELS = {
  'top bar': TopBar,
  sentence: () => <SentencePanel tintOf={tintOf} />,
  compare: CompareBar,
  attention: AttentionPanel,
  attribution: AttributionPanel,
  'what if': WhatIfPanel,
  inspector: Inspector,
  history: HistoryLine,
  notices: Notices,
}

const [LAYERS, HEADS] = [2, 3]

async function setUp() {
  await startLanguage('en', FIRST_PANEL_WORDS)
  // What comes later than the first view would be drawn while it is counted.
  await loadLateWidgets()
  const store = createAppStore({ ...INITIAL_SETTINGS, tab: 'attention', textA: 'not bad', textB: 'so bad' })
  const actions = createActions(store)
  const engine = fakeEngine()
  const services = startCapabilities(store, { model: engine.client, modelB: engine.client }, null)
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', card: CARD, generation: 1 } }))
  // Both sides are answered.
  for (const run of engine.heard('run').slice(-2)) {
    const row = rowOf(run.args.input.text)
    const about = { row, prediction: PREDICTION, precomputed: false, runMs: 1, layers: LAYERS, heads: HEADS }
    engine.progress(run, { kind: 'prediction', ...about })
    engine.progress(run, {
      kind: 'matrices',
      choice: { heads: [{ layer: 0, head: 0 }], reduce: 'each' },
      matrices: [matrixOf(row.tokens.length)],
      statistics: STATISTICS,
    })
    for (let layer = 0; layer < LAYERS; layer++) {
      engine.progress(run, { kind: 'thumbnails', layer, heads: HEADS, size: 1, data: new Uint8Array(HEADS) })
    }
    await engine.result(run, null)
  }
  const counts = new Map<string, number>()
  const value: AppServices = {
    store,
    actions,
    // Of no use here: nothing is loaded.
    loader: {} as AppServices['loader'],
    shelf: {} as AppServices['shelf'],
    loaderB: () => null,
    services,
    tables: tablesOnScreen,
  }
  const page = await render(
    <AppContext value={value}>
      <ExportTarget value={{ current: null }}>
        {Object.entries(PANELS).map(([name, Panel]) => (
          <Profiler key={name} id={name} onRender={() => void counts.set(name, (counts.get(name) ?? 0) + 1)}>
            <Panel />
          </Profiler>
        ))}
      </ExportTarget>
    </AppContext>,
  )
  return { actions, counts, page }
}

const drawn = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

it('a keystroke draws the panels that use the text, and no others', async () => {
  const { actions, counts, page } = await setUp()
  await expect.element(page.getByRole('textbox', { name: 'Sentence A' })).toBeVisible()
  // The first letter: what was done is under way again.
  actions.type('a', 'not bad ')
  await drawn()
  counts.clear()
  const letters = 'at all in the end'
  for (let end = 1; end <= letters.length; end++) {
    actions.type('a', `not bad ${letters.slice(0, end)}`)
    await drawn()
  }
  expect(Array.from(counts.keys())).toEqual(['sentence'])
})
