// The way from the token on screen to the answer, and the head that is looked into: asked while somebody looks.

import type { WorkerCaller } from '#protocol/client'
import { sameModel } from '#share/model-ref'
import type { PathZoom, Settings } from '#share/settings'
import type { AppState, Asked } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { indexOn } from '#state/layout/token-ref'
import { followQuery } from '#state/query'
import { service } from '#state/services'
import { slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { settledAnswer, subjectOf } from '#state/target'
import type { HeadDetail, HeadDetailRequest, InferencePath, InsideApi, PathRequest } from '../api.ts'

export type PathCell = NonNullable<PathZoom['cell']>

/** The model is named, so that what stands while the same one starts anew is not another one's. */
interface OfModel {
  readonly model: Settings['model']
}
type PathQuestion = PathRequest & OfModel
type HeadQuestion = HeadDetailRequest & OfModel

const PATH = slot<InferencePath, PathQuestion>('inference-path')
const HEAD = slot<HeadDetail, HeadQuestion>('head-detail')

export interface Path {
  stop(): void
  again(): void
}

export const PATH_SERVICE = service<Path>('inference-path')

/** A pass waits for a pause in typing. */
const PAUSE_MS = 250

export function startPath(store: AppStore, engine: WorkerCaller<InsideApi>): Path {
  const path = followQuery(store, {
    slot: PATH,
    pauseMs: PAUSE_MS,
    ask: pathQuestion,
    // Another token's way takes the place of this one's when it is there.
    keep: (before, question, last) => (last !== null && sameText(last, question) ? before : null),
    call: ({ input, position }, { signal }) => engine.call('inferencePath', { input, position }, { signal }),
  })
  const head = followQuery(store, {
    slot: HEAD,
    ask: (state): HeadQuestion | 'unknown' | null => {
      const asked = pathQuestion(state)
      if (asked === null || asked === 'unknown') return asked
      const zoom = zoomIn(state)
      return zoom === null || zoom.head === null ? null : { input: asked.input, model: asked.model, layer: zoom.layer, head: zoom.head }
    },
    keep: (before, question, last) => {
      const isSame = last !== null && sameText(last, question) && last.layer === question.layer && last.head === question.head
      return isSame ? before : null
    },
    call: ({ input, layer, head }, { signal }) => engine.call('headDetail', { input, layer, head }, { signal }),
  })
  return {
    stop: () => {
      path.stop()
      head.stop()
    },
    again: () => {
      path.again()
      head.again()
    },
  }
}

/** null where nobody looks, or the model's layers were not recognised. */
function pathQuestion(state: AppState): PathQuestion | 'unknown' | null {
  const { settings, model } = state
  if (settings.tab !== 'inside') return null
  if (model.status !== 'ready') return 'unknown'
  if (!model.card.found.path) return null
  const answer = settledAnswer(state.a)
  if (answer === null) return 'unknown'
  return { model: settings.model, input: answer.input, position: subjectOf(state)?.target.position ?? indexOn('a', settings.token) }
}

/** What is known of the text on screen; null where that is another one by now. */
export function pathOf(state: AppState): Asked<InferencePath, PathQuestion> | null {
  return ofText(PATH.of(state), state)
}

/** @see pathOf; null too while another head is on its way */
export function headOf(state: AppState): Asked<HeadDetail, HeadQuestion> | null {
  const asked = ofText(HEAD.of(state), state)
  const zoom = zoomIn(state)
  return asked !== null && asked.question.layer === zoom?.layer && asked.question.head === zoom.head ? asked : null
}

/** What is open of the model that runs: a link may name a block or a head that it does not have. */
function zoomIn({ settings: { pathZoom: zoom }, model }: AppState): PathZoom | null {
  if (zoom === null || model.status !== 'ready' || zoom.layer >= model.card.layers) return null
  return zoom.head !== null && zoom.head >= model.card.heads ? { ...zoom, head: null, cell: null } : zoom
}

function ofText<Known extends Asked<unknown, HeadQuestion | PathQuestion>>(asked: Known | null, { a, settings }: AppState): Known | null {
  return asked !== null && sameText(asked.question, { input: a.input, model: settings.model }) ? asked : null
}

function sameText(one: Pick<PathQuestion, 'input' | 'model'>, other: Pick<PathQuestion, 'input' | 'model'>): boolean {
  return sameInput(one.input, other.input) && sameModel(one.model, other.model)
}
