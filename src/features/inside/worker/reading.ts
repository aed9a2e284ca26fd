// A text whose stream is read, and what is asked about it.

import { kindOf } from '#answers/answer-kinds'
import type { EngineServices } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import type { ForwardPass } from '#engine/passes/pass-cache'
import type { ReadingPasses, Stream } from '#engine/passes/reading-passes'
import type { Turn } from '#engine/passes/token-game'
import { argmax, elementAt } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import type { LensAim, LensRequest, ReadToken } from '../api.ts'

/** A text, its stream, and what is asked about. */
export interface Reading extends LensAim {
  readonly row: TokenRow
  readonly stream: Stream
  readonly passes: ReadingPasses
  readonly heads: number
  /** Tokens that the model knows. */
  readonly vocabulary: number
  readonly nameOf: (id: number) => ReadToken
  /** One job on the runtime when its turn comes. */
  readonly turn: <Result>(job: () => Promise<Result>) => Promise<Result>
}

/** @throws EngineError `no-readout`, `no-such-target`; as `runOf` */
export async function openReading(
  engine: EngineServices,
  { input, position: asked, target, foil }: LensRequest,
  signal: AbortSignal,
  turnOf: Turn,
): Promise<Reading> {
  const run = await engine.runOf(input, signal)
  const { row } = run
  const { reading: passes, tokenizer, card } = await engine.readyModel()
  if (passes === null) throw new EngineError('no-readout', 'The final norm and the output head of this model were not recognised.')
  const turn: Reading['turn'] = (job) => turnOf(signal, job)
  const stream = await turn(() => passes.stream(row))
  const position = asked ?? answeringPosition(run, tokenizer)
  const nameOf = namesOf(tokenizer)
  const vocabulary = card.vocabulary ?? tokenizer.size
  const isInside = (id: number | null): boolean => id === null || (Number.isInteger(id) && id >= 0 && id < vocabulary)
  if (row.tokens[position] === undefined || !isInside(target) || !isInside(foil))
    throw new EngineError('no-such-target', 'The text has no such position, or the model no such token.')
  const likely = async (): Promise<number> => argmax(await turn(() => passes.scores(stateAt(stream, stream.states.length - 1, position))))
  return {
    row,
    stream,
    passes,
    heads: card.heads,
    vocabulary,
    position,
    target: nameOf(target ?? (await likely())),
    foil: foil === null ? null : nameOf(foil),
    nameOf,
    turn,
  }
}

/** Where the model answers by itself: a mask, the end, or what its kind of answer says; the first token where that is one for the text. */
export function answeringPosition({ prediction, row }: ForwardPass, { mask }: Pick<LoadedModel['tokenizer'], 'mask'>): number {
  return kindOf(prediction).position({ prediction, row }, mask?.id ?? null) ?? 0
}

/** [d] */
export function stateAt({ states, width }: Stream, layer: number, position: number): Float32Array {
  return elementAt(states, layer).slice(position * width, (position + 1) * width)
}

export function namesOf({ pieceOf, labelOf }: Pick<LoadedModel['tokenizer'], 'pieceOf' | 'labelOf'>): (id: number) => ReadToken {
  return (id) => {
    const piece = pieceOf(id) ?? `#${id}`
    return { id, piece, label: labelOf(id) ?? piece }
  }
}

/** What is sent of what is asked about. */
export function aimOf({ position, target, foil }: LensAim): LensAim {
  return { position, target, foil }
}
