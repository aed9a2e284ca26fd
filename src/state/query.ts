// One way to ask the engine and to follow its answer: the same question is asked once, typing is waited out, the newest question wins,
// partial answers are shown as they come, and a question can be stopped, asked anew, or asked of a new worker when the old one died.

import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { ApiTable, WireError } from '#protocol/messages'
import type { AppState, Asked, ModelState } from './app-state.ts'
import { roundsOf } from './rounds.ts'
import type { Slot } from './slot.ts'
import type { AppStore } from './store.ts'
import { throttle } from './throttle.ts'

/** Parts come faster than a page can draw them and still answer to the keyboard. */
const PACE_MS = 100

/** The engines behind the models of the page. */
export interface Engines<Api extends ApiTable<Api>> {
  readonly model: WorkerCaller<Api>
  /** Calls fail with `no-model` while there is no second model. */
  readonly modelB: WorkerCaller<Api>
}

/** `Shown`: what of the question stands beside its answer in the store. */
export interface Query<Answer, Shown extends object, Question extends Shown> {
  readonly slot: Slot<Answer, Shown>
  /**
   * What the page asks now. null: nobody looks, so what is under way is stopped, and asked again when somebody does.
   * `unknown`: what is asked is on its way itself, and what is under way goes on.
   */
  readonly ask: (state: AppState) => Question | 'unknown' | null
  /** Questions whose keys are equal as JSON are the same one; the whole question unless given. */
  readonly key?: (question: Question, state: AppState) => unknown
  /** The model that answers: each time one becomes ready it is asked again. The page's model unless given. */
  readonly model?: (state: AppState) => ModelState | null
  /** How long no other question may have come before one is asked: work that follows no keystroke waits until typing pauses. 0 unless given. */
  readonly pauseMs?: number
  /** The least time between two partial answers on screen. */
  readonly paceMs?: number
  /** `when-told`: asked by `again` alone, and forgotten when the question becomes another one. */
  readonly begins?: 'by-itself' | 'when-told'
  /** Whether the answer goes when nobody asks, and does not stay where it is. */
  readonly forgets?: boolean
  /** What of the answer before may stand under a question that takes its place; nothing unless given. @param last the question before */
  readonly keep?: (before: Answer, question: Question, last: Question | null) => Answer | null
  /** What of the answer so far stays when the question fails; all of it unless given. */
  readonly keepFailed?: (before: Answer, question: Question, error: WireError) => Answer | null
  /** Asks the engine. Resolves with the whole answer, or with null where the last part was that. */
  readonly call: (question: Question, context: CallContext<Answer>) => Promise<Answer | null>
}

export interface CallContext<Answer> {
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal
  /** When it was asked. */
  readonly state: AppState
  /** Shows a part, made of what is on screen then; one that still waits for its turn is dropped for a newer one. */
  readonly part: (make: (before: Answer | null) => Answer | null) => void
}

export interface Following {
  /** Stops what is asked; what came of it stays. */
  stop(): void
  /** Asks at once what the page asks now, even if it was asked before. */
  again(): void
  /** Ends it all, what is under way included. */
  end(): void
}

/** What was asked last, unless it is to be asked again as soon as somebody looks. */
interface Known<Question> {
  readonly question: Question
  readonly key: string
  readonly generation: number | undefined
}

/** Keeps the answer in step with the state, from now on. */
export function followQuery<Answer, Shown extends object, Question extends Shown>(
  store: AppStore,
  query: Query<Answer, Shown, Question>,
): Following {
  const { slot, model = ({ model }) => model, pauseMs = 0, paceMs = PACE_MS, begins = 'by-itself', forgets = false } = query
  const rounds = roundsOf(store)
  let asked: Known<Question> | null = null
  let isDone = false
  /** The question that the answer on screen was kept or found for. */
  let last: Question | null = null
  let pause: ReturnType<typeof setTimeout> | undefined
  let running: { readonly abort: () => void; readonly flush: () => void } | null = null

  const put = (change: (before: Asked<Answer, Shown> | null) => Asked<Answer, Shown> | null): void =>
    rounds.put((state) => slot.put(state, change(slot.of(state))))
  const settle = (question: Question, change: Partial<Asked<Answer, Shown>>): void =>
    put((before) => ({ answer: before?.answer ?? null, error: null, status: 'running', ...change, question }))
  const cancel = (): void => {
    // Dozens of queries hear of every change, and the browser takes its time over a timer that is none.
    if (pause !== undefined) clearTimeout(pause)
    pause = undefined
    const call = running
    running = null
    call?.abort()
  }
  const halt = (): void => {
    if (running === null && pause === undefined) return
    // A part that waits for its turn has come.
    running?.flush()
    cancel()
    if (last !== null) settle(last, { status: 'stopped' })
  }
  const forget = (): void => {
    cancel()
    asked = null
    if (slot.of(store.getState()) !== null) put(() => null)
  }
  const announce = (question: Question): void => {
    const before = last
    last = question
    isDone = false
    put((known) => {
      const answer = known?.answer ?? null
      return { question, status: 'running', error: null, answer: answer === null ? null : (query.keep?.(answer, question, before) ?? null) }
    })
  }
  const begin = async (question: Question): Promise<void> => {
    const controller = new AbortController()
    const parts = throttle<(before: Answer | null) => Answer | null>(paceMs, (make) => {
      if (running !== mine) return
      put((known) => ({ question, status: 'running', error: null, answer: make(known?.answer ?? null) }))
    })
    const mine = { abort: () => controller.abort(), flush: parts.flush }
    running = mine
    // Asked before it is shown: what others ask because of what is shown comes after it.
    const coming = query.call(question, { signal: controller.signal, state: store.getState(), part: parts.put })
    announce(question)
    try {
      const answer = await coming
      if (running !== mine) return
      parts.flush()
      running = null
      isDone = true
      settle(question, { status: 'done', ...(answer === null ? {} : { answer }) })
    } catch (error) {
      if (!(error instanceof EngineCallError)) throw error
      if (running !== mine || isLost(error)) return
      if (error.kind === 'cancelled') halt()
      else {
        parts.flush()
        running = null
        fail(question, error.toWire())
      }
    }
  }
  const fail = (question: Question, error: WireError): void =>
    put((known) => {
      const answer = known?.answer ?? null
      const kept = answer === null || !query.keepFailed ? answer : query.keepFailed(answer, question, error)
      return { question, status: 'failed', error, answer: kept }
    })
  const knownOf = (question: Question, state: AppState): Known<Question> => ({
    question,
    key: JSON.stringify(query.key ? query.key(question, state) : question),
    generation: model(state)?.generation,
  })
  const leave = (): void => {
    if (forgets) {
      forget()
      return
    }
    halt()
    // What was found need not be asked again; what the reader began does not begin again by itself.
    if (!isDone && begins === 'by-itself') asked = null
  }
  const follow = (): void => {
    const state = store.getState()
    const question = query.ask(state)
    if (question === 'unknown') return
    if (question === null) {
      leave()
      return
    }
    const next = knownOf(question, state)
    const isSame = asked?.key === next.key
    if (isSame && asked?.generation === next.generation) return
    if (begins === 'when-told') {
      if (asked === null) return
      if (!isSame) forget()
      // Only what the old worker left open is asked of the new one.
      if (running === null) return
    }
    cancel()
    asked = next
    if (pauseMs === 0) void begin(question)
    else {
      pause = setTimeout(() => {
        pause = undefined
        void begin(question)
      }, pauseMs)
      announce(question)
    }
  }
  follow()
  const leaveRounds = rounds.join(follow)
  return {
    stop: halt,
    again: () => {
      const state = store.getState()
      const question = query.ask(state)
      if (question === null || question === 'unknown') {
        // Asked by itself as soon as it is known.
        if (begins === 'by-itself') asked = null
        return
      }
      cancel()
      asked = knownOf(question, state)
      void begin(question)
    },
    end: () => {
      leaveRounds()
      halt()
    },
  }
}

/** The worker is gone, and the next one, when its model is ready, is asked the same. */
function isLost({ kind }: EngineCallError): boolean {
  return kind === 'engine-lost' || kind === 'engine-replaced'
}
