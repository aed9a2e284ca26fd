// The word-embedding lookup of a model, cut out of it.

import { appendOutputs, tapOf } from './instrument/append-outputs.ts'
import { usesOf } from './ir/graph-index.ts'
import { describeInputs, type PreparedInput } from './model-inputs.ts'
import { dropUnused } from './normalise/drop-unused.ts'
import type { OpenedModel } from './open-model.ts'
import { type PackedModel, packModel } from './pack-model.ts'

/** The word-embedding lookup by itself, as the runtime takes it. */
export interface LookupModel extends PackedModel {
  /** Never: the lookup itself computes nothing. */
  readonly isHalf: boolean
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
  // A lookup takes as many ids as it is given, whatever length the rest was exported for.
  const inputs = graph.inputs
    .filter(({ name }) => used.has(name))
    .map(({ name, elementType, dims }) => ({ name, elementType, dims: dims?.map(() => null) ?? null }))
  const cut = { ...model, graph: { ...graph, inputs } }
  const isHalf = false
  return { ...packModel(cut, buffers), inputs: describeInputs(cut.graph), output: tapOf(model.graph, parts.embeddings), isHalf }
}
