// Keeps the answers in step with the settings: whenever an input, the choice or the chosen token changes, asks the engine,
// newest wins, and puts complete answers into the store, never half of an old one and half of a new one.

import type { CompareApi } from '#features/compare/api.ts'
import type { AttentionChoice } from '#methods/attention/attention'
import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { WireError } from '#protocol/messages'
import type { ModelApi } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, DifferenceState, SideAnswer, SideState } from '#state/app-state'
import { currentDifference, sameInput } from '#state/layout/panes'
import { choiceOf, inputA, type Reference, referenceOf } from '#state/reference'
import type { AppStore } from '#state/store'
import type { AttentionApi } from '../api.ts'
import { type Gathering, gatherThumbnails, keptThumbnails, withThumbnails } from './gather-thumbnails.ts'

/** Side of a thumbnail in cells: enough to tell a head's pattern, and 72 heads weigh 74 kB. */
export const THUMBNAIL = 32
/** Before the first answer nobody knows how many layers and heads there are: let every chosen head pass. */
const UNKNOWN = Number.POSITIVE_INFINITY

/** A snapshot that holds the input answers within this time. */
const SNAPSHOT_PATIENCE_MS = 250

type Side = 'a' | 'reference'

/** What a run has told so far. */
interface Seen {
  started: Omit<SideAnswer, 'choice' | 'matrices'> | null
  thumbnails: Gathering<Uint8Array> | null
}

/** The calls that answers are made of. */
type AskedApi = ModelApi & AttentionApi & CompareApi

/** The engines behind the sides: the second one holds the second model. */
export interface Engines {
  readonly model: WorkerCaller<AskedApi>
  readonly modelB: WorkerCaller<AskedApi>
}

/** Starts; returns the function that stops, what is under way included. */
export function startExplaining(store: AppStore, engines: Engines): () => void {
  const explaining = new AbortController()
  let comparing = new AbortController()
  const asked: Record<string, string> = {}
  /** True when `key` is new for `what`: the caller then asks the engine. */
  const changed = (what: string, key: unknown): boolean => {
    const text = JSON.stringify(key)
    if (asked[what] === text) return false
    asked[what] = text
    return true
  }

  const update = (state: AppState): void => {
    const { settings, history, model } = state
    const compared = referenceOf(settings, history)
    const other = compared?.kind === 'model' ? state.modelB : model
    const reference = compared === null || other === null ? null : inputFor(compared, state)
    const choice = choiceFor(state)
    const engine = engines.model
    const { generation } = model
    // A model that is on its way may still answer what failed for want of one.
    const coming = model.status === 'loading'
    if (changed('a', [inputA(settings), generation, coming])) void runSide(store, engine, 'a', inputA(settings), choice, explaining.signal)
    if (changed('reference', [reference, compared?.kind === 'model', other?.generation, other?.status === 'loading'])) {
      if (reference === null) {
        // A comparison that is under way would bring the reference back.
        comparing.abort()
        comparing = new AbortController()
        store.setState({ reference: null, difference: null })
      } else {
        const asked = compared?.kind === 'model' ? engines.modelB : engine
        // Answers of another model are no answers of this one.
        if (changed('reference-of', compared?.kind === 'model')) store.setState({ reference: null, difference: null })
        void runSide(store, asked, 'reference', reference, choiceFor(store.getState(), 'reference'), comparing.signal)
      }
    }
    const comparable = reference !== null && compared?.kind !== 'model'
    if (changed('difference', [inputA(settings), comparable && reference, generation, choice]) && comparable) {
      void runDifference(store, engine, inputA(settings), reference, choice, comparing.signal)
    }
    for (const side of ['a', 'reference'] as const) {
      const answer = store.getState()[side]?.answer
      if (!answer) continue
      const asked = side === 'reference' && compared?.kind === 'model' ? engines.modelB : engine
      const wanted = choiceFor(state, side)
      if (changed(`choice-${side}`, [answer.input, answer.precomputed, wanted])) void askMatrices(store, asked, side, answer, wanted)
      const token = focusToken(state, side)
      const focusKey = [answer.input, answer.precomputed, generation, token]
      if (token !== null && token < answer.row.tokens.length && changed(`focus-${side}`, focusKey)) {
        void askFocus(store, asked, side, answer, token)
        if (answer.prediction.kind === 'tokens') void askAnswer(store, asked, side, answer, token)
      }
      if (token === null && answer.chosen !== null && changed(`focus-${side}`, focusKey)) {
        store.setState((now) => patchAnswer(now, side, answer, { chosen: null }))
      }
    }
  }
  let following = false
  let behind = false
  /** Asking changes the state, too. What follows from that waits until all was asked: a text's run goes before its difference. */
  const follow = (): void => {
    behind = true
    if (following) return
    following = true
    try {
      while (behind) {
        behind = false
        update(store.getState())
      }
    } finally {
      following = false
    }
  }
  follow()
  const unsubscribe = store.subscribe(follow)
  return () => {
    unsubscribe()
    explaining.abort()
    comparing.abort()
  }
}

/** The choice that the settings ask for, within the model that answers on a side. */
export function choiceFor(state: AppState, side: Side = 'a'): AttentionChoice {
  const answer = state[side]?.answer ?? null
  return choiceOf(state.settings, answer?.layers ?? UNKNOWN, answer?.heads ?? UNKNOWN)
}

/** What the reference reads: a second model has A's edits only where its tokens are A's. */
function inputFor({ kind, input }: Reference, { model, modelB }: AppState): ModelInput {
  if (kind !== 'model' || input.edits.length === 0) return input
  const same = model.status === 'ready' && modelB?.status === 'ready' && model.card.tokenizerKey === modelB.card.tokenizerKey
  return same ? input : { ...input, edits: [] }
}

/** The chosen token on a side: itself, or the one that it is aligned with. */
function focusToken(state: AppState, side: Side): number | null {
  const { token } = state.settings
  if (token === null) return null
  if ((token.side === 'a') === (side === 'a')) return token.index
  const alignment = currentDifference(state)?.alignment
  if (!alignment) return null
  const [from, to] = token.side === 'a' ? [alignment.a, alignment.b] : [alignment.b, alignment.a]
  const index = to[from.indexOf(token.index)] ?? -1
  return index < 0 ? null : index
}

async function runSide(
  store: AppStore,
  engine: WorkerCaller<AskedApi>,
  side: Side,
  input: ModelInput,
  choice: AttentionChoice,
  signal: AbortSignal,
): Promise<void> {
  const patch = (change: (before: SideState) => SideState): void =>
    store.setState((state) => {
      const before = state[side] ?? { input, status: 'running', error: null, answer: null, thumbnails: [] }
      return { [side]: change(before) } as Pick<AppState, Side>
    })
  patch((before) => ({ ...before, input, status: 'running', error: null }))
  // A ready model answers in a moment; without one, the old answer must not stand beside the new text until it comes.
  const forget = (): void => patch((before) => (before.input === input ? withoutOlderAnswer(before) : before))
  const patience = store.getState().model.status === 'ready' ? undefined : setTimeout(forget, SNAPSHOT_PATIENCE_MS)
  const seen: Seen = { started: null, thumbnails: null }
  try {
    await engine.call(
      'run',
      { input, choice, thumbnail: THUMBNAIL },
      {
        lane: `run-${side}`,
        signal,
        onProgress: (part) => {
          if (part.kind === 'prediction') {
            const { row, prediction, precomputed, runMs, layers, heads } = part
            seen.started = { input, row, prediction, precomputed, runMs, layers, heads, focus: null, chosen: null }
            seen.thumbnails = gatherThumbnails((gathered) =>
              patch((before) => ({ ...before, thumbnails: withThumbnails(before.thumbnails, gathered) })),
            )
          } else if (part.kind === 'matrices' && seen.started) {
            const answer: SideAnswer = { ...seen.started, choice, matrices: part.matrices }
            patch((before) => withNewAnswer(before, answer))
          } else if (part.kind === 'thumbnails') seen.thumbnails?.add(part.layer, { size: part.size, data: part.data })
        },
      },
    )
    // In one breath: two changes of the state draw the page once.
    seen.thumbnails?.finish()
    patch((before) => ({ ...before, status: 'done' }))
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.kind === 'no-such-head' && seen.started) {
      // A link may name heads of a larger model; now that the model's size is known, ask for what it has.
      const fitting = choiceOf(store.getState().settings, seen.started.layers, seen.started.heads)
      if (!sameChoice(fitting, choice)) return runSide(store, engine, side, input, fitting, signal)
    }
    // A refused edit is taken back at once, and the answer before it is true again.
    const keep = failure?.kind === 'edit-refused' ? (before: SideState): SideState => before : withoutOlderAnswer
    if (failure) patch((before) => keep({ ...before, status: 'failed', error: failure }))
  } finally {
    clearTimeout(patience)
  }
}

function withoutOlderAnswer(side: SideState): SideState {
  return side.answer && !sameInput(side.answer.input, side.input) ? { ...side, answer: null } : side
}

function withNewAnswer(side: SideState, answer: SideAnswer): SideState {
  const before = side.answer
  const focus = before && sameInput(before.input, answer.input) ? before.focus : null
  const sameModel = before?.layers === answer.layers && before.heads === answer.heads
  const chosen = before && sameInput(before.input, answer.input) ? before.chosen : null
  return { ...side, answer: { ...answer, focus, chosen }, thumbnails: keptThumbnails(sameModel ? side.thumbnails : [], answer.layers) }
}

async function askMatrices(
  store: AppStore,
  engine: WorkerCaller<AskedApi>,
  side: Side,
  asked: SideAnswer,
  choice: AttentionChoice,
): Promise<void> {
  if (sameChoice(asked.choice, choice)) return
  await quietly(async () => {
    const matrices = await engine.call('attention', { input: asked.input, choice }, { lane: `attention-${side}` })
    // Back to the choice on screen before this one came: it is no longer wanted.
    store.setState((state) => (sameChoice(choiceFor(state, side), choice) ? patchAnswer(state, side, asked, { matrices, choice }) : {}))
  })
}

async function askFocus(store: AppStore, engine: WorkerCaller<AskedApi>, side: Side, asked: SideAnswer, token: number): Promise<void> {
  await quietly(async () => {
    const focus = await engine.call('focus', { input: asked.input, token }, { lane: `focus-${side}` })
    store.setState((state) => patchAnswer(state, side, asked, { focus }))
  })
}

async function askAnswer(store: AppStore, engine: WorkerCaller<AskedApi>, side: Side, asked: SideAnswer, position: number): Promise<void> {
  await quietly(async () => {
    const chosen = await engine.call('answer', { input: asked.input, position }, { lane: `answer-${side}` })
    store.setState((state) => patchAnswer(state, side, asked, { chosen }))
  })
}

function patchAnswer(state: AppState, side: Side, asked: SideAnswer, change: Partial<SideAnswer>): Partial<AppState> {
  const now = state[side]
  if (!now?.answer || !sameInput(now.answer.input, asked.input) || now.answer.precomputed !== asked.precomputed) return {}
  return { [side]: { ...now, answer: { ...now.answer, ...change } } }
}

async function runDifference(
  store: AppStore,
  engine: WorkerCaller<AskedApi>,
  a: ModelInput,
  b: ModelInput,
  choice: AttentionChoice,
  signal: AbortSignal,
): Promise<void> {
  let alignment: DifferenceState['alignment'] | null = null
  let matrices: DifferenceState['matrices'] = []
  const seen: { thumbnails: Gathering<Int8Array> | null } = { thumbnails: null }
  await quietly(async () => {
    await engine.call(
      'difference',
      { a, b, choice, thumbnail: THUMBNAIL },
      {
        lane: 'difference',
        signal,
        onProgress: (part) => {
          if (part.kind === 'alignment') alignment = part.alignment
          else if (part.kind === 'matrices') matrices = part.matrices
          else if (part.kind === 'heads' && alignment) {
            const { changes } = part
            const layers = 1 + changes.reduce((last, { layer }) => Math.max(last, layer), -1)
            const before = keptThumbnails(store.getState().difference?.thumbnails, layers)
            let difference: DifferenceState = { a, b, alignment, choice, matrices, changes, thumbnails: before }
            // The changes wait for the thumbnails, too: they belong to charts beside the heatmap, which goes first.
            seen.thumbnails = gatherThumbnails((gathered) => {
              difference = { ...difference, thumbnails: withThumbnails(difference.thumbnails, gathered) }
              store.setState({ difference })
            })
          } else if (part.kind === 'thumbnails') seen.thumbnails?.add(part.layer, { size: part.size, data: part.data })
        },
      },
    )
    seen.thumbnails?.finish()
  })
}

function sameChoice(one: AttentionChoice, other: AttentionChoice): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A failed request for a detail leaves the page as it is: the side's own run reports what is wrong with the input. */
async function quietly(request: () => Promise<unknown>): Promise<void> {
  try {
    await request()
  } catch (error) {
    if (!(error instanceof EngineCallError)) throw error
  }
}

/** The error that the reader should see; null for calls that were cancelled or will be made again. */
function failureOf(error: unknown): WireError | null {
  if (!(error instanceof EngineCallError)) throw error
  const ignored = ['cancelled', 'engine-lost', 'engine-replaced']
  return ignored.includes(error.kind) ? null : error.toWire()
}
