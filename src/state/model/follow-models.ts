// The models follow the settings: another one chosen means another worker, since the memory of the old one never shrinks.

import { type ModelRef, sameModel } from '#share/model-ref'
import type { ModelState } from '../app-state.ts'
import type { AppStore } from '../store.ts'
import type { ModelLoader } from './load-model.ts'

/** The second model's loader, made when it is wanted and ended when it is not. */
export interface SecondModel {
  start(): ModelLoader
  end(): void
}

/** Loads what the settings name now and whenever they name another model. */
export function followModels(store: AppStore, loader: ModelLoader, second: SecondModel): void {
  let { model, modelB } = store.getState().settings
  let loaderB: ModelLoader | null = null
  const followB = (): void => {
    if (modelB === null) {
      loaderB?.stopOpening()
      second.end()
      loaderB = null
      store.setState({ modelB: null })
    } else if (loaderB === null) {
      loaderB = second.start()
      void loaderB.load()
    } else if (!runs(store.getState().modelB, modelB)) loaderB.reload()
  }
  void loader.load()
  if (modelB !== null) followB()
  store.subscribe(({ settings }) => {
    if (!sameModel(settings.model, model)) {
      model = settings.model
      // Another model's answers are no answers of this one.
      store.setState(({ a }) => ({ a: { ...a, answer: null, thumbnails: [] }, reference: null, difference: null }))
      if (!runs(store.getState().model, model)) loader.reload()
    }
    if (!sameModel(settings.modelB, modelB)) {
      modelB = settings.modelB
      store.setState({ reference: null, difference: null })
      followB()
    }
  })
}

/** Whether a model that was made ready beside the one before is there already. */
function runs(model: ModelState | null, ref: ModelRef): boolean {
  return model?.status === 'ready' && sameModel(model.ref, ref)
}
