// Lessons beside the page: what the reader did, and questions to the running model.

import type { Measure } from '#lessons/measure'
import type { WorkerCaller } from '#protocol/client'
import { service } from '#state/services'
import type { AppStore } from '#state/store'
import { createMeasure, type LessonEngineApi } from './measure.ts'

export const MEASURE = service<Measure>('lesson-measure')

export function startMeasuring(store: AppStore, engine: WorkerCaller<LessonEngineApi>): Measure {
  return createMeasure(engine, () => {
    const { model } = store.getState()
    return model.status === 'ready' && model.card.removals.includes('mask') ? 'mask' : 'delete'
  })
}
