// A model, started: its tokenizer, its rewritten graph in a session, and methods that run a token row.

import { readingModel } from '#autodiff/reading-model'
import { BASELINES, REMOVALS } from '#catalogue/attribution-options'
import { lookupModel } from '#graph/lookup-model'
import { describeInputs } from '#graph/model-inputs'
import { type OpenedModel, openModel } from '#graph/open-model'
import { type PreparedModel, tapModel, writeInstrumented } from '#graph/prepare'
import type { Backend, ModelCard, WeightForm } from '#protocol/model-api'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { InputConvention } from '../passes/feeds.ts'
import { type FixedRows, filledFeeds, fixedRowsOf, fixedSession } from '../passes/fixed-rows.ts'
import type { IntervenedSession } from '../passes/intervened-passes.ts'
import { once } from '../passes/once.ts'
import { CACHE_BYTES } from '../passes/pass-cache.ts'
import type { ReadingSession } from '../passes/reading-passes.ts'
import { type BackendEnvironment, type Preparation, type SelfCheck, startSession, type Wishes } from '../runtime/backend.ts'
import type { GraphSession, RunnableModel, Runtime } from '../runtime/session.ts'
import { createTokenizer, type ModelTokenizer } from '../text/tokenizer.ts'
import { readWordTable, type WordTable } from '../text/word-table.ts'
import { activationOf } from './answer-form.ts'
import { cachedStart, refused, type StartCached } from './cached-start.ts'
import { type ModelConfig, parseConfig } from './config.ts'
import { createModelSession, feedsFor, lastOf, type ModelSession, runPlanOf } from './model-session.ts'
import { rowLimits } from './row-limits.ts'
import { INTERVENED, type ModelVariant, tapsFor, variantsOf } from './variants.ts'

/** A model's files in hub layout. */
export interface ModelFiles {
  readonly name: string
  /** SHA-256 of the ONNX file, hexadecimal: the model's identity. */
  readonly fingerprint: string
  /** Path of the graph. */
  readonly file: string
  readonly onnx: Uint8Array
  /** The files beside it that hold its weights, by the names that the graph knows them by. */
  readonly external: (location: string) => Uint8Array | undefined
  /** Of the graph and of its weights. */
  readonly fileBytes: number
  readonly config: unknown
  readonly tokenizer: unknown
  readonly tokenizerConfig: unknown
  /** Content of chat_template.jinja. */
  readonly chatTemplate: string | null
  readonly license: string | null
  /** How the files were checked and whether they are kept, for the model's card. */
  readonly checked: ModelCard['checked']
  readonly kept: ModelCard['kept']
}

export interface LoadedModel extends Omit<ModelSession, 'task' | 'heads' | 'labels'> {
  readonly card: ModelCard
  readonly tokenizer: ModelTokenizer
  /** Tokens after which a text is not continued. */
  readonly ends: ReadonlySet<number>
}

/** Where no file names a length: what BERT's positions allow. */
const DEFAULT_MAX_TOKENS = 512
/** Where neither graph nor configuration says how many heads a layer has. */
const USUAL_HEADS = 16
/** Added tokens that were never given an embedding make a tokenizer a little larger than its model; another model's is off by far. */
const VOCABULARY_SLACK = 1.02
/** A larger head is not held a second time. */
const MOST_READING_BYTES = 512 * 2 ** 20
/** The file of a larger model is not kept for a second session, whose weights would be held a second time. */
const MOST_BESIDE_BYTES = 512 * 2 ** 20
/** A sentence on which WebGPU is compared with WASM; any ordinary one serves. */
const SELF_CHECK_TEXT = 'A short sentence that compares two backends.'
/** A vocabulary without any of its pieces is asked about these many indices. */
const SELF_CHECK_IDS = 8

/**
 * Rewrites the graph and starts it.
 * @throws GraphError when the file is damaged or has no attention
 * @throws EngineError `bad-config`, `wrong-tokenizer`, `unknown-input`, `runtime-failed`, `session-failed`, `attention-shape`, `not-a-number`
 */
export async function startModel(
  files: ModelFiles,
  wishes: Wishes,
  environment: BackendEnvironment,
  onStage: (stage: 'prepare' | 'start' | 'self-check') => void,
): Promise<LoadedModel> {
  const config = parseConfig(files.config)
  onStage('prepare')
  const opened = openModel(files.onnx, files)
  const tapped = tapModel(opened, tapsFor(opened))
  const { vocabulary, weights: sizes } = tapped
  const fixed = fixedRowsOf(tapped.inputs)
  const { statedTokens, convention } = rowLimits(tapped.opened.model.graph, tapped.inputs, vocabulary, config, files.tokenizerConfig)
  const longest = Math.min(statedTokens ?? DEFAULT_MAX_TOKENS, fixed.tokens ?? Number.POSITIVE_INFINITY)
  const maxTokens = Math.min(longest, lengthThatFits(tapped, config))
  const tokenizer = await createTokenizer(asObject(files.tokenizer), asObject(files.tokenizerConfig), maxTokens, files)
  if (vocabulary !== null && tokenizer.size > VOCABULARY_SLACK * vocabulary) {
    throw new EngineError('wrong-tokenizer', `The tokenizer has ${tokenizer.size} tokens, the model ${vocabulary}.`, {
      tokens: tokenizer.size,
      vocabulary,
    })
  }

  const probeRow = selfCheckRow(tokenizer)
  onStage('start')
  const preparation: Preparation<ModelVariant> = {
    sizes: { packed: sizes.bytes, unpacked: sizes.unpackedBytes },
    variants: (form) => variantsOf(tapped, form, wishes.gradients ?? 'no', activationOf(tapped, config)),
  }
  const pad = tokenizer.pad?.id ?? 0
  const check: SelfCheck<ModelVariant> = {
    key: files.fingerprint,
    feedsOf: (prepared) => filledFeeds(feedsFor(prepared, convention, probeRow, lastOf(probeRow)), fixed, prepared, pad),
    logits: tapped.outputs.logits,
  }
  const started = await startSession(preparation, wishes, check, environment, () => onStage('self-check'))
  const plan = runPlanOf(started.prepared)
  const lookup = plan.gradients === null || vocabulary === null ? null : lookupModel(opened)
  const words = lookup === null || vocabulary === null ? null : await readWordTable(started.runtime, lookup, vocabulary)
  const session = fixedSession(started.session, fixed, plan, pad)
  const { runtime, report } = started
  const reading = readingSession(opened, started.weights.form, (model) => startBeside(runtime, model, report.backend))
  const intervened = intervenedSession(opened, started.weights.form, fixed, (model) => startBeside(runtime, model, report.backend))
  const cached = cachedSession(opened, started.weights.form, fixed, convention, (model) => startBeside(runtime, model, report.backend))
  const extras = { words, convention, reading, intervened, cached }
  const runner = await createModelSession(session, plan, config, tokenizer, probeRow, extras)
  const { task, heads, labels, removals } = runner
  return {
    ...runner,
    tokenizer,
    ends: new Set([...config.eos_token_id, ...(tokenizer.end === null ? [] : [tokenizer.end.id])]),
    card: {
      name: files.name,
      family: config.model_type,
      task,
      labels,
      layers: plan.outputs.attentions.length,
      heads,
      hiddenSize: config.hidden_size ?? 0,
      maxTokens,
      statedTokens: fixed.tokens === null ? statedTokens : longest,
      vocabulary: plan.vocabulary,
      tokenizerKey: keyOf(files.tokenizer),
      maskToken: tokenizer.mask?.piece ?? null,
      separatorToken: tokenizer.separator?.piece ?? null,
      chat: tokenizer.hasChat,
      file: files.file,
      fileBytes: files.fileBytes,
      precision: sizes.precision,
      license: files.license,
      checked: files.checked,
      kept: files.kept,
      parameters: sizes.parameters,
      weights: started.weights,
      backend: started.report,
      found: {
        embeddings: plan.outputs.embeddings !== null,
        hiddenStates: plan.outputs.hiddenStates.length > 0,
        values: runner.statesOf !== null,
        readout: runner.reading !== null,
        path: runner.path !== null && plan.outputs.hiddenStates.length > 0,
        activations: runner.intervening !== null,
      },
      baselines: baselinesOf(tokenizer, words),
      removals: removalsOf(removals, plan.gradients !== null),
      gradients: started.prepared.offered,
      passes: started.prepared.passes,
    },
  }
}

/** What reads the stream starts with the first question; its weights are kept until then. null where there is nothing to read it by. */
function readingSession(
  opened: OpenedModel,
  weights: WeightForm,
  create: (model: RunnableModel) => Promise<GraphSession>,
): ReadingSession | null {
  const model = readingModel(opened)
  if (model === null || model.size > MOST_READING_BYTES) return null
  const { width, inputs, outputs } = model
  return { width, inputs, outputs, start: once(() => create(weights === 'float32' ? model.unpacked() : model)) }
}

/**
 * The graph whose activations are open starts with the first question: its ports cost every run something, and most readers ask nothing of
 * them. The file is kept until then. null for a graph of one length, whose rows are filled up, and for a large file.
 */
function intervenedSession(
  opened: OpenedModel,
  weights: WeightForm,
  fixed: FixedRows,
  create: (model: RunnableModel) => Promise<GraphSession>,
): (() => Promise<IntervenedSession>) | null {
  if (hindrance(opened, fixed) !== null) return null
  let source: OpenedModel | null = opened
  return async () => {
    if (source === null) throw new EngineError('session-failed', 'The session was started before.')
    const prepared = writeInstrumented(tapModel(source, { ...INTERVENED, weights }))
    const session = await create(prepared)
    source = null
    const { inputs, ports, outputs, positionsInput, interventions } = prepared
    return { session, plan: { inputs, ports, outputs, positionsInput, interventions } }
  }
}

/** The graph that keeps keys and values for a file that takes none; null for one that does. */
function cachedSession(
  opened: OpenedModel,
  weights: WeightForm,
  fixed: FixedRows,
  convention: InputConvention,
  create: (model: RunnableModel) => Promise<GraphSession>,
): StartCached | null {
  if (opened.parts.task !== 'token-logits' || opened.parts.caches.length > 0) return null
  const reason = hindrance(opened, fixed)
  if (reason !== null) return async () => refused(reason)
  return cachedStart(opened, weights, describeInputs(opened.model.graph), convention, create)
}

/** Why no second graph of a file is started beside the first: it takes rows of one length, or is large; null where one can be. */
function hindrance(opened: OpenedModel, fixed: FixedRows): 'fixed' | 'large' | null {
  if (fixed.tokens !== null || (fixed.rows ?? 1) !== 1) return 'fixed'
  return opened.weights.bytes > MOST_BESIDE_BYTES ? 'large' : null
}

/** On the model's backend, or on WASM where that does not take it. @throws EngineError `session-failed` */
function startBeside(runtime: Runtime, model: RunnableModel, backend: Backend): Promise<GraphSession> {
  const started = runtime.create(model, backend)
  return backend === 'wasm' ? started : started.catch(() => runtime.create(model, 'wasm'))
}

function removalsOf({ mask, pad, neighbour }: LoadedModel['removals'], takesEmbeddings: boolean): ModelCard['removals'] {
  const own = { mask: mask !== null, delete: true, pad: pad !== null, zero: takesEmbeddings, neighbour: neighbour !== null }
  return REMOVALS.filter((kind) => own[kind])
}

function baselinesOf({ mask, pad }: ModelTokenizer, words: WordTable | null): ModelCard['baselines'] {
  // Whether there is another text is for the page to know.
  const own = { zero: true, mask: mask !== null, pad: pad !== null, mean: words !== null, reference: false }
  return BASELINES.filter((kind) => own[kind])
}

/** Tokens whose attention over all heads fits into the cache of finished runs. */
function lengthThatFits({ heads, outputs }: Pick<PreparedModel, 'heads' | 'outputs'>, config: ModelConfig): number {
  const matrices = outputs.attentions.length * (heads ?? config.num_attention_heads ?? USUAL_HEADS)
  return Math.floor(Math.sqrt(CACHE_BYTES / (Float32Array.BYTES_PER_ELEMENT * Math.max(1, matrices))))
}

/** A row of ordinary words; where the vocabulary has none of them, of its first indices. */
function selfCheckRow(tokenizer: ModelTokenizer): TokenRow {
  const row = tokenizer.encode(SELF_CHECK_TEXT)
  if (row.tokens.length > 1) return row
  const tokens = Array.from({ length: Math.min(SELF_CHECK_IDS, tokenizer.size) }, (_, id) => {
    const piece = tokenizer.pieceOf(id) ?? ''
    return { id, piece, label: piece, start: 0, end: 0, word: 0, source: 'text' as const }
  })
  return { tokens, cutAt: null, wantedLength: tokens.length }
}

/** A digest of the tokenizer's own file; FNV-1a tells versions apart, and protects nothing. */
function keyOf(tokenizer: unknown): string {
  const text = JSON.stringify(tokenizer)
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(36)
}

function asObject(value: unknown): object {
  if (typeof value === 'object' && value !== null) return value
  throw new EngineError('bad-config', 'A tokenizer file is not an object.', { file: 'tokenizer.json' })
}
