// From a model file to what the runtime is given: a small rewritten graph that points into the original bytes, with the values that
// the explanations need as outputs.

import { sizeOf } from '#tensor/tensor'
import { appendOutputs, tapOf } from './instrument/append-outputs.ts'
import { exposeAttention } from './instrument/expose-attention.ts'
import { exposeEmbeddings } from './instrument/expose-embeddings.ts'
import { exposeHiddenStates } from './instrument/expose-hidden-states.ts'
import { exposeParts, type PartName, type PartOutputs } from './instrument/expose-parts.ts'
import { pickPositions } from './instrument/pick-positions.ts'
import { selectOutput } from './instrument/select-output.ts'
import type { ElementType } from './ir/element-type.ts'
import { GraphError } from './ir/errors.ts'
import type { Dimension, Graph, Model } from './ir/graph.ts'
import { indexGraph, usesOf } from './ir/graph-index.ts'
import { checkOperators } from './ir/operators.ts'
import { assertValid } from './ir/spec.ts'
import { summariseWeights, type WeightSummary } from './ir/weights.ts'
import { lowerFused } from './lower/lower-fused.ts'
import { reshapeConstants } from './lower/reshape-constants.ts'
import { unpackBnb4 } from './lower/unpack-bnb4.ts'
import { closeInputs } from './normalise/close-inputs.ts'
import { dropCopies } from './normalise/drop-copies.ts'
import { dropGuards } from './normalise/drop-guards.ts'
import { dropUnused } from './normalise/drop-unused.ts'
import { foldConstants } from './normalise/fold-constants.ts'
import { foldWeights } from './normalise/fold-weights.ts'
import { forwardConstants } from './normalise/forward-constants.ts'
import { hoistConstants } from './normalise/hoist-constants.ts'
import { inlineBranches } from './normalise/inline-branches.ts'
import { inlineFunctions } from './normalise/inline-functions.ts'
import { lowerDynamicQ8 } from './normalise/lower-dynamic-q8.ts'
import { raiseOpset } from './normalise/raise-opset.ts'
import { renameShadows } from './normalise/rename-shadows.ts'
import { sortNodes } from './normalise/sort-nodes.ts'
import { unpackNBits } from './normalise/unpack-n-bits.ts'
import type { ExternalData, ResolveExternal } from './proto/external-data.ts'
import { readModel } from './proto/read.ts'
import { isExternalised, writeModel } from './proto/write.ts'
import { findAnswer, type Task } from './recognise/answer.ts'
import { type Attention, findAttentions } from './recognise/attention.ts'
import { assertOpen, type Parts, recogniseParts } from './recognise/parts.ts'
import { type Pass, type PassRecord, recordOf, runPasses } from './rewrite/rewrite.ts'

export type { PartName, PartOutputs } from './instrument/expose-parts.ts'
export type { ExternalData } from './proto/external-data.ts'

/** Element types that a model's inputs may have. */
export type InputType = 'int64' | 'int32' | 'float32' | 'float16' | 'bool'

export interface PreparedInput {
  readonly name: string
  readonly elementType: InputType
  /** A size, a symbol, or null where the file does not say; empty where even the rank is not known. */
  readonly dims: readonly Dimension[]
}

/** Names in the prepared graph's outputs. */
export interface PreparedOutputs {
  /** What the model answers: logits, or the last hidden state of a model without a head. */
  readonly logits: string
  /** Attention probabilities, one a layer, each [B,H,T,S] (some exports [B*H,T,S]). */
  readonly attentions: readonly string[]
  /** The embedding output, then each layer's, each [B,T,d]; empty where the residual stream was not recognised. */
  readonly hiddenStates: readonly string[]
  /** Output of the word-embedding lookup [B,T,d], before scaling, positions and norms; null where it was not recognised. */
  readonly embeddings: string | null
  /** What is inside the layers; left out where nothing of it was asked for. */
  readonly parts?: PartOutputs
}

export interface PreparedModel {
  /** The rewritten graph, serialised; it refers to `externalData` for its weights. */
  readonly bytes: Uint8Array
  /** The original file, the files it refers to, and unpacked weights: only those that the graph uses. */
  readonly externalData: readonly ExternalData[]
  readonly inputs: readonly PreparedInput[]
  readonly outputs: PreparedOutputs
  /** What the answer is, null where the graph does not say. */
  readonly task: Task | null
  /** Heads of a layer, null where the graph does not state one number for all layers: then a run's attention shape tells. */
  readonly heads: number | null
  /** Rows of the word-embedding table, null where it was not recognised. */
  readonly vocabulary: number | null
  /**
   * The input that says which positions the output head is computed at: int64 [P], for logits [B,P,V]. null where it is computed at all:
   * that was not asked for, or the head is none of that kind.
   */
  readonly positionsInput: string | null
  /** Of the weights as the runtime gets them; `precision` is the file's. */
  readonly weights: WeightSummary
  /** Whether it computes in float16. */
  readonly isHalf: boolean
  readonly passes: readonly PassRecord[]
}

export interface PrepareOptions {
  /** false: the same normalised graph without taps, and no error where there is no attention. Default true. */
  readonly instrument?: boolean
  /** Finds the second files of a model that keeps its weights outside. */
  readonly external?: ResolveExternal
  /** 'float32': products with packed weights (MatMulNBits) are unpacked as far as memory allows. Default 'packed': as the file has them. */
  readonly weights?: 'packed' | 'float32'
  /** Adds an input that says at which positions a vocabulary's scores are computed. Default false. */
  readonly pickPositions?: boolean
  /** What is to be given of the layers' insides. Default nothing. */
  readonly taps?: ReadonlySet<PartName>
}

/** A model's graph as rewritten and recognised, before it is instrumented. */
export interface OpenedModel {
  /** One output is left: the answer. */
  readonly model: Model
  readonly parts: Parts
  /** The value that answers; `tapOf` says under which name it is given as float32. */
  readonly answer: string
  readonly weights: WeightSummary
  /** The original file and the files it refers to. */
  readonly buffers: readonly ExternalData[]
  readonly passes: readonly PassRecord[]
}

const MODEL_PATH = 'innerscope/model.onnx'
/** Branches come again after the shapes that decide them are computed, and what is inside them after them. */
const NORMALISE: readonly Pass[] = [
  dropUnused,
  closeInputs,
  inlineBranches,
  hoistConstants,
  forwardConstants,
  raiseOpset,
  dropCopies,
  foldConstants,
  inlineBranches,
  hoistConstants,
  dropCopies,
  dropGuards,
  lowerDynamicQ8,
  reshapeConstants,
  lowerFused,
  unpackBnb4,
  dropUnused,
  foldConstants,
  foldWeights,
  dropUnused,
]

/**
 * Parses, normalises and recognises a model. The file's bytes must not change afterwards: weights are views into them.
 * @throws GraphError with a kind that says what is wrong with the file
 */
export function openModel(file: Uint8Array, options: Pick<PrepareOptions, 'external'> = {}): OpenedModel {
  const source = readModel(file, options.external)
  // Before the first check: runtimes accept any order, and only a cycle has none.
  const inlined = inlineFunctions.run(source.model)
  const named = renameShadows.run(inlined.model)
  const sorted = sortNodes.run(named.model)
  assertValid(sorted.model, null)
  checkOperators(sorted.model)
  const normalised = runPasses(sorted.model, NORMALISE)
  const answer = findAnswer(normalised.model.graph, findAttentions(normalised.model.graph))
  if (answer === null) throw new GraphError({ kind: 'no-output' })
  const { model, records } = runPasses(normalised.model, [selectOutput(answer), dropUnused])
  return {
    model,
    parts: recogniseParts(model.graph, answer),
    answer,
    // Unpacked weights say nothing of the file's.
    weights: { ...summariseWeights(model.graph), precision: summariseWeights(sorted.model.graph).precision },
    buffers: [{ path: MODEL_PATH, data: file }, ...source.externalFiles],
    passes: [
      ...recordOf(inlineFunctions.name, inlined.changes),
      ...recordOf(renameShadows.name, named.changes),
      ...recordOf(sortNodes.name, sorted.changes),
      ...normalised.records,
      ...records,
    ],
  }
}

/** Parses, normalises, recognises and instruments a model, and writes it for the runtime. @throws GraphError as `openModel` and `instrumentModel` */
export function prepareModel(file: Uint8Array, options: PrepareOptions = {}): PreparedModel {
  return instrumentModel(openModel(file, options), options)
}

/** The model with the weights of its products unpacked to float32, as far as memory allows. */
function unpackWeights(opened: OpenedModel): OpenedModel {
  const { model, records } = runPasses(opened.model, [unpackNBits, dropUnused])
  if (records.length === 0) return opened
  const weights = { ...summariseWeights(model.graph), precision: opened.weights.precision }
  return { ...opened, model, parts: recogniseParts(model.graph, opened.answer), weights, passes: [...opened.passes, ...records] }
}

/** An instrumented model before it is written: other layers add parts of their own to its graph. */
export interface InstrumentedModel extends Omit<PreparedModel, 'bytes' | 'externalData'> {
  readonly model: Model
  /** What it was made of, with weights as they were asked for. */
  readonly opened: OpenedModel
}

/**
 * Adds what explanations need to a model, and writes it for the runtime.
 * @throws GraphError `no-attention` or `closed-attention` where there is nothing to look at
 */
export function instrumentModel(packed: OpenedModel, options: Omit<PrepareOptions, 'external'> = {}): PreparedModel {
  return writeInstrumented(tapModel(packed, options))
}

/** The first half of `instrumentModel`. @throws GraphError as it */
export function tapModel(packed: OpenedModel, options: Omit<PrepareOptions, 'external'> = {}): InstrumentedModel {
  const instrument = options.instrument ?? true
  const opened = options.weights === 'float32' ? unpackWeights(packed) : packed
  const { parts, answer } = opened
  const { graph } = opened.model
  if (instrument) assertOpen(graph, parts.attentions)
  const head = options.pickPositions === true ? parts.head : null
  const picking = head === null ? null : pickPositions(head, graph)
  const { taps = NO_TAPS } = options
  const inside = instrument && taps.size > 0 ? exposeParts(graph, parts, answer, taps) : null
  const tapped = runPasses(opened.model, [
    ...(picking === null ? [] : [picking.pass]),
    ...(instrument ? tapsFor(parts) : []),
    ...(inside === null ? [] : [inside.pass]),
  ])
  return {
    model: tapped.model,
    opened,
    inputs: describeInputs(graph),
    outputs: { ...outputsOf(graph, answer, instrument ? parts : NOTHING), ...(inside === null ? {} : { parts: inside.outputs }) },
    task: parts.task,
    heads: commonHeads(parts.attentions),
    vocabulary: parts.vocabulary,
    positionsInput: picking?.input ?? null,
    weights: opened.weights,
    isHalf: graph.initializers.some(({ elementType, dims }) => elementType === 'float16' && sizeOf(dims) > 1),
    passes: [...opened.passes, ...tapped.records],
  }
}

/** The second half of `instrumentModel`. */
export function writeInstrumented({ model, opened, ...prepared }: InstrumentedModel): PreparedModel {
  return { ...packModel(model, opened.buffers), ...prepared }
}

/** The word-embedding lookup by itself, as the runtime takes it. */
export interface LookupModel extends Pick<PreparedModel, 'bytes' | 'externalData' | 'isHalf'> {
  /** The ids, and whatever else the lookup reads. */
  readonly inputs: readonly PreparedInput[]
  /** float32 [1,N,d] */
  readonly output: string
}

/** What a model looks up for its tokens, without the rest; null where the lookup was not recognised. */
export function lookupModel({ model, parts, buffers }: OpenedModel): LookupModel | null {
  if (parts.embeddings === null) return null
  const only = appendOutputs({ ...model.graph, outputs: [] }, [parts.embeddings])
  const { graph } = dropUnused.run({ ...model, graph: only }).model
  const used = new Set(graph.nodes.flatMap((node) => Array.from(usesOf(node))))
  const cut = { ...model, graph: { ...graph, inputs: graph.inputs.filter(({ name }) => used.has(name)) } }
  const isHalf = false
  return { ...packModel(cut, buffers), inputs: describeInputs(cut.graph), output: tapOf(model.graph, parts.embeddings), isHalf }
}

/** A model as the runtime takes it: a small graph, and the buffers that it points into. */
function packModel(model: Model, buffers: readonly ExternalData[]): Pick<PreparedModel, 'bytes' | 'externalData'> {
  const externalData = gatherBuffers(model, buffers)
  return { bytes: writeModel(model, externalData), externalData }
}

const NO_TAPS: ReadonlySet<PartName> = new Set()
const NOTHING: Pick<Parts, 'attentions' | 'hiddenStates' | 'embeddings'> = { attentions: [], hiddenStates: [], embeddings: null }

function tapsFor({ attentions, hiddenStates, embeddings }: Parts): readonly Pass[] {
  return [exposeAttention(attentions), exposeHiddenStates(hiddenStates), exposeEmbeddings(embeddings)]
}

function outputsOf(graph: Graph, answer: string, { attentions, hiddenStates, embeddings }: typeof NOTHING): PreparedOutputs {
  return {
    logits: tapOf(graph, answer),
    attentions: attentions.map(({ probabilities }) => tapOf(graph, probabilities)),
    hiddenStates: hiddenStates.map((value) => tapOf(graph, value)),
    embeddings: embeddings === null ? null : tapOf(graph, embeddings),
  }
}

/** The buffers that the graph's large constants are in: those given, where used, and one more for each made by a pass. */
function gatherBuffers(model: Model, given: readonly ExternalData[]): readonly ExternalData[] {
  const large = model.graph.initializers.filter(isExternalised)
  const homes = new Set(large.flatMap(({ storage }) => (storage.kind === 'bytes' ? [storage.bytes.buffer] : [])))
  const known = new Set(given.map(({ data }) => data.buffer))
  const made = Array.from(homes).filter((buffer) => !known.has(buffer))
  return [
    ...given.filter(({ data }) => homes.has(data.buffer)),
    ...made.map((buffer, place) => ({ path: `innerscope/weights-${place}.bin`, data: new Uint8Array(buffer) })),
  ]
}

function describeInputs(graph: Graph): readonly PreparedInput[] {
  const index = indexGraph(graph)
  return graph.inputs
    .filter(({ name }) => index.initializer(name) === undefined)
    .map(({ name, elementType, dims }) => {
      if (!isInputType(elementType)) throw new GraphError({ kind: 'unsupported-type', value: name, type: elementType ?? 'not a tensor' })
      return { name, elementType, dims: dims ?? [] }
    })
}

function isInputType(type: ElementType | null): type is InputType {
  return type === 'int64' || type === 'int32' || type === 'float32' || type === 'float16' || type === 'bool'
}

function commonHeads(attentions: readonly Attention[]): number | null {
  const counts = new Set(attentions.map((attention) => attention.heads))
  const [heads] = counts
  return counts.size === 1 ? (heads ?? null) : null
}
