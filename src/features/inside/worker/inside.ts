// What is read inside a model.

import type { Feature } from '#engine/engine-services'
import { turnsOf } from '#engine/passes/target-view'
import type { InsideApi } from '../api.ts'
import { measureCopying } from './copying.ts'
import { openHead } from './head-detail.ts'
import { measureRoles } from './head-roles.ts'
import { followPath } from './inference-path.ts'
import { readJacobian } from './jacobian-lens.ts'
import { attributeLogit } from './logit-attribution.ts'
import { readLens } from './logit-lens.ts'
import { openReading } from './reading.ts'

export const insideHandlers: Feature<InsideApi> = (engine) => {
  const turn = turnsOf(engine.schedule, 'background')
  // What is pressed is shown before what is read of all layers.
  const soon = turnsOf(engine.schedule, 'live')
  return {
    logitLens: async (request, { signal, progress }) =>
      readLens(await openReading(engine, request, signal, soon), request.most, (job) => turn(signal, job), progress),
    jacobianLens: async (request, { signal }) => readJacobian(await openReading(engine, request, signal, turn)),
    logitAttribution: async (request, { signal }) => attributeLogit(await openReading(engine, request, signal, turn)),
    headRoles: (request, { signal }) => measureRoles(engine, request, signal),
    copying: (request, { signal, progress }) => measureCopying(engine, request, signal, turn, progress),
    inferencePath: (request, { signal }) => followPath(engine, request, signal, soon),
    headDetail: (request, { signal }) => openHead(engine, request, signal, soon),
  }
}
