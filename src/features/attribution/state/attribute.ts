// Keeps the attributions in step with the answers: when the question is on screen, each method that is chosen is asked for each side,
// and its partial answers are shown as they come.

import {
  ATTRIBUTION_METHODS,
  type AttributionMethodId,
  FIRST_METHOD,
  isLive,
  needsGradients,
  usedOptions,
} from '#catalogue/attribution-methods'
import type { WorkerCaller } from '#protocol/client'
import type { AppState } from '#state/app-state'
import { ATTRIBUTION_SIDES, type AttributionSide, attributionSlot } from '#state/attributions'
import { type Following, followQuery } from '#state/query'
import { comparesModels, inputA } from '#state/reference'
import { service } from '#state/services'
import type { AppStore } from '#state/store'
import { optionsOf, referenceTarget, settledAnswer, subjectOf } from '#state/target'
import type { AttributionApi, AttributionRequest } from '../api.ts'

/** Methods that do not follow every keystroke wait for a pause; the first one for one that only fast typing lacks. */
const PAUSE_MS = 400
const FIRST_PAUSE_MS = 80

function pauseOf(method: AttributionMethodId): number {
  if (isLive(method)) return 0
  return method === FIRST_METHOD ? FIRST_PAUSE_MS : PAUSE_MS
}

export interface Attributing {
  /** Stops a method; it begins again with another input or target, or by `again`. */
  stop(side: AttributionSide, method: AttributionMethodId): void
  again(side: AttributionSide, method: AttributionMethodId): void
}

export const ATTRIBUTING = service<Attributing>('attribution')

export function startAttributing(store: AppStore, engine: WorkerCaller<AttributionApi>): Attributing {
  const follow = (side: AttributionSide, method: AttributionMethodId): Following =>
    followQuery(store, {
      slot: attributionSlot(side, method),
      ask: (state) => questionOf(state, side, method),
      key: ({ input, target, options, reference }) => {
        const used = usedOptions(method, options)
        return [input, target, used, used.includes('reference') && reference]
      },
      pauseMs: pauseOf(method),
      keepFailed: () => null,
      call: (request, { signal, part }) => engine.call('attribute', request, { signal, onProgress: (answer) => part(() => answer) }),
    })
  const following = new Map(
    ATTRIBUTION_SIDES.flatMap((side) => ATTRIBUTION_METHODS.map((method) => [nameOf(side, method), follow(side, method)] as const)),
  )
  return {
    stop: (side, method) => following.get(nameOf(side, method))?.stop(),
    again: (side, method) => following.get(nameOf(side, method))?.again(),
  }
}

function nameOf(side: AttributionSide, method: AttributionMethodId): string {
  return `${side} ${method}`
}

function isOnScreen({ settings: { tab, methods } }: AppState, method: AttributionMethodId): boolean {
  return tab === 'attribution' && methods.includes(method)
}

/** What is to be known of a side; nothing of one whose answer is about to be replaced, which still has its own attributions. */
function questionOf(state: AppState, side: AttributionSide, method: AttributionMethodId): AttributionRequest | 'unknown' | null {
  const { settings, model } = state
  if (!isOnScreen(state, method)) return null
  const subject = subjectOf(state)
  if (subject === null || model.status !== 'ready') return 'unknown'
  if (model.card.gradients !== 'yes' && needsGradients(method)) return null
  const { target } = subject
  const options = optionsOf(state)
  const other = comparesModels(settings) ? null : settledAnswer(state.reference)
  if (side === 'a') return { input: subject.input, target, method, options, reference: other?.input ?? null }
  const there = other && referenceTarget(state, other, target)
  return other && there && { input: other.input, target: there, method, options, reference: inputA(settings) }
}
