// Keeps attention times gradient in step with the answer, while something on screen shows it.

import { ATTENTION_CHARTS } from '#catalogue/charts'
import type { WorkerCaller } from '#protocol/client'
import type { AppState, Asked, SideAnswer } from '#state/app-state'
import { gatherThumbnails, keptThumbnails, withThumbnails } from '#state/gather-thumbnails'
import { soloFrame } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import { type CallContext, followQuery } from '#state/query'
import { chosenBy } from '#state/reference'
import type { AppStore } from '#state/store'
import { gradientSpace, type Subject, sameSubject, subjectOf } from '#state/target'
import { type AttentionApi, THUMBNAIL } from '../api.ts'
import { GRADIENT_ATTENTION, type GradientAttention, type GradientQuestion } from './head-importance.ts'

/** Whether the reader asks for something that is made of gradients. */
export function showsGradientAttention({
  tab,
  weighting,
  gridOrder,
}: Pick<AppState['settings'], 'tab' | 'weighting' | 'gridOrder'>): boolean {
  return tab === 'attention' && (weighting !== 'attention' || gridOrder === 'importance')
}

function gradientSubject(state: AppState): Subject | null {
  const [subject, { answer }] = [subjectOf(state), state.a]
  return subject && answer && { ...subject, target: { ...subject.target, space: gradientSpace(answer, subject.target.space) } }
}

/** What is known for the answer on screen and the target there; null while it is on its way. */
export function currentGradientAttention(state: AppState): GradientAttention | null {
  const known = GRADIENT_ATTENTION.of(state)?.answer ?? null
  const subject = gradientSubject(state)
  return known && subject && sameSubject(known, subject) ? known : null
}

/** Why it could not be computed for what is on screen; null where nothing went wrong, or nobody looks. */
export function gradientAttentionError(state: AppState): Asked<unknown, unknown>['error'] {
  const asked = showsGradientAttention(state.settings) ? GRADIENT_ATTENTION.of(state) : null
  const subject = asked?.error ? gradientSubject(state) : null
  return asked && subject && sameSubject(asked.question, subject) ? asked.error : null
}

/** The products of A with its gradients, in the place of its attention. */
function gradientAttentionPane(
  { choice, matrices }: GradientAttention,
  answer: SideAnswer,
  { specials, sinks }: AppState['settings'],
): Pane {
  return { side: 'a', frame: soloFrame('a', answer, specials === 'shown', sinks === 'aside'), choice, matrices, answer }
}

/** What stands in the place of the attention panes; null where these stand themselves. */
export function gradientAttentionPanesOf(state: AppState): readonly Pane[] | null {
  const { weighting, chart } = state.settings
  const known = currentGradientAttention(state)
  const { answer } = state.a
  if (known === null || answer === null || weighting === 'attention' || ATTENTION_CHARTS[chart].takes === 'token') return null
  return [gradientAttentionPane(known, answer, state.settings)]
}

/** Starts; goes on as long as the page. */
export function startGradientAttention(store: AppStore, engine: WorkerCaller<AttentionApi>): void {
  followQuery(store, {
    slot: GRADIENT_ATTENTION,
    ask: (state): GradientQuestion | 'unknown' | null => {
      const { settings, model } = state
      const available = model.status === 'ready' && model.card.gradients === 'yes'
      // Where gradients are there, they say which head is worth seeing first, whatever the reader looks at.
      if (!showsGradientAttention(settings) && !(available && settings.tab === 'attention')) return null
      const subject = available ? gradientSubject(state) : null
      return subject ? { ...subject, wanted: chosenBy(state), sinksAside: settings.sinks === 'aside' } : 'unknown'
    },
    // The thumbnails pace it.
    paceMs: 0,
    // It says itself what it is of, and its thumbnails stand until new ones come.
    keep: (before) => before,
    keepFailed: () => null,
    call: async (question, context) => {
      await run(engine, question, context)
      return null
    },
  })
}

async function run(
  engine: WorkerCaller<AttentionApi>,
  question: GradientQuestion,
  { signal, state, part: show }: CallContext<GradientAttention>,
): Promise<void> {
  const { input, target } = question
  const layers = state.a.answer?.layers ?? 0
  let known: Pick<GradientAttention, 'importance' | 'first' | 'scale'> = { importance: new Float32Array(), first: null, scale: 0 }
  const thumbnails = gatherThumbnails<Int8Array>((gathered) =>
    show((before) => before && { ...before, thumbnails: withThumbnails(before.thumbnails, gathered) }),
  )
  await engine.call(
    'gradientAttention',
    { input, target, choice: question.wanted, sinksAside: question.sinksAside, thumbnail: THUMBNAIL },
    {
      signal,
      onProgress: (part) => {
        if (part.kind === 'importance') known = part
        else if (part.kind === 'matrices') {
          show((before) => ({
            ...question,
            importance: known.importance,
            first: known.first,
            scale: known.scale,
            choice: part.choice,
            matrices: part.matrices,
            thumbnails: keptThumbnails(before?.thumbnails, layers),
          }))
        } else thumbnails.add(part.layer, { size: part.size, data: part.data })
      },
    },
  )
  thumbnails.finish()
}
