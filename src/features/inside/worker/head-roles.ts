// What every head does with a text, or with random tokens said twice: there nothing but the repetition can be told from the text.

import type { EngineServices } from '#engine/engine-services'
import type { LoadedModel } from '#engine/model/model'
import { HEAD_ROLES, type HeadRole, headRoles } from '#methods/inside/head-roles'
import { randomNumbers } from '#tensor/random'
import type { Token, TokenRow } from '#text/token'
import type { HeadRolesRequest, MeasuredRoles } from '../api.ts'
import { namesOf } from './reading.ts'

/** Different tokens of a random text; each comes twice. */
const RANDOM_TOKENS = 24

/** @throws as `runOf` */
export async function measureRoles(
  engine: EngineServices,
  { input, random }: HeadRolesRequest,
  signal: AbortSignal,
): Promise<MeasuredRoles> {
  const model = await engine.readyModel()
  const run =
    random === null
      ? await engine.runOf(input, signal)
      : await engine.schedule.add(
          'background',
          () => !signal.aborted,
          () => model.run(randomRow(random, model)),
        )
  signal.throwIfAborted()
  const ids = run.row.tokens.map(({ id }) => id)
  const found = headRoles(run.attention, ids, run.row.tokens.map(isDelimiter))
  const heads = run.attention.layers[0]?.heads ?? 0
  const byLayer = (values: Float32Array): readonly (readonly number[])[] =>
    run.attention.layers.map((_, layer) => Array.from(values.subarray(layer * heads, (layer + 1) * heads)))
  const roles = Object.fromEntries(HEAD_ROLES.map((role) => [role, byLayer(found[role])]))
  // Every role is there.
  return {
    roles: roles as Record<HeadRole, readonly (readonly number[])[]>,
    copies: found.copies,
    tokens: ids.map(namesOf(model.tokenizer)),
  }
}

function isDelimiter({ source, label }: Token): boolean {
  return source === 'template' || !/[\p{L}\p{N}]/u.test(label)
}

/** Tokens of the vocabulary by a seed, and the same again. */
export function randomRow(seed: number, { tokenizer, card }: LoadedModel): TokenRow {
  const draw = randomNumbers(seed)
  const size = Math.min(tokenizer.size, card.vocabulary ?? tokenizer.size)
  const drawn = new Set<number>()
  while (drawn.size < Math.min(RANDOM_TOKENS, size)) drawn.add(Math.floor(draw() * size))
  const ids = Array.from(drawn)
  const tokens = [...ids, ...ids].map((id, at) => {
    const piece = tokenizer.pieceOf(id) ?? ''
    return { id, piece, label: tokenizer.labelOf(id) ?? piece, start: 0, end: 0, word: at, source: 'text' as const }
  })
  return { tokens, cutAt: null, wantedLength: tokens.length }
}
