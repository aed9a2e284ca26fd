// The way from a token to the answer, as lengths of vectors: a number for every stage, and none of the vectors leaves the worker.

import { kindOf } from '#answers/answer-kinds'
import type { EngineServices } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import type { ForwardPass } from '#engine/passes/pass-cache'
import type { PathOfBlocks } from '#engine/passes/path-passes'
import type { Turn } from '#engine/passes/token-game'
import { cosine, elementAt, float32At, l2Norm } from '#tensor/vector'
import type { InferencePath, PathCandidate, PathLayer, PathRequest } from '../api.ts'
import { answeringPosition, namesOf } from './reading.ts'

/** Candidates that are told. */
const CANDIDATES = 8

/** @throws EngineError `no-parts`, `no-such-target`; as `runOf` */
export async function followPath(
  engine: EngineServices,
  { input, position: asked }: PathRequest,
  signal: AbortSignal,
  turn: Turn,
): Promise<InferencePath> {
  const run = await engine.runOf(input, signal)
  const model = await engine.readyModel()
  const { path: passes, card, tokenizer } = model
  if (passes === null) throw new EngineError('no-parts', 'Nothing was recognised inside the layers of this model.')
  const { tokens } = run.row
  const position = asked ?? answeringPosition(run, tokenizer)
  if (tokens[position] === undefined) throw new EngineError('no-such-target', 'The text has no such position.')
  const found = await turn(signal, () => passes.blocks(run.row, position))
  const { states, width, normed, embeddings } = found
  const last = states.at(-1)
  return {
    position,
    tokens: tokens.map(({ id }) => namesOf(tokenizer)(id)),
    heads: card.heads,
    width,
    embedding: embeddings && l2Norm(rowOf(embeddings, tokens.length, position)),
    norms: Float32Array.from(states.flatMap((state) => tokens.map((_, at) => l2Norm(rowOf(state, tokens.length, at))))),
    cosines: states.map((state) => cosine(rowOf(state, tokens.length, position), rowOf(last ?? state, tokens.length, position))),
    layers: found.layers.map((layer) => lengthsOf(layer, tokens.length, position)),
    attention: rowsAt(run, position),
    final: normed && l2Norm(rowOf(normed, tokens.length, position)),
    answer: await answerOf(model, run, position, (job) => turn(signal, job)),
  }
}

function lengthsOf({ attention, mlp, written }: PathOfBlocks['layers'][number], tokens: number, position: number): PathLayer {
  const lengthAt = (added: Float32Array | null): number | null => added && l2Norm(rowOf(added, tokens, position))
  const width = attention === null ? 0 : attention.length / tokens
  const count = width === 0 || written === null ? 0 : written.length / width - 1
  const heads = Array.from({ length: count }, (_, head) => {
    const own = (row: number, at: number): number => float32At(written ?? new Float32Array(), row * width + at)
    return l2Norm(Float32Array.from({ length: width }, (__, at) => own(head, at) - own(count, at)))
  })
  return { attention: lengthAt(attention), mlp: lengthAt(mlp), heads: heads.length === 0 ? null : heads }
}

/** [L,H,T] */
function rowsAt({ attention: { layers, tokens } }: ForwardPass, position: number): Float32Array {
  const rows = layers.flatMap(({ heads, data }) =>
    Array.from({ length: heads }, (_, head) => data.subarray((head * tokens + position) * tokens, (head * tokens + position + 1) * tokens)),
  )
  const all = new Float32Array(rows.length * tokens)
  for (const [at, row] of rows.entries()) all.set(row, at * tokens)
  return all
}

/** [d] of [T,d] */
function rowOf(data: Float32Array, tokens: number, at: number): Float32Array {
  const width = data.length / tokens
  return data.subarray(at * width, (at + 1) * width)
}

async function answerOf(
  model: LoadedModel,
  { row, prediction }: ForwardPass,
  position: number,
  turn: <Result>(job: () => Promise<Result>) => Promise<Result>,
): Promise<readonly PathCandidate[] | null> {
  if (prediction.kind === 'classes') {
    const { labels, logits, probabilities } = prediction
    const all = labels.map((label, at) => ({ label, logit: elementAt(logits, at), probability: probabilities[at] ?? null }))
    return all.toSorted((one, other) => other.logit - one.logit).slice(0, CANDIDATES)
  }
  // The run has told the answer where the model was asked by itself.
  const known = kindOf(prediction).at(prediction, position)
  const answer = known === undefined ? await turn(() => model.answerAt(row, position)) : known
  return answer === null
    ? null
    : answer.candidates.slice(0, CANDIDATES).map(({ label, logit, probability }) => ({ label, logit, probability }))
}
