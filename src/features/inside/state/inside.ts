// What is read inside the model for the text and the target on screen: asked while somebody looks.

import { type InterventionsApi, type Sweep, type SweepRequest, withSweptLayer } from '#features/interventions/api.ts'
import type { WorkerCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, Asked } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { type Following, followQuery } from '#state/query'
import { service } from '#state/services'
import { type Slot, slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { settledAnswer, subjectOf } from '#state/target'
import type {
  CopyingScores,
  HeadRolesRequest,
  InsideApi,
  JacobianLens,
  LensColumn,
  LensGridRequest,
  LensRequest,
  LogitAttribution,
  MeasuredRoles,
} from '../api.ts'

/** What a question is about. */
export interface OfInput {
  readonly input: ModelInput
}

const LENS = slot<readonly LensColumn[], OfInput>('logit-lens')
const SLOPES = slot<JacobianLens, OfInput>('jacobian-lens')
const SHARES = slot<LogitAttribution, OfInput>('logit-attribution')
const ROLES = slot<MeasuredRoles, OfInput>('head-roles')
const EFFECTS = slot<Sweep, OfInput>('total-effects')
const COPYING = slot<CopyingScores | number, OfInput>('head-copying')
const RANDOM_COPYING = slot<CopyingScores | number, OfInput>('head-copying-random')
const RANDOM_ROLES = slot<MeasuredRoles, OfInput>('head-roles-random')

export interface Inside {
  stop(): void
  again(): void
  /** Measures the heads on random tokens, said twice. */
  measureRandom(): void
  /** Switches every part off alone, to zero, for what is lost of the number. */
  measureEffects(): void
  stopEffects(): void
  /** Measures what the heads copy, a pass a layer. */
  measureCopying(on: 'text' | 'random'): void
}

export const INSIDE = service<Inside>('inside')

/** Positions that the grid shows: more do not fit, and each takes a moment. */
export const MOST_POSITIONS = 48
/** Passes wait for a pause in typing. */
const PAUSE_MS = 250
const SEED = 7

export function startInside(store: AppStore, engine: WorkerCaller<InsideApi & Pick<InterventionsApi, 'sweep'>>): Inside {
  const lens = followQuery(store, {
    slot: LENS,
    pauseMs: PAUSE_MS,
    ask: (state): LensGridRequest | 'unknown' | null => asking(state, (request) => ({ ...request, most: MOST_POSITIONS })),
    // What a state reads as is the same for every target.
    keep: (before, question, last) => (last !== null && sameInput(last.input, question.input) ? before : null),
    call: async (request, { signal, part }) => {
      const { columns } = await engine.call('logitLens', request, {
        signal,
        onProgress: (column) => part((before) => withColumn(before ?? [], column)),
      })
      return columns
    },
  })
  const slopes = followQuery(store, {
    slot: SLOPES,
    pauseMs: PAUSE_MS,
    ask: (state): LensRequest | 'unknown' | null => (hasGradients(state) ? asking(state, (request) => request) : null),
    call: (request, { signal }) => engine.call('jacobianLens', request, { signal }),
  })
  const shares = followQuery(store, {
    slot: SHARES,
    pauseMs: PAUSE_MS,
    ask: (state): LensRequest | 'unknown' | null => asking(state, (request) => request),
    call: (request, { signal }) => engine.call('logitAttribution', request, { signal }),
  })
  const roles = followQuery(store, {
    slot: ROLES,
    pauseMs: PAUSE_MS,
    ask: (state): HeadRolesRequest | 'unknown' | null => asking(state, ({ input }) => ({ input, random: null })),
    call: (request, { signal }) => engine.call('headRoles', request, { signal }),
  })
  const random = followQuery(store, {
    slot: RANDOM_ROLES,
    begins: 'when-told',
    ask: (state): HeadRolesRequest | 'unknown' | null => asking(state, ({ input }) => ({ input, random: SEED })),
    // The text on screen is not read.
    key: (_, { settings }) => settings.model,
    call: (request, { signal }) => engine.call('headRoles', request, { signal }),
  })
  const effects = followQuery(store, {
    slot: EFFECTS,
    begins: 'when-told',
    ask: (state): SweepRequest | 'unknown' | null =>
      asking(state, ({ input, target, foil, position }) =>
        target === null
          ? 'unknown'
          : { input, reference: null, target: { index: target, foil, position, space: 'score' }, kinds: ['zero'] },
      ),
    call: (request, { signal, part }) =>
      engine.call('sweep', request, { signal, onProgress: (layer) => part((before) => withSweptLayer(before, layer)) }),
  })
  const copyingOn = (place: typeof COPYING, random: number | null): Following =>
    followQuery(store, {
      slot: place,
      begins: 'when-told',
      ask: (state): HeadRolesRequest | 'unknown' | null => asking(state, ({ input }) => ({ input, random })),
      key: ({ input }, { settings }) => (random === null ? input : settings.model),
      call: (request, { signal, part }) => engine.call('copying', request, { signal, onProgress: (layers) => part(() => layers) }),
    })
  const copying = { text: copyingOn(COPYING, null), random: copyingOn(RANDOM_COPYING, SEED) }
  const all: readonly Following[] = [lens, slopes, shares, roles]
  const told: readonly Following[] = [random, effects, copying.text, copying.random]
  return {
    stop: () => {
      for (const one of [...all, ...told]) one.stop()
    },
    again: () => {
      for (const one of all) one.again()
    },
    measureRandom: random.again,
    measureEffects: effects.again,
    stopEffects: effects.stop,
    measureCopying: (on) => copying[on].again(),
  }
}

/** null where nobody looks, or the model cannot be read. */
function asking<Question>(state: AppState, make: (request: LensRequest) => Question): Question | 'unknown' | null {
  if (state.settings.tab !== 'inside') return null
  if (state.model.status !== 'ready') return 'unknown'
  if (!state.model.card.found.readout) return null
  const subject = subjectOf(state)
  if (subject === null) return 'unknown'
  const { input, target } = subject
  return make({ input, position: target.position, target: target.index, foil: target.foil })
}

function hasGradients({ model }: AppState): boolean {
  return model.status === 'ready' && model.card.gradients === 'yes'
}

/** Whether something was recognised inside the model's layers, or a link asked for it. */
export function hasInside({ settings, model }: AppState): boolean {
  return settings.tab === 'inside' || (model.status === 'ready' && (model.card.found.readout || model.card.found.path))
}

/** In place of the same position's, in the order of the text. */
function withColumn(before: readonly LensColumn[], column: LensColumn): readonly LensColumn[] {
  return [...before.filter(({ at }) => at !== column.at), column].toSorted((one, other) => one.at - other.at)
}

export const lensOf = shownOf(LENS)
export const slopesOf = shownOf(SLOPES)
export const sharesOf = shownOf(SHARES)
export const rolesOf = shownOf(ROLES)
export const effectsOf = shownOf(EFFECTS)
export const copyingOf = shownOf(COPYING)
export const randomCopyingOf: (state: AppState) => Asked<CopyingScores | number, OfInput> | null = RANDOM_COPYING.of
export const randomRolesOf: (state: AppState) => Asked<MeasuredRoles, OfInput> | null = RANDOM_ROLES.of

/** What is known of the text on screen; null where that is another one by now. */
function shownOf<Answer>(place: Slot<Answer, OfInput>): (state: AppState) => Asked<Answer, OfInput> | null {
  return (state) => {
    const asked = place.of(state)
    const answer = settledAnswer(state.a)
    return asked !== null && answer !== null && sameInput(asked.question.input, answer.input) ? asked : null
  }
}
