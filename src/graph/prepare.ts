// From a model file to what the runtime is given: a small rewritten graph that points into the original bytes, with the values that
// explanations need as outputs, and ports at which it can be fed besides its own inputs.

import { sizeOf } from '#tensor/tensor'
import { tapOf } from './instrument/append-outputs.ts'
import { exposeAttention } from './instrument/expose-attention.ts'
import { exposeCaches } from './instrument/expose-caches.ts'
import { exposeEmbeddings } from './instrument/expose-embeddings.ts'
import { exposeHiddenStates } from './instrument/expose-hidden-states.ts'
import { exposeParts, type PartName, type PartOutputs } from './instrument/expose-parts.ts'
import { applyInstrument, listPorts, type Port } from './instrument/instrument.ts'
import { applyInterventions, type InterventionName, type InterventionPorts } from './instrument/interventions.ts'
import { type PartTaps, partsOnRequest } from './instrument/parts-on-request.ts'
import { pickPositions } from './instrument/pick-positions.ts'
import type { Graph, Model } from './ir/graph.ts'
import type { WeightSummary } from './ir/weights.ts'
import { describeInputs, type PreparedInput } from './model-inputs.ts'
import { type OpenedModel, openModel, unpackWeights } from './open-model.ts'
import { type PackedModel, packModel } from './pack-model.ts'
import type { ResolveExternal } from './proto/external-data.ts'
import type { Task } from './recognise/answer.ts'
import type { Attention } from './recognise/attention.ts'
import type { KeyValueCache } from './recognise/caches.ts'
import { assertOpen, type Parts } from './recognise/parts.ts'
import { type Pass, type PassRecord, runPasses } from './rewrite/rewrite.ts'
import { inferShapes } from './shapes/infer-shapes.ts'

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
  /** The same on request; left out where that was not asked for, or where there is none. */
  readonly onRequest?: PartTaps
  /** By which a text can be continued token by token; none where the file has no way to it. */
  readonly caches: readonly KeyValueCache[]
}

export interface PreparedModel extends PackedModel {
  /** The model's own. */
  readonly inputs: readonly PreparedInput[]
  /** Inputs that instruments added: every run feeds them, with what they rest at where nothing is asked of them. */
  readonly ports: readonly Port[]
  readonly outputs: PreparedOutputs
  /** What the answer is, null where the graph does not say. */
  readonly task: Task | null
  /** How the file itself makes probabilities of the answer; null where it gives the scores. */
  readonly activation: OpenedModel['activation']
  /** Numbers on the answer's last axis; null where the graph does not say. */
  readonly answerWidth: number | null
  /** Heads of a layer, null where the graph does not state one number for all layers: then a run's attention shape tells. */
  readonly heads: number | null
  /** Rows of the word-embedding table, null where it was not recognised. */
  readonly vocabulary: number | null
  /**
   * The port that says which positions the output head is computed at: int64 [P], for logits [B,P,V]. null where it is computed at all:
   * that was not asked for, or the head is none of that kind.
   */
  readonly positionsInput: string | null
  /** Ports by which what the model computes can be changed. */
  readonly interventions: InterventionPorts
  /** Of the weights as the runtime gets them; `precision` is the file's. */
  readonly weights: WeightSummary
  /** Whether it computes in float16. */
  readonly isHalf: boolean
  readonly passes: readonly PassRecord[]
}

export interface PrepareOptions {
  /** false: the same normalised graph without taps, and no error where there is no attention. Default true. */
  readonly expose?: boolean
  /** Finds the second files of a model that keeps its weights outside. */
  readonly external?: ResolveExternal
  /** 'float32': products with packed weights (MatMulNBits) are unpacked as far as memory allows. Default 'packed': as the file has them. */
  readonly weights?: 'packed' | 'float32'
  /** Adds a port that says at which positions a vocabulary's scores are computed. Default false. */
  readonly pickPositions?: boolean
  /** By what it is to be possible to change what the model computes. Default nothing. */
  readonly interventions?: readonly InterventionName[]
  /** What is to be given of the layers' insides. Default nothing. */
  readonly taps?: ReadonlySet<PartName>
  /** Whether the insides of blocks and heads are to be had by ports. Default false. */
  readonly partsOnRequest?: boolean
}

/**
 * Parses, normalises, recognises and instruments a model, and writes it for the runtime, all at once, as tests and benches want it.
 * @throws GraphError as `openModel` and `instrumentModel`
 * @internal
 */
export function prepareModel(file: Uint8Array, options: PrepareOptions = {}): PreparedModel {
  return instrumentModel(openModel(file, options), options)
}

/** An instrumented model before it is written: other layers add parts of their own to its graph. */
export interface InstrumentedModel extends Omit<PreparedModel, keyof PackedModel> {
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
  const { expose = true, taps = NO_TAPS } = options
  const opened = options.weights === 'float32' ? unpackWeights(packed) : packed
  const { parts, answer } = opened
  const { graph } = opened.model
  if (expose) assertOpen(graph, parts.attentions)
  const picking = options.pickPositions === true ? applyInstrument(opened.model, parts, pickPositions) : null
  const inside = expose && taps.size > 0 ? exposeParts(graph, parts, answer, taps) : null
  const intervened = applyInterventions(picking?.model ?? opened.model, parts, options.interventions ?? [])
  const tapped = runPasses(intervened.model, [...(expose ? tapsFor(parts) : []), ...(inside === null ? [] : [inside.pass])])
  const asked = options.partsOnRequest === true ? applyInstrument(tapped.model, parts, partsOnRequest(graph, answer)) : null
  return {
    model: asked?.model ?? tapped.model,
    opened,
    inputs: describeInputs(graph),
    ports: [...(picking === null ? [] : [picking.ports.positions]), ...intervened.ports, ...listPorts(asked?.ports ?? {})],
    outputs: {
      ...outputsOf(graph, answer, expose ? parts : NOTHING),
      ...(inside === null ? {} : { parts: inside.outputs }),
      ...(asked === null ? {} : { onRequest: asked.taps }),
    },
    task: parts.task,
    activation: opened.activation,
    answerWidth: widthOf(graph, answer),
    heads: commonHeads(parts.attentions),
    vocabulary: parts.vocabulary,
    positionsInput: picking?.ports.positions.name ?? null,
    interventions: intervened.interventions,
    weights: opened.weights,
    isHalf: computesInHalf(graph),
    passes: [...opened.passes, ...(picking?.records ?? []), ...intervened.records, ...tapped.records, ...(asked?.records ?? [])],
  }
}

/** Whether a graph has weights in float16. */
export function computesInHalf({ initializers }: Graph): boolean {
  return initializers.some(({ elementType, dims }) => elementType === 'float16' && sizeOf(dims) > 1)
}

/** The second half of `instrumentModel`. */
export function writeInstrumented({ model, opened, ...prepared }: InstrumentedModel): PreparedModel {
  return { ...packModel(model, opened.buffers), ...prepared }
}

const NO_TAPS: ReadonlySet<PartName> = new Set()
type Tapped = Pick<Parts, 'attentions' | 'hiddenStates' | 'embeddings' | 'caches'>
const NOTHING: Tapped = { attentions: [], hiddenStates: [], embeddings: null, caches: [] }

function tapsFor({ attentions, hiddenStates, embeddings, caches }: Parts): readonly Pass[] {
  return [exposeAttention(attentions), exposeHiddenStates(hiddenStates), exposeEmbeddings(embeddings), exposeCaches(caches)]
}

function outputsOf(graph: Graph, answer: string, { attentions, hiddenStates, embeddings, caches }: Tapped): PreparedOutputs {
  return {
    logits: tapOf(graph, answer),
    attentions: attentions.map(({ probabilities }) => tapOf(graph, probabilities)),
    hiddenStates: hiddenStates.map((value) => tapOf(graph, value)),
    embeddings: embeddings === null ? null : tapOf(graph, embeddings),
    caches: caches.map((cache) => ({ ...cache, fresh: tapOf(graph, cache.fresh) })),
  }
}

function widthOf(graph: Graph, answer: string): number | null {
  const width = inferShapes(graph)(answer).dims?.at(-1)
  return typeof width === 'number' ? width : null
}

function commonHeads(attentions: readonly Attention[]): number | null {
  const counts = new Set(attentions.map((attention) => attention.heads))
  const [heads] = counts
  return counts.size === 1 ? (heads ?? null) : null
}
