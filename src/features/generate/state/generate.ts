// How the text on screen goes on: what may come next follows where the reader is; tokens are added when the reader says so.

import { kindOf } from '#answers/answer-kinds'
import type { SamplingRules } from '#methods/generation/sampling'
import type { WorkerCaller } from '#protocol/client'
import type { ModelInput } from '#protocol/prediction'
import type { Settings } from '#share/settings'
import type { AppState, Asked } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { followQuery } from '#state/query'
import { roundsOf } from '#state/rounds'
import { service } from '#state/services'
import { slot } from '#state/slot'
import type { AppStore } from '#state/store'
import { settledAnswer } from '#state/target'
import type { Choice, GenerateApi, GenerateRequest, NamedToken, Typed } from '../api.ts'
import { createKeptTrees } from './kept-trees.ts'
import { EMPTY_TREE, idsIn, type NodeKey, pruned, stepOf, type Tree, withMark, withStep } from './tree.ts'

/** What is generated behind. */
export interface Continued {
  readonly input: ModelInput
}

const TREE = slot<Tree, Continued>('generated')
const NEXT = slot<Choice, Continued & { readonly behind: readonly number[] }>('next-token')

export interface Generate {
  /** Adds tokens where the reader is. */
  grow(): void
  stop(): void
  goTo(key: NodeKey): void
  /** Goes on from a place with one of its candidates. */
  take(key: NodeKey, choice: Choice, token: Pick<NamedToken, 'id'>): void
  prune(leaf: NodeKey): void
  mark(key: NodeKey): void
  /** What a reader would type to have the text up to a place; null where that cannot be asked now. */
  typed(key: NodeKey): Promise<Typed> | null
}

export const GENERATE = service<Generate>('generate')

/** A cut that moves draws lines at once; passes wait for a pause. */
const PAUSE_MS = 60

export function startGenerating(store: AppStore, engine: WorkerCaller<GenerateApi>): Generate {
  const growing = followQuery(store, {
    slot: TREE,
    begins: 'when-told',
    ask: (state): GenerateRequest | null => requestOf(state, isFilling(state) ? masksIn(state).length : state.settings.generateCount),
    // Only another text or another model makes another tree.
    key: ({ input }, { settings }) => [input, settings.model],
    keep: (before, question, last) => (last !== null && sameInput(last.input, question.input) ? before : null),
    call: async (request, { signal, part }) => {
      let tree: Tree | null = null
      let at: NodeKey = treeOf(store.getState(), request.input).at
      const { ended } = await engine.call('generate', request, {
        signal,
        onProgress: ({ step, cache, lacking, ms }) => {
          tree = {
            ...withStep(tree ?? treeOf(store.getState(), request.input), at, step),
            model: modelIn(store.getState()),
            cache,
            lacking,
            ended: null,
            ms,
          }
          at = tree.at
          const grown = tree
          part(() => grown)
        },
      })
      return { ...(tree ?? treeOf(store.getState(), request.input)), ended }
    },
  })
  followQuery(store, {
    slot: NEXT,
    pauseMs: PAUSE_MS,
    ask: (state): GenerateRequest | 'unknown' | null => {
      if (state.settings.tab !== 'generate') return null
      // What is being added moves the place all the time.
      return TREE.of(state)?.status === 'running' ? 'unknown' : (requestOf(state, 0) ?? 'unknown')
    },
    call: async (request, { signal }) => (await engine.call('generate', request, { signal })).next,
  })
  // Another text has another tree, and its own when it comes back.
  const kept = createKeptTrees()
  roundsOf(store).join(() => {
    const state = store.getState()
    const [asked, input, model] = [TREE.of(state), inputOf(state), modelIn(state)]
    if (asked?.answer?.model != null) kept.keep(asked.question.input, asked.answer)
    if (input === null || model === null || treeOf(state, input) !== EMPTY_TREE || asked?.status === 'running') return
    const answer = kept.of(input, model)
    if (answer !== null) roundsOf(store).put((now) => TREE.put(now, { question: { input }, status: 'done', error: null, answer }))
  })
  const change = (make: (tree: Tree) => Tree): void =>
    store.setState((state) => {
      const input = inputOf(state)
      if (input === null) return state
      const known = TREE.of(state)
      const answer = { ...make(treeOf(state, input)), model: modelIn(state) }
      return TREE.put(state, { question: { input }, status: known?.status ?? 'done', error: null, answer })
    })
  return {
    grow: growing.again,
    stop: growing.stop,
    goTo: (at) => change((tree) => ({ ...tree, at, ended: null })),
    take: (key, choice, token) => {
      const step = stepOf(choice, token)
      if (step !== null) change((tree) => withStep(tree, key, step))
    },
    prune: (leaf) => change((tree) => pruned(tree, leaf)),
    mark: (key) => change((tree) => withMark(tree, key)),
    typed: (key) => {
      const input = inputOf(store.getState())
      return input === null ? null : engine.call('typed', { input, behind: idsIn(key) })
    },
  }
}

/** A's text, where the model on screen says what comes next, or what its masks stand for; null while it is on its way, and for other models. */
function inputOf(state: AppState): ModelInput | null {
  const answer = state.model.status === 'ready' ? settledAnswer(state.a) : null
  if (answer === null) return null
  const goesOn = isFilling(state) ? masksIn(state).length > 0 : kindOf(answer.prediction).readsOn(answer.prediction)
  return goesOn ? answer.input : null
}

/** Whether the model fills masks, and adds nothing behind a text. */
export function isFilling({ model }: Pick<AppState, 'model'>): boolean {
  return model.status === 'ready' && model.card.task === 'masked-lm'
}

/** The model that answers, as trees name it. */
function modelIn({ model }: Pick<AppState, 'model'>): string | null {
  return model.status === 'ready' ? `${model.card.name} ${model.card.file}` : null
}

const NO_MASKS: readonly number[] = []
const masksKnown = new WeakMap<object, readonly number[]>()

/** Places of A's masks; the same list for the same answer. */
export function masksIn({ model, a: { answer } }: Pick<AppState, 'model' | 'a'>): readonly number[] {
  const mask = model.status === 'ready' ? model.card.maskToken : null
  if (mask === null || answer === null) return NO_MASKS
  const known = masksKnown.get(answer.row) ?? answer.row.tokens.flatMap(({ piece }, at) => (piece === mask ? [at] : []))
  masksKnown.set(answer.row, known)
  return known
}

/** Whether every mask has its token where the reader is. */
export function isFilled(state: AppState): boolean {
  return isFilling(state) && idsIn(currentTree(state).at).length >= masksIn(state).length
}

/** Whether tokens can be added now. */
export function canGenerate(state: AppState): boolean {
  return inputOf(state) !== null
}

/** Whether there is something to go on with, or a link asked for it. */
export function isGenerating({ settings, model, a: { answer } }: AppState): boolean {
  // A text without tokens has no answer, and may get some.
  const mayGoOn = model.status === 'ready' && (model.card.task === 'causal-lm' || model.card.task === 'masked-lm')
  return settings.tab === 'generate' || mayGoOn || (answer !== null && kindOf(answer.prediction).readsOn(answer.prediction))
}

function requestOf(state: AppState, count: number): GenerateRequest | null {
  const input = inputOf(state)
  if (input === null) return null
  const { settings } = state
  return { input, behind: idsIn(treeOf(state, input).at), rules: rulesOf(settings), seed: settings.seed, count }
}

/** What was generated behind an input; nothing yet, else. */
function treeOf(state: AppState, input: ModelInput): Tree {
  const asked = TREE.of(state)
  return asked?.answer?.model === modelIn(state) && sameInput(asked.question.input, input) ? asked.answer : EMPTY_TREE
}

/** What was generated behind the text on screen. */
export function currentTree(state: AppState): Tree {
  const input = inputOf(state)
  return input === null ? EMPTY_TREE : treeOf(state, input)
}

export function growth(state: AppState): Asked<Tree, Continued> | null {
  return TREE.of(state)
}

/** What may come next where the reader is; null while that is asked about. */
export function currentNext(state: AppState): Choice | null {
  const asked = NEXT.of(state)
  const input = inputOf(state)
  if (asked?.answer == null || input === null || !sameInput(asked.question.input, input)) return null
  return asked.question.behind.join('.') === currentTree(state).at ? asked.answer : null
}

export function nextError(state: AppState): Asked<Choice, Continued>['error'] {
  return NEXT.of(state)?.error ?? null
}

const HUNDRED = 100

/** The rules that the settings say. */
function rulesOf({ temperature, topK, topP, minP, typical }: Settings): SamplingRules {
  return {
    temperature: temperature / HUNDRED,
    topK: topK === 0 ? null : topK,
    topP: topP >= HUNDRED ? null : topP / HUNDRED,
    minP: minP === 0 ? null : minP / HUNDRED,
    typical: typical >= HUNDRED ? null : typical / HUNDRED,
  }
}
