// From a model file to a normalised graph in which everything that explanations need is recognised.

import { selectOutput } from './instrument/select-output.ts'
import { GraphError } from './ir/errors.ts'
import type { Model } from './ir/graph.ts'
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
import { type OpenAnswer, openAnswer } from './normalise/open-answer.ts'
import { raiseOpset } from './normalise/raise-opset.ts'
import { renameShadows } from './normalise/rename-shadows.ts'
import { sortNodes } from './normalise/sort-nodes.ts'
import { unpackNBits } from './normalise/unpack-n-bits.ts'
import type { ExternalData, ResolveExternal } from './proto/external-data.ts'
import { readModel } from './proto/read.ts'
import { findAnswer } from './recognise/answer.ts'
import { findAttentions } from './recognise/attention.ts'
import { type Parts, recogniseParts } from './recognise/parts.ts'
import { type Pass, type PassRecord, recordOf, runPasses } from './rewrite/rewrite.ts'

/** A model's graph as rewritten and recognised, before it is instrumented. */
export interface OpenedModel {
  /** One output is left: the answer. */
  readonly model: Model
  readonly parts: Parts
  /** The value that answers; `tapOf` says under which name it is given as float32. */
  readonly answer: string
  /** How the file itself makes probabilities of the answer; null where it gives the scores. */
  readonly activation: OpenAnswer['activation']
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
export function openModel(file: Uint8Array, options: { readonly external?: ResolveExternal } = {}): OpenedModel {
  const source = readModel(file, options.external)
  // Before the first check: runtimes accept any order, and only a cycle has none.
  const inlined = inlineFunctions.run(source.model)
  const named = renameShadows.run(inlined.model)
  const sorted = sortNodes.run(named.model)
  assertValid(sorted.model, null)
  checkOperators(sorted.model)
  const normalised = runPasses(sorted.model, NORMALISE)
  const { graph } = normalised.model
  const found = findAnswer(graph, findAttentions(graph))
  if (found === null) throw new GraphError({ kind: 'no-output' })
  const { answer, activation, passes } = openAnswer(graph, found)
  const { model, records } = runPasses(normalised.model, [...passes, selectOutput(answer), dropUnused])
  const parts = recogniseParts(model.graph, answer, found.outputs.length > 1)
  return {
    model,
    parts,
    answer,
    activation,
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

/** The model with the weights of its products unpacked to float32, as far as memory allows. */
export function unpackWeights(opened: OpenedModel): OpenedModel {
  const { model, records } = runPasses(opened.model, [unpackNBits, dropUnused])
  if (records.length === 0) return opened
  const weights = { ...summariseWeights(model.graph), precision: opened.weights.precision }
  const parts = recogniseParts(model.graph, opened.answer, opened.parts.task === 'span')
  return { ...opened, model, parts, weights, passes: [...opened.passes, ...records] }
}
