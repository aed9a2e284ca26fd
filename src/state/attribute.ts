// Keeps the attributions in step with the answer: when the question is on screen, each method that is chosen is asked, newest wins, and
// its partial answers are shown as they come.

import type { AttributionMethodId, AttributionTarget } from '#methods/attribution'
import { EngineCallError, type EngineCaller } from '#protocol/client'
import { LIVE_METHODS, type ModelInput } from '#protocol/engine-api'
import type { AppState, AttributionState } from './app-state.ts'
import { targetOf } from './attribution-target.ts'
import { sameInput } from './panes.ts'
import type { AppStore } from './store.ts'
import { indexOn } from './token-ref.ts'

/** Methods that do not follow every keystroke wait for a pause. */
const PAUSE_MS = 400

export interface Attributing {
  /** Stops a method; it begins again with another input or target, or by `again`. */
  stop(method: AttributionMethodId): void
  again(method: AttributionMethodId): void
}

export function startAttributing(store: AppStore, engine: EngineCaller): Attributing {
  const asked = new Map<AttributionMethodId, string>()
  const stops = new Map<AttributionMethodId, AbortController>()
  const timers = new Map<AttributionMethodId, ReturnType<typeof setTimeout>>()

  const patch = (method: AttributionMethodId, change: (before: AttributionState | undefined) => AttributionState | undefined): void =>
    store.setState(({ attributions }) => {
      const next = change(attributions[method])
      return next === undefined ? {} : { attributions: { ...attributions, [method]: next } }
    })
  const ask = async (method: AttributionMethodId, input: ModelInput, target: AttributionTarget): Promise<void> => {
    const mine = new AbortController()
    stops.get(method)?.abort()
    stops.set(method, mine)
    const isMine = (): boolean => stops.get(method) === mine
    patch(method, (before) => ({ input, target, status: 'running', error: null, attribution: before?.attribution ?? null }))
    try {
      const attribution = await engine.call(
        'attribute',
        { input, target, method },
        {
          lane: `attribute-${method}`,
          signal: mine.signal,
          onProgress: (part) => {
            if (isMine()) patch(method, (before) => before && { ...before, attribution: part })
          },
        },
      )
      if (isMine()) patch(method, () => ({ input, target, status: 'done', error: null, attribution }))
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      if (!isMine()) return
      if (error.kind === 'cancelled') patch(method, (before) => before && { ...before, status: 'stopped' })
      else if (error.kind !== 'engine-lost' && error.kind !== 'engine-replaced') {
        patch(method, () => ({ input, target, status: 'failed', error: error.toWire(), attribution: null }))
      }
    }
  }
  const begin = (method: AttributionMethodId, input: ModelInput, target: AttributionTarget): void => {
    clearTimeout(timers.get(method))
    if (LIVE_METHODS.has(method)) void ask(method, input, target)
    else
      timers.set(
        method,
        setTimeout(() => void ask(method, input, target), PAUSE_MS),
      )
  }
  const follow = (state: AppState): void => {
    const { settings, model, a } = state
    const { answer } = a
    if (settings.tab !== 'attribution' || model.status !== 'ready' || model.card.gradients !== 'yes' || answer === null) return
    // An answer that is about to be replaced is not worth explaining.
    if (answer.precomputed || !sameInput(answer.input, a.input)) return
    const target = targetOf(settings, answer, indexOn('a', settings.token))
    if (target === null) return
    for (const method of settings.methods) {
      const key = JSON.stringify([answer.input, target, model.generation])
      if (asked.get(method) === key) continue
      asked.set(method, key)
      begin(method, answer.input, target)
    }
    for (const [method, stop] of stops) {
      if (settings.methods.includes(method)) continue
      stop.abort()
      stops.delete(method)
      asked.delete(method)
    }
  }
  follow(store.getState())
  store.subscribe(follow)
  return {
    stop: (method) => stops.get(method)?.abort(),
    again: (method) => {
      const state = store.getState().attributions[method]
      if (state) void ask(method, state.input, state.target)
    },
  }
}
