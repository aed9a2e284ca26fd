// The explanation at work on a store, in front of an engine that tells in its answers what was asked of it.

import type { AttentionChoice, AttentionMatrix } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { TokenFocus } from '#methods/attention/focus'
import type { ModelInput } from '#protocol/prediction'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import type { Following } from '#state/query'
import { CARD, type FakeEngine, fakeEngine, type HeardCall, PREDICTION, rowOf, STATISTICS } from '#state/state.fixture'
import { type AppStore, createActions, createAppStore } from '#state/store'
import type { Alignment } from '#text/align'
import { startExplaining } from './explain.ts'

const [LAYERS, HEADS] = [2, 3]

/** A matrix that tells what it was computed for: its text's length, its first head, whether it was precomputed. */
export function matrixFor({ text }: ModelInput, { heads }: AttentionChoice, precomputed = false): AttentionMatrix {
  const [head = null] = heads
  return { head, tokens: 1, data: Float32Array.of(text.length, head?.layer ?? -1, head?.head ?? -1, precomputed ? 1 : 0) }
}

export function focusFor({ text }: ModelInput, token: number): TokenFocus {
  return {
    token,
    layers: LAYERS,
    heads: HEADS,
    tokens: rowOf(text).tokens.length,
    from: Float32Array.of(text.length),
    to: Float32Array.of(token),
  }
}

function changesOf(): HeadChange[] {
  return Array.from({ length: LAYERS * HEADS }, (_, i) => ({
    layer: Math.floor(i / HEADS),
    head: i % HEADS,
    moved: 0.1,
    query: 0,
    key: 0,
    change: 0.1,
  }))
}

const START_TO_START: Alignment = { a: Int32Array.of(0, 1, 2), b: Int32Array.of(0, 1, 2) }

/**
 * Starts on a page whose first heads are 1.1; the builders answer calls as an engine of two layers of three heads would.
 * @param startOther what asks beside it
 */
export function setUp(change: Partial<Settings> = {}, startOther?: (store: AppStore, engine: FakeEngine['client']) => Following) {
  const store = createAppStore({ ...INITIAL_SETTINGS, textA: 'not bad', heads: [{ layer: 0, head: 0 }], ...change })
  const actions = createActions(store)
  const engine = fakeEngine()
  const second = fakeEngine()
  const explaining = startExplaining(store, { model: engine.client, modelB: second.client })
  const other = startOther?.(store, engine.client)
  const stop = (): void => {
    explaining()
    other?.end()
  }
  const partial = ({ args }: HeardCall<'run'>, precomputed = false) => ({
    prediction: () =>
      ({
        kind: 'prediction',
        row: rowOf(args.input.text),
        prediction: PREDICTION,
        precomputed,
        runMs: 1,
        layers: LAYERS,
        heads: HEADS,
      }) as const,
    matrices: () =>
      ({
        kind: 'matrices',
        choice: args.choice,
        matrices: [matrixFor(args.input, args.choice, precomputed)],
        statistics: STATISTICS,
      }) as const,
    thumbnails: (layer: number) =>
      ({ kind: 'thumbnails', layer, heads: HEADS, size: 1, data: Uint8Array.of(args.input.text.length, layer) }) as const,
  })
  const answerRun = async (call: HeardCall<'run'>, precomputed = false): Promise<void> => {
    const parts = partial(call, precomputed)
    engine.progress(call, parts.prediction())
    engine.progress(call, parts.matrices())
    for (let layer = 0; layer < LAYERS; layer++) engine.progress(call, parts.thumbnails(layer))
    await engine.result(call, null)
  }
  const answerDifference = async (call: HeardCall<'difference'>, alignment: Alignment = START_TO_START): Promise<void> => {
    const { a, choice } = call.args
    engine.progress(call, { kind: 'alignment', alignment })
    engine.progress(call, { kind: 'matrices', choice, matrices: [matrixFor(a, choice)] })
    engine.progress(call, { kind: 'heads', changes: changesOf() })
    for (let layer = 0; layer < LAYERS; layer++) {
      engine.progress(call, { kind: 'thumbnails', layer, heads: HEADS, size: 1, data: Int8Array.of(a.text.length, layer) })
    }
    await engine.result(call, null)
  }
  const answerMatrices = ({ args, ...call }: HeardCall<'attention'>): Promise<void> =>
    engine.result({ args, ...call }, [matrixFor(args.input, args.choice)])
  const answerFocus = (call: HeardCall<'focus'>): Promise<void> => engine.result(call, focusFor(call.args.input, call.args.token))
  /** The run that is asked for A now; its input tells it from the reference's. */
  const openRun = (text: string): HeardCall<'run'> => {
    const calls = engine.heard('run').filter(({ args }) => args.input.text === text)
    const last = calls.at(-1)
    if (!last) throw new Error(`no run of ${text}`)
    return last
  }
  const ready = (): void =>
    store.setState(({ model }) => ({
      model: { ref: model.ref, status: 'ready', card: CARD, generation: model.generation + 1, snapshot: model.snapshot },
    }))
  return {
    store,
    actions,
    engine,
    second,
    stop,
    partial,
    answerRun,
    answerDifference,
    answerMatrices,
    answerFocus,
    openRun,
    ready,
    a: () => store.getState().a,
    reference: () => store.getState().reference,
    difference: () => store.getState().difference,
  }
}

export const head = (layer: number, index: number) => ({ layer, head: index })
