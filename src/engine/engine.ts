// The engine: answers the page's calls from finished runs, from a snapshot while the model is on its way, or by running it.

import { usedOptions } from '#catalogue/attribution-methods'
import type { Interactions, RefusedTrial } from '#features/what-if/api.ts'
import { findCounterfactuals, movedPosition, perturbed, refusedTrial, rowOfTrial, trialsOf } from '#features/what-if/worker/what-if.ts'
import { attentionDifference, headChanges } from '#methods/attention/difference'
import { tokenFocus } from '#methods/attention/focus'
import { gradientAttention, largestMagnitude } from '#methods/attention/gradient-attention'
import { headImportance } from '#methods/attention/gradient-x-attention'
import { chooseAttention } from '#methods/attention/reduce'
import { attentionThumbnails, differenceThumbnails, signedThumbnails, thumbnailSize } from '#methods/attention/thumbnail'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import { doubtsOf } from '#methods/games/as-attribution'
import { MOST_PAIRED_PLAYERS, pairInteractions } from '#methods/games/interaction'
import type { LoadProgress, LoadRequest, ModelCard } from '#protocol/model-api'
import type { ModelInput, PositionAnswer, Prediction } from '#protocol/prediction'
import type { CallContext, EngineHandlers } from '#protocol/serve'
import { alignTokens } from '#text/align'
import { applyEdits, type EditContext, type TokenEdit } from '#text/edit'
import { TextError } from '#text/text-error'
import type { TokenRow } from '#text/token'
import { EngineError } from './error.ts'
import type { LoadedModel } from './model/model.ts'
import type { Snapshot } from './model/snapshot.ts'
import type { ForwardPasses } from './passes/forward-passes.ts'
import { createPassCache, type ForwardPass, type PassCache } from './passes/pass-cache.ts'
import { createSchedule, type Urgency } from './passes/schedule.ts'
import { targetNumber } from './passes/target-number.ts'
import { attribute, gameOf, type TargetView, turnsOf, viewTarget } from './passes/target-view.ts'
import { yieldToMessages } from './passes/yield-to-messages.ts'
import type { ModelTokenizer } from './text/tokenizer.ts'

/** How an engine gets its model: the worker's way reads files, a test's may hand over anything. */
export interface EngineSources {
  readonly loadModel: (request: LoadRequest, context: CallContext<LoadProgress>) => Promise<LoadedModel>
  /** @throws EngineError `snapshot-refused` */
  readonly loadSnapshot: (address: string, base: string, signal: AbortSignal) => Promise<Snapshot>
}

/** An engine without a model; calls that need one wait for `load`, or fail with `no-model` when none is on its way. */
export function createEngine(sources: EngineSources): EngineHandlers {
  const runs: PassCache = createPassCache()
  const schedule = createSchedule()
  /** Answers at positions that were asked for one by one; they go with their run. */
  const answers = byRun<number, PositionAnswer | null>()
  /** Finished attributions, too. */
  const attributions = byRun<string, Attribution>()
  /** Rows that were run for a target: they are not run again, for whatever method and after whatever else was asked. */
  const forwards = byRun<string, ForwardPasses>()
  /** What was attributed last: methods with the same target share its first pass, whose tensors are too large to keep more of. */
  let explained: { readonly run: ForwardPass; readonly target: string; readonly view: TargetView } | null = null
  let model: Promise<LoadedModel> | null = null
  let snapshot: Promise<void> = Promise.resolve()

  const load = async (request: LoadRequest, context: CallContext<LoadProgress>): Promise<ModelCard> => {
    const late = new AbortController()
    const signal = AbortSignal.any([context.signal, late.signal])
    const loading = sources.loadModel(request, context)
    model = loading
    loading.catch(() => {
      if (model === loading) model = null
    })
    const { source } = request
    snapshot =
      source.kind === 'files' || source.snapshot === null ? Promise.resolve() : takeSnapshot(source.snapshot, source.base, signal, context)
    const { card } = await loading
    // A snapshot that hangs must not hold back a model from the cache.
    late.abort()
    runs.drop((run) => run.precomputed)
    return card
  }
  const takeSnapshot = async (address: string, base: string, signal: AbortSignal, context: CallContext<LoadProgress>): Promise<void> => {
    try {
      const { runs: precomputed } = await sources.loadSnapshot(address, base, signal)
      if (signal.aborted) return
      for (const { input, run } of precomputed) runs.put(input, run)
      context.progress({ kind: 'snapshot', verdict: 'accepted' })
    } catch (error) {
      if (signal.aborted) return
      const reason = error instanceof EngineError && error.kind === 'snapshot-refused' ? error.data.reason : 'missing'
      context.progress({ kind: 'snapshot', verdict: refusalOf(reason) })
    }
  }
  /** The model of the newest load. One that failed or was cancelled while it was waited for reports to its own caller. */
  const readyModel = (): Promise<LoadedModel> =>
    model === null ? Promise.reject(new EngineError('no-model', 'No model is loaded.')) : model.catch(readyModel)
  const runOf = async (input: ModelInput, signal: AbortSignal, urgency: Urgency = 'live'): Promise<ForwardPass> => {
    await snapshot
    const run = await runs.get(input, signal, async (wanted) => {
      const { tokenizer, run } = await readyModel()
      return schedule.add(urgency, wanted, () => {
        const row = applyEdits(
          input.chat ? tokenizer.encodeChat(input.text) : tokenizer.encode(input.text),
          input.edits,
          editContext(tokenizer),
        )
        return run(row)
      })
    })
    signal.throwIfAborted()
    return run
  }
  /** The model as methods see it; the last view is kept, so that methods share its passes. @throws EngineError `no-such-target` */
  const explaining = async (run: ForwardPass, target: AttributionTarget): Promise<TargetView> => {
    const ready = await readyModel()
    const asked = JSON.stringify(target)
    if (explained?.run !== run || explained.target !== asked) {
      const view = viewTarget(ready, run.row, target)
      const forward = forwards(run).get(asked) ?? view.forward
      forwards(run).set(asked, forward)
      explained = { run, target: asked, view: { ...view, forward } }
    }
    return explained.view
  }

  return {
    load,
    run: async ({ input, choice, thumbnail }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const { row, attention, precomputed, runMs } = run
      progress({
        kind: 'prediction',
        row,
        prediction: copyOf(run.prediction),
        precomputed,
        runMs,
        layers: attention.layers.length,
        heads: attention.layers[0]?.heads ?? 0,
      })
      progress({ kind: 'matrices', matrices: chooseAttention(attention, choice) })
      for (const [layer, { heads }] of attention.layers.entries()) {
        await yieldToMessages()
        signal.throwIfAborted()
        const size = thumbnailSize(attention.tokens, thumbnail)
        progress({ kind: 'thumbnails', layer, heads, size, data: attentionThumbnails(attention, layer, thumbnail) })
      }
      return null
    },
    attention: async ({ input, choice }, { signal }) => chooseAttention((await runOf(input, signal)).attention, choice),
    answer: async ({ input, position }, { signal }) => {
      const run = await runOf(input, signal)
      const { prediction } = run
      const own = prediction.kind === 'tokens' ? prediction.positions.find((answer) => answer.position === position) : null
      if (own !== undefined) return own
      const known = answers(run)
      const found = known.get(position)
      if (found !== undefined) return found
      const { answerAt } = await readyModel()
      const answer = await schedule.add(
        'live',
        () => !signal.aborted,
        () => answerAt(run.row, position),
      )
      known.set(position, answer)
      return answer
    },
    attribute: async ({ input, target, method, options, reference }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const known = attributions(run)
      const used = usedOptions(method, options)
      const beginsAtText = used.includes('reference')
      const from = beginsAtText && reference !== null ? (await runOf(reference, signal)).row : null
      const key = JSON.stringify([method, target, used, beginsAtText ? reference : null])
      const finished = known.get(key)
      if (finished) return movable(finished)
      const answer = await attribute(
        await explaining(run, target),
        { method, target, options, reference: from },
        schedule,
        signal,
        (part) => progress(movable(part)),
      )
      known.set(key, answer)
      return movable(answer)
    },
    gradientAttention: async ({ input, target, choice, thumbnail }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const { gradients } = await explaining(run, target)
      if (gradients === null) throw new EngineError('no-gradients', 'The model has no gradients here.')
      const { layers } = await schedule.add('live', () => !signal.aborted, gradients.attention)
      signal.throwIfAborted()
      const products = gradientAttention(layers, run.attention.tokens)
      const scale = largestMagnitude(products)
      progress({ kind: 'importance', importance: headImportance(layers), scale })
      progress({ kind: 'matrices', matrices: chooseAttention(products, choice) })
      for (const [layer, { heads }] of products.layers.entries()) {
        await yieldToMessages()
        signal.throwIfAborted()
        const size = thumbnailSize(products.tokens, thumbnail)
        progress({ kind: 'thumbnails', layer, heads, size, data: signedThumbnails(products, layer, thumbnail, scale) })
      }
      return null
    },
    whatIf: async ({ input, target, families, words }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const ready = await readyModel()
      const { forward } = await explaining(run, target)
      const turn = turnsOf(schedule, 'background')
      /** null where an edit took away what the target is asked about. */
      const outputAt = async ({ row, prediction }: ForwardPass): Promise<number | null> => {
        // The run has told the scores of classes already.
        if (prediction.kind === 'classes') return targetNumber(target, prediction.activation, prediction.logits)
        const position = movedPosition(target.position, run.row, row)
        if (position === undefined) return null
        return (await turn(signal, () => forward.outputs([perturbed(row, position)])))[0] ?? Number.NaN
      }
      const before = (await outputAt(run)) ?? Number.NaN
      const { trials, unfit } = await trialsOf({ families, words }, run.row, ready, signal)
      const refused: RefusedTrial[] = [...unfit]
      for (const [at, trial] of trials.entries()) {
        await yieldToMessages()
        signal.throwIfAborted()
        try {
          const after = await runOf({ ...input, edits: [...input.edits, ...trial.edits] }, signal, 'background')
          const output = await outputAt(after)
          if (output === null) refused.push(refusedTrial(trial, 'question-gone'))
          else progress(rowOfTrial(trial, run, after, { before, output }, trials.length - at - 1))
        } catch (error) {
          // An edit that cannot be made, such as of the only token, has no row.
          if (!(error instanceof TextError)) throw error
          refused.push(refusedTrial(trial, String(error.data.reason)))
        }
      }
      return refused
    },
    counterfactuals: async ({ input, target, goal, moves }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const ready = await readyModel()
      const foil = target.foil ?? runnerUp(run, target)
      const view = await explaining(run, { ...target, foil, space: 'score' })
      const edited = (edits: readonly TokenEdit[]): TokenRow => applyEdits(run.row, edits, editContext(ready.tokenizer))
      return findCounterfactuals(ready, view, run.prediction, { target, goal, moves }, edited, schedule, signal, progress)
    },
    interactions: async ({ input, target, options }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const game = await gameOf(await explaining(run, target), target, options, turnsOf(schedule, 'background'), signal)
      if (game.players > MOST_PAIRED_PLAYERS) {
        const data = { units: game.players, pairs: (game.players * (game.players - 1)) / 2, most: MOST_PAIRED_PLAYERS }
        throw new EngineError('too-many-pairs', `${game.players} units make too many pairs.`, data)
      }
      let last: Interactions = { values: new Float32Array(), units: game.units, left: 0, doubts: [] }
      for await (const { values, left } of pairInteractions(game, signal)) {
        last = { values: Float32Array.from(values), units: game.units, left, doubts: doubtsOf(game) }
        if (left > 0) progress({ ...last, values: last.values.slice() })
      }
      return last
    },
    focus: async ({ input, token }, { signal }) => {
      return tokenFocus((await runOf(input, signal)).attention, token)
    },
    difference: async ({ a, b, choice, thumbnail }, { signal, progress }) => {
      const [runA, runB] = [await runOf(a, signal), await runOf(b, signal)]
      const alignment = alignTokens(runA.row.tokens, runB.row.tokens)
      progress({ kind: 'alignment', alignment: { a: alignment.a.slice(), b: alignment.b.slice() } })
      progress({ kind: 'matrices', matrices: attentionDifference(runA.attention, runB.attention, alignment, choice) })
      progress({ kind: 'heads', changes: headChanges(runA.attention, runB.attention, alignment) })
      for (const [layer, { heads }] of runA.attention.layers.entries()) {
        await yieldToMessages()
        signal.throwIfAborted()
        const size = thumbnailSize(alignment.a.length, thumbnail)
        const data = differenceThumbnails(runA.attention, runB.attention, alignment, layer, thumbnail)
        progress({ kind: 'thumbnails', layer, heads, size, data })
      }
      return null
    },
  }
}

/** What would be the answer if the target were not: the way to it is steeper than the way from the target alone. */
function runnerUp({ prediction }: ForwardPass, { index, position }: AttributionTarget): number | null {
  if (prediction.kind === 'classes') {
    const order = Array.from(prediction.logits.keys()).sort((one, other) => (prediction.logits[other] ?? 0) - (prediction.logits[one] ?? 0))
    return order.find((other) => other !== index) ?? null
  }
  if (prediction.kind !== 'tokens') return null
  const asked = prediction.positions.find((one) => one.position === position)
  return asked?.candidates.find(({ id }) => id !== index)?.id ?? null
}

function editContext(tokenizer: ModelTokenizer): EditContext {
  return { maskToken: tokenizer.mask, encodeWord: (word) => tokenizer.encodeWord(word), maxTokens: tokenizer.maxTokens }
}

/** What is kept of a run as long as the run itself. */
function byRun<Key, Value>(): (run: ForwardPass) => Map<Key, Value> {
  const all = new WeakMap<ForwardPass, Map<Key, Value>>()
  return (run) => {
    const known = all.get(run) ?? new Map<Key, Value>()
    all.set(run, known)
    return known
  }
}

/** What is sent is moved away: the engine keeps its own. */
function movable(attribution: Attribution): Attribution {
  const { values, errors, layers, surrogate } = attribution
  return {
    ...attribution,
    values: values.slice(),
    errors: errors?.slice() ?? null,
    layers: layers?.slice() ?? null,
    surrogate: surrogate && structuredClone(surrogate),
  }
}

/** What is sent is moved away: the run keeps its own. */
function copyOf(prediction: Prediction): Prediction {
  switch (prediction.kind) {
    case 'classes':
    case 'tags':
      return { ...prediction, logits: prediction.logits.slice(), probabilities: prediction.probabilities.slice() }
    case 'embedding':
      return { ...prediction, vector: prediction.vector.slice() }
    case 'tokens':
      return prediction
  }
}

function refusalOf(reason: unknown): 'missing' | 'not-a-snapshot' | 'outdated' | 'foreign' {
  return reason === 'not-a-snapshot' || reason === 'outdated' || reason === 'foreign' ? reason : 'missing'
}
