// Keeps the attributions in step with the answers: when the question is on screen, each method that is chosen is asked for each side,
// newest wins, and its partial answers are shown as they come. Where an edit is looked at more closely, one method is.

import { LIVE_METHODS, usedOptions } from '#catalogue/attribution-methods'
import type { AttributionMethodId, AttributionOptions, AttributionTarget } from '#methods/attribution'
import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, AttributionSide, AttributionState } from '#state/app-state'
import { openedEdits } from '#state/opened-edits'
import { comparesModels, inputA } from '#state/reference'
import type { AppStore } from '#state/store'
import { needsGradients, referenceTarget, settledAnswer, subjectOf } from '#state/target'
import type { AttributionApi } from '../api.ts'

/** Methods that do not follow every keystroke wait for a pause. */
const PAUSE_MS = 400

export interface Attributing {
  /** Stops a method; it begins again with another input or target, or by `again`. */
  stop(side: AttributionSide, method: AttributionMethodId): void
  again(side: AttributionSide, method: AttributionMethodId): void
}

interface Question {
  readonly side: AttributionSide
  readonly method: AttributionMethodId
  readonly input: ModelInput
  readonly target: AttributionTarget
  readonly options: AttributionOptions
  /** Where a way begins that begins at another text. */
  readonly reference: ModelInput | null
}

export function startAttributing(store: AppStore, engine: WorkerCaller<AttributionApi>): Attributing {
  const asked = new Map<string, string>()
  const stops = new Map<string, AbortController>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const last = new Map<string, Question>()

  const patch = (
    { side, method }: Pick<Question, 'side' | 'method'>,
    change: (before: AttributionState | undefined) => AttributionState | undefined,
  ): void =>
    store.setState(({ attributions }) => {
      const next = change(attributions[side][method])
      return next === undefined ? {} : { attributions: { ...attributions, [side]: { ...attributions[side], [method]: next } } }
    })
  /** Values of another question must not stand under this one. */
  const blank = (question: Question): void =>
    patch(question, () => ({ input: question.input, target: question.target, status: 'running', error: null, attribution: null }))
  const ask = async (question: Question): Promise<void> => {
    const { side, method, input, target, options, reference } = question
    const name = nameOf(side, method)
    const mine = new AbortController()
    stops.get(name)?.abort()
    stops.set(name, mine)
    last.set(name, question)
    const isMine = (): boolean => stops.get(name) === mine
    blank(question)
    try {
      const attribution = await engine.call(
        'attribute',
        { input, target, method, options, reference },
        {
          lane: `attribute-${name}`,
          signal: mine.signal,
          onProgress: (part) => {
            if (isMine()) patch(question, (before) => before && { ...before, attribution: part })
          },
        },
      )
      if (isMine()) patch(question, () => ({ input, target, status: 'done', error: null, attribution }))
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      if (!isMine()) return
      if (error.kind === 'cancelled') patch(question, (before) => before && { ...before, status: 'stopped' })
      else if (error.kind !== 'engine-lost' && error.kind !== 'engine-replaced') {
        patch(question, () => ({ input, target, status: 'failed', error: error.toWire(), attribution: null }))
      }
    }
  }
  const begin = (question: Question): void => {
    const name = nameOf(question.side, question.method)
    clearTimeout(timers.get(name))
    if (LIVE_METHODS.has(question.method)) void ask(question)
    else {
      stops.get(name)?.abort()
      stops.delete(name)
      last.set(name, question)
      blank(question)
      timers.set(
        name,
        setTimeout(() => void ask(question), PAUSE_MS),
      )
    }
  }
  /** What nobody looks at need not be found out; it begins again when the reader comes back. */
  const leave = (wanted: ReadonlySet<string>): void => {
    const { attributions } = store.getState()
    for (const { side, method } of Array.from(last.values())) {
      const name = nameOf(side, method)
      if (wanted.has(name)) continue
      clearTimeout(timers.get(name))
      const isDone = attributions[side][method]?.status === 'done'
      if (isDone || !asked.has(name)) continue
      asked.delete(name)
      stops.get(name)?.abort()
    }
  }
  const follow = (state: AppState): void => {
    const methods = methodsOnScreen(state)
    if (methods.length === 0) {
      leave(NOTHING)
      return
    }
    const questions = questionsOf(state, methods)
    for (const question of questions) {
      const { side, method, input, target, options, reference } = question
      const name = nameOf(side, method)
      const used = usedOptions(method, options)
      const key = JSON.stringify([input, target, used, used.includes('reference') && reference, state.model.generation])
      if (asked.get(name) === key) continue
      asked.set(name, key)
      begin(question)
    }
    // An answer that is about to be replaced still has its own.
    if (questions.length === 0) return
    leave(new Set(questions.map(({ side, method }) => nameOf(side, method))))
  }
  follow(store.getState())
  store.subscribe(follow)
  return {
    stop: (side, method) => {
      const name = nameOf(side, method)
      clearTimeout(timers.get(name))
      const running = stops.get(name)
      if (running) running.abort()
      else patch({ side, method }, (before) => before && { ...before, status: 'stopped' })
    },
    again: (side, method) => {
      const question = last.get(nameOf(side, method))
      if (question) void ask(question)
    },
  }
}

function nameOf(side: AttributionSide, method: AttributionMethodId): string {
  return `${side} ${method}`
}

/** The options that the settings ask for, with what the model has where nothing is chosen. */
export function optionsOf({ settings, model }: AppState): AttributionOptions {
  const usual = model.status === 'ready' && model.card.removals.includes('mask') ? 'mask' : 'delete'
  const { baseline, residualPoint, removal, unit, noise, features } = settings
  return { baseline, layer: residualPoint, removal: removal ?? usual, unit, noise: noise / 100, features }
}

const NOTHING: ReadonlySet<string> = new Set()

/** The methods that are on screen. */
function methodsOnScreen(state: AppState): readonly AttributionMethodId[] {
  const { settings } = state
  if (settings.tab === 'attribution') return settings.methods
  return settings.tab === 'what-if' && openedEdits(state) !== null ? [methodOfDetail(state)] : []
}

/** Of one edit more than a glance is not asked for: input x gradient, or another method of one pass that the reader chose instead. */
export function methodOfDetail({ settings, model }: Pick<AppState, 'settings' | 'model'>): AttributionMethodId {
  if (model.status !== 'ready' || model.card.gradients !== 'yes') return 'leave-one-out'
  const live = settings.methods.filter((method) => LIVE_METHODS.has(method))
  return live.includes('input-x-gradient') ? 'input-x-gradient' : (live[0] ?? 'input-x-gradient')
}

/** A share near 0 or 1 hardly moves, whatever an edit does: the score of the same answer tells. */
export const SPACE_OF_DETAIL: AttributionTarget['space'] = 'score'

/** What is to be known of both sides; nothing of a side whose answer is about to be replaced. */
function questionsOf(state: AppState, methods: readonly AttributionMethodId[]): readonly Question[] {
  const { settings, model, reference } = state
  const subject = subjectOf(state)
  if (subject === null || model.status !== 'ready') return []
  const { input } = subject
  const target = settings.tab === 'what-if' ? { ...subject.target, space: SPACE_OF_DETAIL } : subject.target
  const options = optionsOf(state)
  const other = comparesModels(settings) ? null : settledAnswer(reference)
  const served = methods.filter((method) => model.card.gradients === 'yes' || !needsGradients(method))
  const ofA = served.map((method): Question => ({ side: 'a', method, input, target, options, reference: other?.input ?? null }))
  const there = other && referenceTarget(state, other, target)
  if (other === null || there === null) return ofA
  const ofReference = served.map(
    (method): Question => ({ side: 'reference', method, input: other.input, target: there, options, reference: inputA(settings) }),
  )
  return [...ofA, ...ofReference]
}
