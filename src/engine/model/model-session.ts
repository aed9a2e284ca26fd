// A started model's runs: a row of tokens to its answer and attention. Holds no file, so that their bytes can be let go.

import type { PositionAnswer } from '#answers/position-answer'
import type { GradientPlan } from '#autodiff/add-gradients'
import type { PreparedModel } from '#graph/prepare'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelTask } from '#protocol/model-api'
import { meanOverRows } from '#tensor/matrix'
import { sizeOf, type Tensor } from '#tensor/tensor'
import type { Token, TokenRow, WordPlace } from '#text/token'
import { EngineError } from '../error.ts'
import { assertNumbers, assertScores } from '../passes/assert-numbers.ts'
import type { CachedPasses } from '../passes/cached-passes.ts'
import { type ContinuingPasses, createContinuingPasses } from '../passes/continuing-passes.ts'
import { type InputConvention, inputRow } from '../passes/feeds.ts'
import { createForwardPasses, type ForwardPasses, measureRows, type TargetPasses } from '../passes/forward-passes.ts'
import { createGradientPassesOf, type GradientPassesOf } from '../passes/gradient-passes.ts'
import { createIntervenedPasses, type IntervenedPasses, type IntervenedSession } from '../passes/intervened-passes.ts'
import { checkLengths } from '../passes/longest-run.ts'
import { once } from '../passes/once.ts'
import type { ForwardPass } from '../passes/pass-cache.ts'
import { createPathPasses, type PathPasses } from '../passes/path-passes.ts'
import { createReadingPasses, type ReadingPasses, type ReadingSession } from '../passes/reading-passes.ts'
import { positionFeed, runFeeds } from '../passes/run-feeds.ts'
import { createStatePassesOf, type StatePassesOf } from '../passes/state-passes.ts'
import type { Removals } from '../passes/token-game.ts'
import type { Feeds, GraphSession } from '../runtime/session.ts'
import type { ModelTokenizer } from '../text/tokenizer.ts'
import { neighbourIn, steepestWords, type WordTable } from '../text/word-table.ts'
import { activationOf, labelsOf } from './answer-form.ts'
import type { StartCached } from './cached-start.ts'
import { conventionOf, type ModelConfig } from './config.ts'
import { type AttentionLayout, detectAttention } from './detect-attention.ts'
import { type AnswerForm, askedPositions, positionAnswer, predictionOf } from './predict.ts'

/** What of a prepared model its runs need. */
export interface RunPlan
  extends Pick<
    PreparedModel,
    'inputs' | 'ports' | 'outputs' | 'positionsInput' | 'interventions' | 'vocabulary' | 'task' | 'activation' | 'answerWidth' | 'isHalf'
  > {
  /** How the graph is asked for gradients; null where it has none. */
  readonly gradients: GradientPlan | null
}

/** What of a prepared model is kept while it runs: the files' bytes are not among it. */
export function runPlanOf(plan: RunPlan): RunPlan {
  const { inputs, ports, outputs, positionsInput, interventions, vocabulary, task, activation, answerWidth, isHalf, gradients } = plan
  return { inputs, ports, outputs, positionsInput, interventions, vocabulary, task, activation, answerWidth, isHalf, gradients }
}

/** What is known beside the graph. */
export interface SessionExtras {
  /** What the model looks words up in; null where it cannot be read. */
  readonly words: WordTable | null
  /** What the graph does not say of its inputs. */
  readonly convention: InputConvention
  /** What reads the residual stream; left out where there is none. */
  readonly reading?: ReadingSession | null
  /** Starts the graph whose activations are open; left out where there is none. */
  readonly intervened?: (() => Promise<IntervenedSession>) | null
  /** Starts a graph that keeps keys and values, where the file takes none. */
  readonly cached?: StartCached | null
}

export interface ModelSession {
  readonly task: ModelTask
  readonly heads: number
  readonly labels: readonly string[]
  run(row: TokenRow): Promise<ForwardPass>
  /** A row and a target as attribution methods see them; null where there are no gradients. */
  readonly runsOf: GradientPassesOf | null
  /** A target as perturbation sees it; null for a model without an answer. @throws EngineError `no-such-target` */
  readonly forwardOf: ((target: AttributionTarget) => TargetPasses) | null
  /** Any number made of the scores; null for a model without an answer. */
  readonly measuring: ((measure: (scores: Float32Array) => number) => ForwardPasses) | null
  /** A row's hidden states, also with value vectors zeroed; null where these or the residual stream were not recognised. */
  readonly statesOf: StatePassesOf | null
  /** Words by which a token may be replaced, by the gradient [d] there, steepest first; null where the vocabulary cannot be read. */
  readonly steepest: ((gradient: Float32Array, token: Token, place: WordPlace, count: number) => readonly string[]) | null
  /** What takes the place of a token that is away, beside embeddings. */
  readonly removals: Omit<Removals, 'embeddings'>
  /** The answer at one position; null for a model that has one answer for the whole input. */
  answerAt(row: TokenRow, position: number): Promise<PositionAnswer | null>
  /** The residual stream and what it says at every layer; null where stream or output head were not recognised. */
  readonly reading: ReadingPasses | null
  /** What blocks and heads do on the way from a token to the answer; null where the model was not prepared for it. */
  readonly path: PathPasses | null
  /** Runs with activations changed, by a session that starts when it is first asked for; null for a model without an answer, or without such a graph. */
  readonly intervening: (() => Promise<IntervenedPasses>) | null
  /** What comes next, token by token; null for a model that does not say what comes next. */
  readonly continuing: ContinuingPasses | null
  /** The same with keys and values by inputs that are added to the graph, which starts when it is first asked for; null where the file has its own. */
  readonly cachedContinuing: (() => Promise<CachedPasses>) | null
}

/**
 * Runs `probeRow` once to see what the graph alone does not tell.
 * @throws EngineError `attention-shape`, `run-failed`, `not-a-number`
 */
export async function createModelSession(
  session: GraphSession,
  plan: RunPlan,
  config: ModelConfig,
  tokenizer: Pick<ModelTokenizer, 'mask' | 'pad' | 'pieceOf' | 'labelOf' | 'encodeWord'>,
  probeRow: TokenRow,
  { words, convention, reading = null, intervened = null, cached = null }: SessionExtras = {
    words: null,
    convention: conventionOf(config),
  },
): Promise<ModelSession> {
  const { outputs, positionsInput, vocabulary } = plan
  const isLanguageModel = plan.task === 'token-logits'
  // What cannot be read as an answer is not shown: texts are compared by the last state, where that is known.
  const answer = plan.task === null ? (outputs.hiddenStates.at(-1) ?? null) : outputs.logits

  const checked = checkLengths((row) =>
    session.run(feedsFor(plan, convention, row, lastOf(row)), answer === null ? outputs.attentions.slice(0, 1) : [answer]).then(
      () => true,
      () => false,
    ),
  )
  const runOnce = async (row: TokenRow, asked: readonly number[], attention: boolean) => {
    assertKnown(row, vocabulary)
    // No position is no shape that every kernel takes.
    const positions = asked.length > 0 ? asked : lastOf(row)
    const last = outputs.hiddenStates.at(-1)
    const wanted = [
      ...(answer === null ? [] : [answer]),
      ...(attention ? [...outputs.attentions, ...(last === undefined ? [] : [last])] : []),
    ]
    const results = await checked(row, () => session.run(feedsFor(plan, convention, row, positions), Array.from(new Set(wanted))))
    const output = results[answer ?? ''] ?? { dims: [0], data: new Float32Array() }
    const whole = isLanguageModel && positionsInput === null && output.dims.at(-2) === row.tokens.length
    const state = results[last ?? '']?.data
    if (isLanguageModel) assertScores(output.data)
    else assertNumbers(output.data)
    // What is no number in a layer is none in the state behind it.
    if (state !== undefined) assertNumbers(state)
    else if (attention) assertNumbers(...outputs.attentions.map((name) => results[name]?.data ?? []))
    return {
      output: whole ? pickRows(output, positions) : output,
      layers: attention ? layersOf(outputs.attentions, results) : [],
      state: state === undefined ? null : meanOverRows(state, row.tokens.length),
    }
  }
  const probed = await runOnce(probeRow, lastOf(probeRow), true)
  const layout = detectAttention(probed.layers, probeRow.tokens.length)
  const task = taskOf(plan, layout)
  const answering = { ...plan, answerWidth: probed.output.dims.at(-1) ?? null }
  const activation = activationOf(answering, config)
  const form: AnswerForm = { task, activation, label: labelsOf(answering, activation, config), tokenizer }
  const prediction = predictionOf(form, probed.output, probeRow, [])
  const { gradients } = plan
  const ask = {
    session,
    plan,
    layout: convention,
    activation,
    answer: probed.output.dims,
    words,
    mask: tokenizer.mask?.id ?? null,
    pad: tokenizer.pad?.id ?? null,
  }
  const continuing =
    task !== 'causal-lm'
      ? null
      : createContinuingPasses({
          session,
          caches: outputs.caches,
          scores: outputs.logits,
          feeds: (ids, past) => {
            const feeds = runFeeds(plan, [{ ids, past }], convention)
            return positionsInput === null ? feeds : { ...feeds, [positionsInput]: positionFeed([ids.length - 1]) }
          },
          check: assertScores,
        })
  return {
    task,
    heads: layout.heads,
    labels: 'labels' in prediction ? prediction.labels : [],
    run: async (row) => {
      const asked = askedPositions(task, row, tokenizer.mask?.id ?? null)
      const begun = performance.now()
      const { output, layers, state } = await runOnce(row, asked, true)
      const runMs = performance.now() - begun
      return {
        row,
        prediction: predictionOf(form, output, row, asked),
        attention: { tokens: row.tokens.length, layers: layers.map(({ heads, data }) => ({ heads, data })) },
        precomputed: false,
        state,
        runMs,
      }
    },
    runsOf: gradients === null || task === 'encoder' ? null : createGradientPassesOf({ ...ask, gradients }),
    forwardOf: task === 'encoder' ? null : (target) => createForwardPasses({ ...ask, gradients }, target),
    measuring: task === 'encoder' ? null : (measure) => measureRows({ ...ask, gradients }, measure),
    statesOf: createStatePassesOf({ ...ask, gradients }),
    steepest:
      words?.data == null ? null : (gradient, token, place, count) => steepestWords(words, tokenizer, gradient, token, place, count),
    removals: { mask: ask.mask, pad: ask.pad, neighbour: neighbourIn(words, tokenizer), labelOf: (id) => tokenizer.labelOf(id) ?? '' },
    answerAt: async (row, position) => {
      if (!isLanguageModel || position >= row.tokens.length) return null
      const { output } = await runOnce(row, [position], false)
      return positionAnswer(tokenizer, output, 0, position)
    },
    reading: reading === null ? null : createReadingPasses({ ...ask, gradients, reading }),
    path: createPathPasses({ session, plan, layout: convention }),
    intervening:
      intervened === null || task === 'encoder'
        ? null
        : once(async () => createIntervenedPasses({ ...(await intervened()), layout: convention, activation, answer: probed.output.dims })),
    continuing,
    cachedContinuing:
      continuing === null || continuing.keeps || cached === null
        ? null
        : once(() =>
            cached(
              continuing,
              probeRow.tokens.map(({ id }) => id),
            ),
          ),
  }
}

/** @param positions whose scores are asked for, where the graph can be asked for some */
export function feedsFor(plan: RunPlan, convention: InputConvention, row: TokenRow, positions: readonly number[]): Feeds {
  const { positionsInput } = plan
  const feeds = runFeeds(plan, [inputRow(row.tokens)], convention)
  return positionsInput === null ? feeds : { ...feeds, [positionsInput]: positionFeed(positions) }
}

export function lastOf({ tokens }: TokenRow): readonly number[] {
  return [Math.max(0, tokens.length - 1)]
}

/** [1, H, T, T] of each layer, or [H, T, T] where the export folds batch and heads. */
function layersOf(names: readonly string[], results: Readonly<Record<string, Tensor>>) {
  return names.map((name) => {
    const { dims, data } = results[name] ?? { dims: [0, 0, 0], data: new Float32Array() }
    return { heads: sizeOf(dims.slice(0, -2)), dims, data }
  })
}

/** [1,T,V] to [1,P,V]. */
function pickRows({ dims, data }: Tensor, positions: readonly number[]): Tensor {
  const width = dims.at(-1) ?? 0
  const picked = new Float32Array(positions.length * width)
  positions.forEach((position, at) => {
    picked.set(data.subarray(position * width, (position + 1) * width), at * width)
  })
  return { dims: [1, positions.length, width], data: picked }
}

/** A vocabulary's scores mean what comes next where no token sees those after it. */
function taskOf({ task }: RunPlan, { causal }: AttentionLayout): ModelTask {
  switch (task) {
    case 'classifier':
    case 'token-classifier':
      return task
    case 'span':
      return 'question-answering'
    case 'token-logits':
      return causal ? 'causal-lm' : 'masked-lm'
    default:
      return 'encoder'
  }
}

/** A runtime reads beyond its tables, or fails in words that help nobody. @throws EngineError `token-unknown-to-model` */
function assertKnown({ tokens }: TokenRow, vocabulary: number | null): void {
  if (tokens.length === 0) throw new EngineError('nothing-to-read', 'The text gives no token.')
  const stranger = tokens.find(({ id }) => vocabulary !== null && id >= vocabulary)
  if (!stranger) return
  const { piece, id } = stranger
  throw new EngineError('token-unknown-to-model', `The model has no embedding for token ${id} (${piece}).`, {
    piece,
    id,
    vocabulary: vocabulary ?? 0,
  })
}
