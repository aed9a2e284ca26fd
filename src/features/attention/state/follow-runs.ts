// The runs of both sides: complete answers, never half of an old one and half of a new one.

import type { AttentionChoice } from '#methods/attention/attention'
import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, SideAnswer } from '#state/app-state'
import { type Gathering, gatherThumbnails, keptThumbnails, withThumbnails } from '#state/gather-thumbnails'
import { sameInput } from '#state/layout/panes'
import { type CallContext, type Engines, type Following, followQuery, type Query } from '#state/query'
import { choiceOf, comparedInput, comparedModel, inputA } from '#state/reference'
import type { AppStore } from '#state/store'
import { type AttentionApi, THUMBNAIL } from '../api.ts'
import { choiceFor } from './shown-heads.ts'
import { type Side, type SideRun, sideSlot } from './side-slot.ts'

/** A snapshot that holds the input answers within this time. */
const SNAPSHOT_PATIENCE_MS = 250

interface RunQuestion {
  readonly input: ModelInput
  readonly of: 'model' | 'modelB'
  readonly sinksAside: boolean
}

export function followRuns(store: AppStore, engines: Engines<AttentionApi>): readonly Following[] {
  return [
    followQuery(
      store,
      runQuery(store, engines, 'a', ({ settings }) => ({ input: inputA(settings), of: 'model', sinksAside: settings.sinks === 'aside' })),
    ),
    followQuery(store, {
      ...runQuery(store, engines, 'reference', referenceQuestion),
      forgets: true,
      model: (state) => state[comparedModel(state)],
    }),
  ]
}

function referenceQuestion(state: AppState): RunQuestion | null {
  const input = comparedInput(state)
  const of = comparedModel(state)
  return input === null || state[of] === null ? null : { input, of, sinksAside: state.settings.sinks === 'aside' }
}

function runQuery(
  store: AppStore,
  engines: Engines<AttentionApi>,
  side: Side,
  ask: (state: AppState) => RunQuestion | null,
): Query<SideRun, Pick<RunQuestion, 'input'>, RunQuestion> {
  return {
    slot: sideSlot(side),
    ask,
    // A model that is on its way may still answer what failed for want of one.
    key: ({ input, of, sinksAside }, state) => [input, of, sinksAside, state[of]?.status === 'loading'],
    paceMs: 0,
    // Answers of another model are no answers of this one.
    keep: (before, { of }, last) => (last === null || last.of === of ? before : null),
    // A refused edit is taken back at once, and the answer before it is true again.
    keepFailed: (before, { input }, { kind }) => (kind === 'edit-refused' ? before : ofInput(before, input)),
    call: async (question, context) => {
      const { input, of } = question
      // A ready model answers in a moment; without one, the old answer must not stand beside the new text until it comes.
      const forget = (): void => context.part((before) => ofInput(before, input))
      const patience = context.state.model.status === 'ready' ? undefined : setTimeout(forget, SNAPSHOT_PATIENCE_MS)
      try {
        await run(store, engines[of], question, choiceFor(context.state, side), context)
      } finally {
        clearTimeout(patience)
      }
      return null
    },
  }
}

function ofInput(run: SideRun | null, input: ModelInput): SideRun | null {
  return run !== null && sameInput(run.answer.input, input) ? run : null
}

/** What a run has told so far. */
interface Seen {
  started: Omit<SideAnswer, 'choice' | 'matrices' | 'statistics'> | null
  thumbnails: Gathering<Uint8Array> | null
}

async function run(
  store: AppStore,
  engine: WorkerCaller<AttentionApi>,
  question: Pick<RunQuestion, 'input' | 'sinksAside'>,
  choice: AttentionChoice,
  { signal, part: show }: Pick<CallContext<SideRun>, 'signal' | 'part'>,
): Promise<void> {
  const { input, sinksAside } = question
  const seen: Seen = { started: null, thumbnails: null }
  try {
    await engine.call(
      'run',
      { input, choice, thumbnail: THUMBNAIL, sinksAside },
      {
        signal,
        onProgress: (part) => {
          if (part.kind === 'prediction') {
            const { row, prediction, precomputed, runMs, layers, heads } = part
            seen.started = { input, row, prediction, precomputed, runMs, layers, heads, focus: null, chosen: null }
            seen.thumbnails = gatherThumbnails((gathered) =>
              show((before) => before && { ...before, thumbnails: withThumbnails(before.thumbnails, gathered) }),
            )
          } else if (part.kind === 'matrices' && seen.started) {
            const answer: SideAnswer = { ...seen.started, choice: part.choice, matrices: part.matrices, statistics: part.statistics }
            show((before) => withNewAnswer(before, answer))
          } else if (part.kind === 'thumbnails') seen.thumbnails?.add(part.layer, { size: part.size, data: part.data })
        },
      },
    )
    seen.thumbnails?.finish()
  } catch (error) {
    if (!(error instanceof EngineCallError) || error.kind !== 'no-such-head' || seen.started === null) throw error
    // A link may name heads of a larger model; now that the model's size is known, ask for what it has.
    const fitting = choiceOf(store.getState().settings, seen.started.layers, seen.started.heads)
    if (JSON.stringify(fitting) === JSON.stringify(choice)) throw error
    await run(store, engine, question, fitting, { signal, part: show })
  }
}

function withNewAnswer(run: SideRun | null, answer: SideAnswer): SideRun {
  const before = run?.answer
  const { focus = null, chosen = null } = before && sameInput(before.input, answer.input) ? before : {}
  const isSameModel = before?.layers === answer.layers && before.heads === answer.heads
  return { answer: { ...answer, focus, chosen }, thumbnails: keptThumbnails(isSameModel ? run?.thumbnails : [], answer.layers) }
}
