// How panels reach the store, its actions, the model's loader, and what each capability lets them do.

import { createContext, useContext, useRef, useSyncExternalStore } from 'react'
import type { Settings } from '#share/settings'
import type { AppState } from '#state/app-state'
import type { ModelLoader } from '#state/model/load-model'
import type { ModelShelf } from '#state/model/model-shelf'
import type { ServiceKey, Services } from '#state/services'
import type { Actions, AppStore } from '#state/store'
import type { ExportTable } from './export-tables.ts'

export interface AppServices {
  readonly store: AppStore
  readonly actions: Actions
  readonly loader: ModelLoader
  /** The second model's, while there is one. */
  readonly loaderB: () => ModelLoader | null
  readonly shelf: ModelShelf
  /** Of the capabilities. */
  readonly services: Services
  /** What the tab on screen shows, as tables for files. */
  readonly tables: (state: AppState) => Promise<readonly ExportTable[]>
}

export const AppContext = createContext<AppServices | null>(null)

export function useServices(): AppServices {
  const services = useContext(AppContext)
  if (!services) throw new Error('AppContext has no value')
  return services
}

/** What a capability lets panels do. */
export function useService<Service>(key: ServiceKey<Service>): Service {
  return useServices().services.get(key)
}

/**
 * A part of the state; the panel is drawn again when it changes.
 * @param same when two parts are equal, for one that is made anew each time: the first of them is then kept
 */
export function useApp<Part>(select: (state: AppState) => Part, same: (one: Part, other: Part) => boolean = Object.is): Part {
  const { store } = useServices()
  const kept = useRef<{ readonly part: Part } | null>(null)
  return useSyncExternalStore(store.subscribe, () => {
    const part = select(store.getState())
    if (kept.current === null || !same(kept.current.part, part)) kept.current = { part }
    return kept.current.part
  })
}

/** The settings of these names and no others: a panel is not drawn again for those that it does not use. */
export function useSettings<Name extends keyof Settings>(...names: readonly Name[]): Pick<Settings, Name> {
  return useApp(
    ({ settings }): Pick<Settings, Name> => settings,
    (one, other) => names.every((name) => one[name] === other[name]),
  )
}
