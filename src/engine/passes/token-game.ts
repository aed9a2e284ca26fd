// A text as a game of its units: what each coalition of them is as a row of tokens.

import type { AttributionOptions, Removal, Unit } from '#catalogue/attribution-options'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/cancel'
import { type Coalition, sizeOf, type TokenGame } from '#methods/games/game'
import { hierarchyOf } from '#methods/games/hierarchy'
import { elementAt } from '#tensor/vector'
import type { Token, TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import { inputRow } from './feeds.ts'
import type { ForwardPasses, PerturbedRow } from './forward-passes.ts'
import { hearCancel } from './yield-to-messages.ts'

/** What takes the place of a token that is away. */
export interface Removals {
  readonly mask: number | null
  readonly pad: number | null
  /** [T,d] of the row as it is; null where the model takes no embeddings. */
  readonly embeddings: (() => Promise<Float32Array>) | null
  /** The nearest other word, with pauses while it is looked for; null where the vocabulary cannot be read. */
  readonly neighbour: ((id: number, pause: () => Promise<void>) => Promise<number>) | null
  /** What a reader sees for an index. */
  readonly labelOf: (id: number) => string
}

/** Runs a batch when its turn comes. */
export type Turn = <Result>(cancel: Cancel, job: () => Promise<Result>) => Promise<Result>

/** Sentences end with these; other scripts have their own. */
const ENDS = /[.!?…。！？]$/

/** @throws EngineError `no-removal` where a unit cannot be taken away as asked, `nothing-to-perturb`; or `cancelled`'s reason */
export async function createTokenGame(
  row: TokenRow,
  target: AttributionTarget,
  { removal, unit }: Pick<AttributionOptions, 'removal' | 'unit'>,
  runs: ForwardPasses,
  removals: Removals,
  turn: Turn,
  cancelled: Cancel,
): Promise<TokenGame> {
  const { tokens } = row
  const sentences = sentencesOf(tokens)
  const units = unitsIn(tokens, sentences, unit)
  if (units.length === 0) throw new EngineError('nothing-to-perturb', 'The text has no token that could be taken away.')
  const { rowOf, other } = await rowsWithout(row, target, removal, units, removals, () => hearCancel(cancelled))
  const namesOf = (name: (first: number) => number): readonly number[] => units.map(([first = 0]) => name(first))
  /** Of deleted units nothing is left where no token is the tokenizer's own. */
  const canBeEmpty = removal === 'delete' && units.flat().length === tokens.length
  const asked = new Set<string>()
  let made = 0
  let keptFirst = false
  return {
    players: units.length,
    units,
    hierarchy: hierarchyOf(
      [namesOf((first) => elementAt(tokens, first).word), namesOf((first) => elementAt(sentences, first))],
      units.length,
    ),
    instead: other && units.map((one) => one.map((token) => removals.labelOf(other(elementAt(tokens, token).id)))),
    passes: () => asked.size,
    known: () => asked.size - made,
    keptFirst: () => keptFirst,
    pause: hearCancel,
    payoffs: async (coalitions, cancel) => {
      keptFirst ||= canBeEmpty && coalitions.some((coalition) => sizeOf(coalition) === 0)
      const rows = coalitions.map(rowOf)
      for (const { key } of rows) asked.add(key)
      return outputsInTurns(runs, rows, turn, cancel, (passes) => {
        made += passes
      })
    },
  }
}

/** Rows of the units that are there, the others taken away. */
export interface RowsWithout {
  readonly rowOf: (coalition: Coalition) => PerturbedRow
  /** What takes the place of a token; null where nothing does. */
  readonly other: ((id: number) => number) | null
}

/** @throws EngineError `no-removal` where a unit cannot be taken away as asked */
export async function rowsWithout(
  row: TokenRow,
  target: Pick<AttributionTarget, 'position'>,
  removal: Removal,
  units: TokenGame['units'],
  removals: Removals,
  pause: () => Promise<void>,
): Promise<RowsWithout> {
  const ids = units.flat().map((token) => row.tokens[token]?.id ?? 0)
  const other = await otherOf(removal, ids, removals, pause)
  return { rowOf: await rowMaker(row, target, removal, units, other, removals), other }
}

/** The target's number for each row, every batch when its turn comes. @param onBatch is told the passes that a batch took */
export async function outputsInTurns(
  runs: ForwardPasses,
  rows: readonly PerturbedRow[],
  turn: Turn,
  cancel: Cancel,
  onBatch: (passes: number) => void = () => undefined,
): Promise<Float64Array> {
  for (const batch of runs.batches(rows)) {
    await turn(cancel, async () => {
      // Inside its turn: between turns others run rows, too.
      const before = runs.passes()
      await runs.outputs(batch)
      onBatch(runs.passes() - before)
    })
  }
  return runs.outputs(rows)
}

/** Tokens of each unit of a text, in order; the tokenizer's own are in none. */
export function unitsOf({ tokens }: TokenRow, unit: Unit): readonly (readonly number[])[] {
  return unitsIn(tokens, sentencesOf(tokens), unit)
}

/** The text's tokens one by one, by words, or by sentences; the tokenizer's own always stay. */
function unitsIn(tokens: readonly Token[], sentences: readonly number[], unit: Unit): readonly (readonly number[])[] {
  const groups: { readonly name: number; readonly members: number[] }[] = []
  tokens.forEach((token, index) => {
    if (token.source === 'template') return
    const isAlone = unit === 'token' || (unit === 'word' && token.word < 0)
    const name = isAlone ? -1 - index : unit === 'word' ? token.word : elementAt(sentences, index)
    const before = groups.at(-1)
    if (before?.name === name) before.members.push(index)
    else groups.push({ name, members: [index] })
  })
  return groups.map(({ members }) => members)
}

/** [T]: the number of the sentence that each token is in. */
function sentencesOf(tokens: readonly Token[]): readonly number[] {
  let sentence = 0
  return tokens.map(({ label }) => (ENDS.test(label) ? sentence++ : sentence))
}

async function rowMaker(
  { tokens }: TokenRow,
  { position }: Pick<AttributionTarget, 'position'>,
  removal: Removal,
  units: TokenGame['units'],
  other: ((id: number) => number) | null,
  { embeddings }: Removals,
): Promise<(coalition: Coalition) => PerturbedRow> {
  const { ids, types } = inputRow(tokens)
  const unitOf = new Map(units.flatMap((unit, player) => unit.map((token) => [token, player] as const)))
  const isThere = (coalition: Coalition, token: number): boolean => {
    const player = unitOf.get(token)
    return player === undefined || coalition[player] === 1
  }
  const replacing =
    (other: (id: number) => number) =>
    (coalition: Coalition): PerturbedRow => {
      const changed = ids.map((id, token) => (isThere(coalition, token) ? id : other(id)))
      return { ids: changed, ...typed(types), position, embeddings: null, key: changed.join() }
    }
  switch (removal) {
    case 'mask':
    case 'pad':
    case 'neighbour': {
      if (other === null) throw new EngineError('no-removal', `The model has no token for ${removal}.`, { removal })
      return replacing(other)
    }
    case 'delete':
      return (coalition) => {
        // Where a language model is asked moves with what stands before it, and stays at what is left of it.
        const kept = ids.flatMap((id, token) => (isThere(coalition, token) ? [{ id, token }] : []))
        const rest = kept.length > 0 ? kept : [{ id: elementAt(ids, 0), token: 0 }]
        const at =
          position === null
            ? null
            : Math.max(
                0,
                rest.findLastIndex(({ token }) => token <= position),
              )
        const changed = rest.map(({ id }) => id)
        const own = types && rest.map(({ token }) => elementAt(types, token))
        return { ids: changed, ...typed(own), position: at, embeddings: null, key: `${at} ${changed.join()} ${own?.join() ?? ''}` }
      }
    case 'zero': {
      if (embeddings === null) throw new EngineError('no-removal', 'The model takes no embeddings here.', { removal })
      const own = await embeddings()
      const width = own.length / ids.length
      return (coalition) => {
        const point = own.map((value, at) => (isThere(coalition, Math.floor(at / width)) ? value : 0))
        return {
          ids,
          ...typed(types),
          position,
          embeddings: point,
          key: `zero ${ids.map((_, token) => Number(isThere(coalition, token))).join('')}`,
        }
      }
    }
  }
}

function typed(types: readonly number[] | undefined): Pick<PerturbedRow, 'types'> {
  return types === undefined ? {} : { types }
}

/** The token that takes the place of one of `ids`; null where none does, or the model has none. */
async function otherOf(
  removal: Removal,
  ids: readonly number[],
  { mask, pad, neighbour }: Removals,
  pause: () => Promise<void>,
): Promise<((id: number) => number) | null> {
  if (removal === 'neighbour' && neighbour !== null) {
    const near = new Map<number, number>()
    for (const id of new Set(ids)) near.set(id, await neighbour(id, pause))
    return (id) => near.get(id) ?? id
  }
  const filler = removal === 'mask' ? mask : removal === 'pad' ? pad : null
  return filler === null ? null : () => filler
}
