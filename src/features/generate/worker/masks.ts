// A masked model fills its masks one after the other, each in the light of those before it.

import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import { perturbed } from '#engine/passes/perturbed-row'
import type { Turn } from '#engine/passes/token-game'
import type { Cancel } from '#methods/cancel'
import { elementAt } from '#tensor/vector'
import type { TokenRow } from '#text/token'

/** Places of a row's masks, first to last. */
export function masksOf({ tokens }: TokenRow, { tokenizer }: Pick<LoadedModel, 'tokenizer'>): readonly number[] {
  const mask = tokenizer.mask?.id
  return tokens.flatMap(({ id }, at) => (id === mask ? [at] : []))
}

/** The row with ids in the places of its first masks. */
export function withFilled(row: TokenRow, masks: readonly number[], ids: readonly number[]): TokenRow {
  const filled = new Map(ids.map((id, at) => [elementAt(masks, at), id]))
  return { ...row, tokens: row.tokens.map((token, at) => ({ ...token, id: filled.get(at) ?? token.id })) }
}

/** Scores [V] at a place of a row. @throws EngineError `no-such-target`, `run-failed` */
export async function scoresAt(
  { measuring }: Pick<LoadedModel, 'measuring'>,
  row: TokenRow,
  place: number,
  turn: Turn,
  cancel: Cancel,
): Promise<Float32Array> {
  const seen: Float32Array[] = []
  const runs = measuring?.((scores) => seen.push(scores.slice())) ?? null
  if (runs === null) throw new EngineError('no-such-target', 'The model does not say what stands in a place.')
  await turn(cancel, () => runs.outputs([perturbed(row, place)]))
  return elementAt(seen, 0)
}
