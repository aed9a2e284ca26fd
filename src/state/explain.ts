// Keeps the answers in step with the settings: whenever an input, the choice or the chosen token changes, asks the engine,
// newest wins, and puts complete answers into the store, never half of an old one and half of a new one.

import type { AttentionChoice } from '#methods/attention/attention'
import { EngineCallError, type EngineCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/engine-api'
import type { WireError } from '#protocol/messages'
import type { AppState, DifferenceState, SideAnswer, SideState } from './app-state.ts'
import { choiceOf, inputA, referenceOf } from './reference.ts'
import type { AppStore } from './store.ts'

/** Side of a thumbnail in cells: enough to tell a head's pattern, and 72 heads weigh 74 kB. */
const THUMBNAIL = 32
/** Before the first answer nobody knows how many layers and heads there are: let every chosen head pass. */
const UNKNOWN = Number.POSITIVE_INFINITY

type Side = 'a' | 'reference'

/** Starts; returns the function that stops. */
export function startExplaining(store: AppStore, engine: EngineCaller): () => void {
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
    const reference = referenceOf(settings, history)?.input ?? null
    const choice = choiceFor(state)
    const { generation } = model
    if (changed('a', [inputA(settings), generation])) void runSide(store, engine, 'a', inputA(settings), choice)
    if (changed('reference', [reference, generation])) {
      if (reference === null) store.setState({ reference: null, difference: null })
      else void runSide(store, engine, 'reference', reference, choice)
    }
    if (changed('difference', [inputA(settings), reference, generation, choice]) && reference !== null) {
      void runDifference(store, engine, inputA(settings), reference, choice)
    }
    for (const side of ['a', 'reference'] as const) {
      const answer = store.getState()[side]?.answer
      if (!answer) continue
      if (changed(`choice-${side}`, [answer.input, answer.precomputed, choice])) void askMatrices(store, engine, side, answer, choice)
      const token = focusToken(state, side)
      if (token !== null && token < answer.row.tokens.length && changed(`focus-${side}`, [answer.input, answer.precomputed, token])) {
        void askFocus(store, engine, side, answer, token)
      }
    }
  }
  update(store.getState())
  return store.subscribe(update)
}

/** The choice that the settings ask for, within the model that answers. */
export function choiceFor(state: AppState): AttentionChoice {
  const answer = state.a.answer
  return choiceOf(state.settings, answer?.layers ?? UNKNOWN, answer?.heads ?? UNKNOWN)
}

function focusToken({ settings }: AppState, side: Side): number | null {
  const { token } = settings
  return token !== null && (token.side === 'a') === (side === 'a') ? token.index : null
}

async function runSide(store: AppStore, engine: EngineCaller, side: Side, input: ModelInput, choice: AttentionChoice): Promise<void> {
  const patch = (change: (before: SideState) => SideState): void =>
    store.setState((state) => {
      const before = state[side] ?? { input, status: 'running', error: null, answer: null }
      return { [side]: change(before) } as Pick<AppState, Side>
    })
  patch((before) => ({ ...before, input, status: 'running', error: null }))
  let started: Omit<SideAnswer, 'choice' | 'matrices'> | null = null
  try {
    await engine.call(
      'run',
      { input, choice, thumbnail: THUMBNAIL },
      {
        lane: `run-${side}`,
        onProgress: (part) => {
          if (part.kind === 'prediction') {
            const { row, prediction, precomputed, runMs, layers, heads } = part
            started = { input, row, prediction, precomputed, runMs, layers, heads, thumbnails: new Array(layers).fill(null), focus: null }
          } else if (part.kind === 'matrices' && started) {
            const answer: SideAnswer = { ...started, choice, matrices: part.matrices }
            patch((before) => ({ ...before, answer: keepWhatStillHolds(answer, before.answer) }))
          } else if (part.kind === 'thumbnails') {
            const { layer, size, data } = part
            patch((before) => withAnswer(before, (answer) => ({ ...answer, thumbnails: answer.thumbnails.with(layer, { size, data }) })))
          }
        },
      },
    )
    patch((before) => ({ ...before, status: 'done' }))
  } catch (error) {
    const failure = failureOf(error)
    if (failure) patch((before) => ({ ...before, status: 'failed', error: failure }))
  }
}

/** Old thumbnails stay until new ones replace them, so that the grid does not flicker while typing. */
function keepWhatStillHolds(answer: SideAnswer, before: SideAnswer | null): SideAnswer {
  if (before?.layers !== answer.layers || before.heads !== answer.heads) return answer
  const sameInput = JSON.stringify(before.input) === JSON.stringify(answer.input)
  return { ...answer, thumbnails: before.thumbnails, focus: sameInput ? before.focus : null }
}

async function askMatrices(store: AppStore, engine: EngineCaller, side: Side, asked: SideAnswer, choice: AttentionChoice): Promise<void> {
  if (JSON.stringify(asked.choice) === JSON.stringify(choice)) return
  await quietly(async () => {
    const matrices = await engine.call('attention', { input: asked.input, choice }, { lane: `attention-${side}` })
    store.setState((state) => patchAnswer(state, side, asked, { matrices, choice }))
  })
}

async function askFocus(store: AppStore, engine: EngineCaller, side: Side, asked: SideAnswer, token: number): Promise<void> {
  await quietly(async () => {
    const focus = await engine.call('focus', { input: asked.input, token }, { lane: `focus-${side}` })
    store.setState((state) => patchAnswer(state, side, asked, { focus }))
  })
}

function patchAnswer(state: AppState, side: Side, asked: SideAnswer, change: Partial<SideAnswer>): Partial<AppState> {
  const now = state[side]
  if (!now?.answer || now.answer.input !== asked.input || now.answer.precomputed !== asked.precomputed) return {}
  return { [side]: { ...now, answer: { ...now.answer, ...change } } }
}

async function runDifference(store: AppStore, engine: EngineCaller, a: ModelInput, b: ModelInput, choice: AttentionChoice): Promise<void> {
  let alignment: DifferenceState['alignment'] | null = null
  let matrices: DifferenceState['matrices'] = []
  await quietly(() =>
    engine.call(
      'difference',
      { a, b, choice, thumbnail: THUMBNAIL },
      {
        lane: 'difference',
        onProgress: (part) => {
          if (part.kind === 'alignment') alignment = part.alignment
          else if (part.kind === 'matrices') matrices = part.matrices
          else if (part.kind === 'heads' && alignment) {
            const { changes } = part
            const layers = 1 + changes.reduce((last, { layer }) => Math.max(last, layer), -1)
            const before = store.getState().difference
            const thumbnails = before?.thumbnails.length === layers ? before.thumbnails : new Array(layers).fill(null)
            store.setState({ difference: { a, b, alignment, choice, matrices, changes, thumbnails } })
          } else if (part.kind === 'thumbnails') {
            const { layer, size, data } = part
            store.setState(({ difference }) => ({
              difference: difference && { ...difference, thumbnails: difference.thumbnails.with(layer, { size, data }) },
            }))
          }
        },
      },
    ),
  )
}

function withAnswer(side: SideState, change: (answer: SideAnswer) => SideAnswer): SideState {
  return side.answer ? { ...side, answer: change(side.answer) } : side
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
  return ignored.includes(error.kind) ? null : { kind: error.kind, message: error.message, data: error.data }
}
