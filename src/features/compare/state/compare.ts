// Keeps the difference between A and what it is compared with in step with the settings.

import { THUMBNAIL } from '#features/attention/api.ts'
import type { WorkerCaller } from '#protocol/client'
import type { DifferenceState } from '#state/app-state'
import { type Gathering, gatherThumbnails, keptThumbnails, withThumbnails } from '#state/gather-thumbnails'
import { type CallContext, type Following, followQuery } from '#state/query'
import { chosenBy, comparedInput, comparedModel, inputA } from '#state/reference'
import type { Slot } from '#state/slot'
import type { AppStore } from '#state/store'
import type { CompareApi, DifferenceRequest } from '../api.ts'

type Compared = Pick<DifferenceRequest, 'a' | 'b' | 'choice'>
type DifferenceQuestion = Compared & Pick<DifferenceRequest, 'sinksAside'>

/** The charts know the difference alone: the run of either side reports what is wrong with its input. */
const DIFFERENCE: Slot<DifferenceState, Compared> = {
  of: ({ difference }) => difference && { question: difference, status: 'done', error: null, answer: difference },
  put: (state, asked) => {
    const difference = asked?.answer ?? null
    return state.difference === difference ? state : { difference }
  },
}

/** Starts; returns what follows. */
export function startComparing(store: AppStore, engine: WorkerCaller<CompareApi>): Following {
  return followQuery(store, {
    slot: DIFFERENCE,
    ask: (state): DifferenceQuestion | null => {
      const b = comparedModel(state) === 'modelB' ? null : comparedInput(state)
      return b && { a: inputA(state.settings), b, choice: chosenBy(state), sinksAside: state.settings.sinks === 'aside' }
    },
    forgets: true,
    // The thumbnails pace it.
    paceMs: 0,
    // It says itself which texts it is of.
    keep: (before) => before,
    call: async (question, context) => {
      await compare(engine, question, context)
      return null
    },
  })
}

async function compare(
  engine: WorkerCaller<CompareApi>,
  question: DifferenceQuestion,
  { signal, part: show }: CallContext<DifferenceState>,
): Promise<void> {
  let alignment: DifferenceState['alignment'] | null = null
  let shown: Pick<DifferenceState, 'choice' | 'matrices'> = { choice: question.choice, matrices: [] }
  const seen: { thumbnails: Gathering<Int8Array> | null } = { thumbnails: null }
  await engine.call(
    'difference',
    { ...question, thumbnail: THUMBNAIL },
    {
      signal,
      onProgress: (part) => {
        if (part.kind === 'alignment') alignment = part.alignment
        else if (part.kind === 'matrices') shown = { choice: part.choice, matrices: part.matrices }
        else if (part.kind === 'heads' && alignment) {
          const { changes } = part
          const layers = 1 + changes.reduce((last, { layer }) => Math.max(last, layer), -1)
          const known = { a: question.a, b: question.b, ...shown, alignment, changes }
          // The changes wait for the thumbnails, too: they belong to charts beside the heatmap, which goes first.
          seen.thumbnails = gatherThumbnails((gathered) =>
            show((before) => ({ ...known, thumbnails: withThumbnails(keptThumbnails(before?.thumbnails, layers), gathered) })),
          )
        } else if (part.kind === 'thumbnails') seen.thumbnails?.add(part.layer, { size: part.size, data: part.data })
      },
    },
  )
  seen.thumbnails?.finish()
}
