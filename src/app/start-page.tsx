// Puts the page together: settings from the link, store, engine, and React.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Language } from '#catalogue/languages'
import { type EngineApi, FIRST_PANEL_WORDS, startCapabilities, tablesOnScreen } from '#features/page.ts'
import { resolveLanguage, setLanguage, startLanguage } from '#i18n/i18n'
import { AppContext } from '#panels/shared/app-context.tsx'
import { createWorkerHost } from '#protocol/worker-host'
import { followLink, startSettings } from '#state/link'
import { followModels } from '#state/model/follow-models'
import { createModelLoader } from '#state/model/load-model'
import { createModelShelf } from '#state/model/model-shelf'
import { revertRefusedEdits } from '#state/revert-refused-edits'
import { createActions, createAppStore } from '#state/store'
import { App } from './app.tsx'
import { followTheme } from './follow-theme.ts'
import { hubWorker } from './hub-worker.ts'
import { keepLastLink, restoreLastLink } from './last-link.ts'
import { secondModel } from './second-model.ts'
import { registerServiceWorker } from './service-worker.ts'
import { spawnEngine } from './spawn-workers.ts'

export function startPage(page: Window & typeof globalThis): void {
  restoreLastLink(page)
  const pageAddress = `${page.location.origin}${page.location.pathname}${page.location.search}`
  const environment = {
    location: page.location,
    history: page.history,
    storage: storageOf(page),
    addEventListener: page.addEventListener.bind(page),
  }
  const { settings, damaged } = startSettings(environment)
  const store = createAppStore(settings)
  const actions = createActions(store, pageAddress)
  const language = (): Language => resolveLanguage(store.getState().settings.language, page.navigator.languages)

  const texts = startLanguage(language(), FIRST_PANEL_WORDS)
  followLink(store, actions, environment)
  keepLastLink(page, actions.link)
  followTheme(store, page)
  store.subscribe(({ settings: now }, { settings: before }) => {
    if (now.language !== before.language) void setLanguage(language())
  })
  if (damaged.length > 0) actions.notify('damaged-link')

  const at = (folder: string): string => new URL(folder, page.document.baseURI).href
  const places = { models: at('models/'), runtime: at('ort/'), snapshots: at('snapshots/') }
  const shelf = createModelShelf(store, environment.storage, hubWorker())
  const client = createWorkerHost<EngineApi>(spawnEngine, () => loader.recover())
  const loader = createModelLoader('model', store, actions, () => client, shelf, places)
  const second = secondModel((engine) => createModelLoader('modelB', store, actions, () => engine, shelf, places))
  followModels(store, loader, second)
  const services = startCapabilities(store, { model: client, modelB: second.caller }, environment.storage)
  revertRefusedEdits(store, actions)
  void registerServiceWorker(page)

  const root = page.document.getElementById('root')
  if (!root) throw new Error('the page has no element "root"')
  const context = { store, actions, loader, loaderB: second.loader, shelf, services, tables: tablesOnScreen }
  // No key is ever shown in the place of its words.
  void texts.then(() =>
    createRoot(root).render(
      <StrictMode>
        <AppContext value={context}>
          <App />
        </AppContext>
      </StrictMode>,
    ),
  )
}

/** Local storage, or null where the browser forbids it. */
function storageOf(page: Window): Storage | null {
  try {
    return page.localStorage
  } catch {
    return null
  }
}
