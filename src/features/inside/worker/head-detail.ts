// Everything one head computes, by itself: of a layer's heads, only the one that is looked at leaves the worker.

import type { EngineServices } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { Turn } from '#engine/passes/token-game'
import { headMatrix } from '#methods/attention/reduce'
import { headGroup, recomputeHead } from '#methods/inside/attention-head'
import type { Tensor } from '#tensor/tensor'
import { elementAt, float32At } from '#tensor/vector'
import type { HeadDetail, HeadDetailRequest } from '../api.ts'
import { namesOf } from './reading.ts'

/** What the arithmetic of a model leaves between its scores and the formula's, relative to the largest: no bias by position is as small. */
const ROUNDING = { float32: 1e-4, float16: 1e-2 } as const

/** @throws EngineError `no-parts`, `no-such-target`; as `runOf` */
export async function openHead(
  engine: EngineServices,
  { input, layer, head }: HeadDetailRequest,
  signal: AbortSignal,
  turn: Turn,
): Promise<HeadDetail> {
  const run = await engine.runOf(input, signal)
  const { path: passes, tokenizer } = await engine.readyModel()
  if (passes === null) throw new EngineError('no-parts', 'Nothing was recognised inside the layers of this model.')
  const heads = run.attention.layers[layer]?.heads ?? 0
  if (!(Number.isInteger(head) && head >= 0 && head < heads)) throw new EngineError('no-such-target', 'The model has no such head.')
  const tokens = run.row.tokens.length
  const found = await turn(signal, () => passes.heads(run.row, layer))
  const [query, key, value, output] = [found.query, found.key, found.value, found.output].map((tensor) => ownOf(tensor, head))
  if (query === undefined || key === undefined || value === undefined || output === undefined)
    throw new EngineError('run-failed', 'A layer gave no output.')
  const columns = found.scores.length / heads / tokens
  const scores = found.scores.slice(head * tokens * columns, (head + 1) * tokens * columns)
  const weights = headMatrix(run.attention, { layer, head })
  const isHalf = passes.isHalf
  const again = recomputeHead(
    { tokens, query, key, value, scores, weights, output, factor: found.factor, cap: found.cap },
    isHalf ? ROUNDING.float16 : ROUNDING.float32,
  )
  const seen = Float32Array.from({ length: tokens * tokens }, (_, at) => {
    const [row, column] = [Math.floor(at / tokens), at % tokens]
    return again.masked[at] === 1 ? Number.NEGATIVE_INFINITY : float32At(scores, row * columns + column)
  })
  return {
    layer,
    head,
    heads,
    tokens: run.row.tokens.map(({ id }) => namesOf(tokenizer)(id)),
    width: query.length / tokens,
    valueWidth: value.length / tokens,
    query,
    key,
    value,
    output,
    products: again.products,
    factor: found.factor,
    cap: found.cap,
    before: found.before.query * found.before.key,
    scores: seen,
    added: again.added,
    weights: Float32Array.from(weights),
    form: again.form,
    bias: again.bias,
    gaps: again.gaps,
    group: headGroup(found.key.data, found.value.data, heads, found.key.dims.length === 3 ? elementAt(found.key.dims, 0) : 1, head),
    isHalf,
  }
}

/** A head's rows of [H,T,d], or of [1,T,d] that all share. */
function ownOf({ dims: [copies = 1], data }: Tensor, head: number): Float32Array {
  const size = data.length / copies
  const at = copies === 1 ? 0 : head
  return data.slice(at * size, (at + 1) * size)
}
