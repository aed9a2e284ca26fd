// The way from the token on screen to the answer, and the head that is looked into: asked while somebody looks.

import type { WorkerCaller } from '#protocol/client'
import { sameModel } from '#share/model-ref'
import type { Settings } from '#share/settings'
import type { AppState, Asked } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { indexOn } from '#state/layout/token-ref'
import { followQuery } from '#state/query'
import { service } from '#state/services'
import { slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { settledAnswer, subjectOf } from '#state/target'
import type { HeadDetail, HeadDetailRequest, InferencePath, InsideApi, PathRequest } from '../api.ts'

/** How far the reader has looked in: the whole model, a block, a head of it, one cell of the head. */
export interface Zoom {
  /** From 0; null for the whole model. */
  readonly layer: number | null
  readonly head: number | null
  /** Positions in the text. */
  readonly cell: PathCell | null
}

export interface PathCell {
  readonly query: number
  readonly key: number
}

const NOWHERE: Zoom = { layer: null, head: null, cell: null }

/** The model is named, so that what stands while the same one starts anew is not another one's. */
interface OfModel {
  readonly model: Settings['model']
}
type PathQuestion = PathRequest & OfModel
type HeadQuestion = HeadDetailRequest & OfModel

const PATH = slot<InferencePath, PathQuestion>('inference-path')
const HEAD = slot<HeadDetail, HeadQuestion>('head-detail')
const ZOOM = slot<Zoom, object>('path-zoom')

export interface Path {
  look(zoom: Zoom): void
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
      const { layer, head } = zoomOf(state)
      return layer === null || head === null ? null : { input: asked.input, model: asked.model, layer, head }
    },
    keep: (before, question, last) => {
      const isSame = last !== null && sameText(last, question) && last.layer === question.layer && last.head === question.head
      return isSame ? before : null
    },
    call: ({ input, layer, head }, { signal }) => engine.call('headDetail', { input, layer, head }, { signal }),
  })
  return {
    look: (zoom) => store.setState((state) => ZOOM.put(state, { question: NOTHING, status: 'done', error: null, answer: zoom })),
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

const NOTHING = {}

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
  const { layer, head } = zoomOf(state)
  return asked !== null && asked.question.layer === layer && asked.question.head === head ? asked : null
}

export function zoomOf(state: AppState): Zoom {
  return ZOOM.of(state)?.answer ?? NOWHERE
}

function ofText<Known extends Asked<unknown, HeadQuestion | PathQuestion>>(asked: Known | null, { a, settings }: AppState): Known | null {
  return asked !== null && sameText(asked.question, { input: a.input, model: settings.model }) ? asked : null
}

function sameText(one: Pick<PathQuestion, 'input' | 'model'>, other: Pick<PathQuestion, 'input' | 'model'>): boolean {
  return sameInput(one.input, other.input) && sameModel(one.model, other.model)
}
