// Keeps attention times gradient in step with the answer, while something on screen shows it.

import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { AppState, GradientAttentionState, SideAnswer } from '#state/app-state'
import { soloFrame } from '#state/layout/frame'
import type { Pane } from '#state/layout/panes'
import type { AppStore } from '#state/store'
import { gradientSpace, type Subject, sameSubject, subjectOf } from '#state/target'
import type { AttentionApi } from '../api.ts'
import { choiceFor, THUMBNAIL } from './explain.ts'
import { gatherThumbnails, keptThumbnails, withThumbnails } from './gather-thumbnails.ts'

/** Whether the reader looks at something that is made of gradients. */
export function showsGradientAttention({ tab, weighting, gridOrder }: AppState['settings']): boolean {
  return tab === 'attention' && (weighting !== 'attention' || gridOrder === 'importance')
}

function gradientSubject(state: AppState): Subject | null {
  const [subject, { answer }] = [subjectOf(state), state.a]
  return subject && answer && { ...subject, target: { ...subject.target, space: gradientSpace(answer, subject.target.space) } }
}

/** What is known for the answer on screen and the target there; null while it is on its way. */
export function currentGradientAttention(state: AppState): GradientAttentionState | null {
  const { gradientAttention } = state
  const subject = gradientSubject(state)
  return gradientAttention && subject && sameSubject(gradientAttention, subject) ? gradientAttention : null
}

/** The products of A with its gradients, in the place of its attention. */
function gradientAttentionPane({ choice, matrices }: GradientAttentionState, answer: SideAnswer, specials: boolean): Pane {
  return { side: 'a', frame: soloFrame('a', answer, specials), choice, matrices, answer }
}

/** What stands in the place of the attention panes; null where these stand themselves. */
export function gradientAttentionPanesOf(state: AppState): readonly Pane[] | null {
  const { weighting, chart, specials } = state.settings
  const gradientAttention = currentGradientAttention(state)
  const { answer } = state.a
  if (gradientAttention === null || answer === null || weighting === 'attention' || chart === 'token') return null
  return [gradientAttentionPane(gradientAttention, answer, specials === 'shown')]
}

/** Starts; goes on as long as the page. */
export function startGradientAttention(store: AppStore, engine: WorkerCaller<AttentionApi>): void {
  let asked = ''
  const follow = (state: AppState): void => {
    const { settings, model, a } = state
    const subject = gradientSubject(state)
    if (!showsGradientAttention(settings) || model.status !== 'ready' || model.card.gradients !== 'yes' || subject === null) return
    const choice = choiceFor(state)
    const key = JSON.stringify([subject, choice, model.generation])
    if (asked === key) return
    asked = key
    void ask(store, engine, { ...subject, choice }, a.answer?.layers ?? 0)
  }
  follow(store.getState())
  store.subscribe(follow)
}

async function ask(
  store: AppStore,
  engine: WorkerCaller<AttentionApi>,
  asked: Pick<GradientAttentionState, 'input' | 'target' | 'choice'>,
  layers: number,
): Promise<void> {
  let known: Pick<GradientAttentionState, 'importance' | 'scale'> = { importance: new Float32Array(), scale: 0 }
  const thumbnails = gatherThumbnails<Int8Array>((gathered) =>
    store.setState(({ gradientAttention }) =>
      gradientAttention
        ? { gradientAttention: { ...gradientAttention, thumbnails: withThumbnails(gradientAttention.thumbnails, gathered) } }
        : {},
    ),
  )
  try {
    await engine.call(
      'gradientAttention',
      { ...asked, thumbnail: THUMBNAIL },
      {
        lane: 'gradientAttention',
        onProgress: (part) => {
          if (part.kind === 'importance') known = part
          else if (part.kind === 'matrices') {
            store.setState(({ gradientAttention }) => ({
              gradientAttention: {
                ...asked,
                ...known,
                matrices: part.matrices,
                thumbnails: keptThumbnails(gradientAttention?.thumbnails, layers),
              },
            }))
          } else thumbnails.add(part.layer, { size: part.size, data: part.data })
        },
      },
    )
    thumbnails.finish()
  } catch (error) {
    // The input's own run reports what is wrong with it.
    if (!(error instanceof EngineCallError)) throw error
    if (error.kind !== 'cancelled') store.setState({ gradientAttention: null })
  }
}
