// How panels reach the store, its actions and the model's loader.

import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Attributing } from '#features/attribution/state/attribute.ts'
import type { WhatIf } from '#features/what-if/state/what-if.ts'
import type { AppState } from '#state/app-state'
import type { ModelLoader } from '#state/model/load-model'
import type { ModelShelf } from '#state/model/model-shelf'
import type { Actions, AppStore } from '#state/store'

export interface AppServices {
  readonly store: AppStore
  readonly actions: Actions
  readonly loader: ModelLoader
  /** The second model's, while there is one. */
  readonly loaderB: () => ModelLoader | null
  readonly shelf: ModelShelf
  readonly attributing: Attributing
  readonly whatIf: WhatIf
}

export const AppContext = createContext<AppServices | null>(null)

export function useServices(): AppServices {
  const services = useContext(AppContext)
  if (!services) throw new Error('AppContext has no value')
  return services
}

/** A part of the state; `select` must return the same object as long as nothing in it changed. */
export function useApp<Part>(select: (state: AppState) => Part): Part {
  const { store } = useServices()
  return useSyncExternalStore(store.subscribe, () => select(store.getState()))
}
