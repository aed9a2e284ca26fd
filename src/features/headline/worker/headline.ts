// What an answer rests on, by leaving out one word after the other, and what would turn it over.

import { kindOf, usualFoil } from '#answers/answer-kinds'
import type { Removal } from '#catalogue/attribution-options'
import type { EngineServices, Feature } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { PerturbedRow, RowAnswer } from '#engine/passes/forward-passes'
import type { ForwardPass } from '#engine/passes/pass-cache'
import { movedPosition, perturbed } from '#engine/passes/perturbed-row'
import { turnsOf } from '#engine/passes/target-view'
import { rowsWithout } from '#engine/passes/token-game'
import { hearCancel } from '#engine/passes/yield-to-messages'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/cancel'
import { fullCoalition, withPlayers } from '#methods/games/game'
import type { ModelInput } from '#protocol/prediction'
import { transfer } from '#protocol/serve'
import { float32At } from '#tensor/vector'
import type { Answer, Claim, Headline, HeadlineApi, HeadlineRequest, Without } from '../api.ts'
import { findClaim, MOST_SINGLE } from './claim.ts'
import { surpriseOf } from './surprise.ts'
import { textWithout } from './text-without.ts'
import { headlineUnits } from './units.ts'

/** Tokens of a turn's rows: what is typed meanwhile waits for no more. The first turn comes while a reader types. */
const TURN_TOKENS = { first: 32, all: 96 }
const MOST_ROWS = 8

/** Rows of a turn. */
function groupOf(tokens: number, extent: HeadlineRequest['extent']): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(TURN_TOKENS[extent] / Math.max(1, tokens))))
}

export const headlineHandlers: Feature<HeadlineApi> = (engine) => ({
  surprise: ({ input }, { signal, progress }) => surpriseOf(engine, input, signal, progress),
  headline: async ({ input, target, extent }, { signal, progress }) => {
    const run = await engine.runOf(input, signal)
    const model = await engine.readyModel()
    const kind = kindOf(run.prediction)
    const { units, unit } = headlineUnits(run.row.tokens, staysIn(run, target.position, model.tokenizer.mask?.id))
    const removal: Removal = model.card.removals.includes('mask') ? 'mask' : 'delete'
    const own = await ownTarget(engine, run, target, signal)
    const ask = (of: AttributionTarget): Promise<Ask> => askWithout(engine, run, input, of, units, signal)
    const [ofTarget, ofAnswer] = [await ask(target), await ask(own)]
    const [whole] = await ofTarget([[]], 'delete')
    const [said] = await ofAnswer([[]], 'delete')
    if (whole === undefined || said === undefined) throw new EngineError('run-failed', 'The whole text has no answer.')
    const named = await namesOf(engine, run, own)
    const answer: Answer = { ...named(said.best), probability: said.ofBest }
    const withoutOf = (set: readonly number[], by: Removal, read: RowAnswer): Without => {
      return { units: set, removal: by, answer: { ...named(read.best), probability: read.ofBest }, before: read.ofTarget }
    }
    const drops = new Float32Array(units.length).fill(Number.NaN)
    /** How much less the answer itself scores. */
    const losses = drops.slice()
    const singles: Without[] = []
    const headline = (claim: Claim, left: number): Headline => {
      return { units, unit, drops: transfer(drops.slice()), removal, output: whole.output, answer, claim, left }
    }
    // A text of one word has nothing that it could be compared with.
    if (units.length < 2) return headline({ kind: 'nothing-to-remove' }, 0)
    const group = groupOf(run.row.tokens.length, extent)
    for (let done = 0; done < units.length; done += group) {
      const some = Array.from({ length: Math.min(group, units.length - done) }, (_, at) => [done + at])
      const [forTarget, forAnswer] = [await ofTarget(some, removal), await ofAnswer(some, removal)]
      some.forEach(([player = 0], at) => {
        const [one, other] = [forTarget[at], forAnswer[at]]
        if (one === undefined || other === undefined) return
        drops[player] = whole.output - one.output
        losses[player] = said.output - other.output
        singles.push(withoutOf([player], removal, other))
      })
      const partial = headline({ kind: 'unknown' }, units.length - done - some.length + MOST_SINGLE)
      if (extent === 'first') return partial
      progress(partial)
    }
    if (!kind.hasRival(run.prediction)) return headline({ kind: 'number' }, 0)
    const order = Array.from(units.keys()).sort((one, other) => float32At(losses, other) - float32At(losses, one))
    const speaksFor = (at: number): boolean => float32At(losses, at) > 0
    const claim = await findClaim(order, singles, said.best, speaksFor, async (sets, by) =>
      (await ofAnswer(sets, by)).map((read, at) => withoutOf(sets[at] ?? [], by, read)),
    )
    return headline(claim, 0)
  },
})

/** Tokens that are not taken away: those that the model has not read where it is asked, and the mask that it fills. */
function staysIn({ row, prediction }: ForwardPass, position: number | null, mask: number | undefined): (index: number) => boolean {
  const readsOn = kindOf(prediction).readsOn(prediction)
  return (index) => position !== null && ((readsOn && index > position) || (index === position && row.tokens[index]?.id === mask))
}

/** What the model itself answers where the target stands, in scores: the target again, unless the reader asks about another. */
async function ownTarget(engine: EngineServices, run: ForwardPass, target: AttributionTarget, cancel: Cancel): Promise<AttributionTarget> {
  const { forward } = await engine.explaining(run, target)
  const [read] = await turnsOf(engine.schedule, 'live')(cancel, () => forward.answers([perturbed(run.row, target.position)]))
  if (read === undefined || read.best === target.index) return { ...target, space: 'score' }
  const own = { index: read.best, position: target.position }
  return { ...own, foil: usualFoil(run.prediction, own), space: 'score' }
}

/** Asks about the text without each set of units, a few rows at each turn. */
type Ask = (sets: readonly (readonly number[])[], by: Removal) => Promise<readonly RowAnswer[]>

async function askWithout(
  { explaining, readyModel, schedule }: EngineServices,
  run: ForwardPass,
  input: ModelInput,
  target: AttributionTarget,
  units: readonly (readonly number[])[],
  cancel: Cancel,
): Promise<Ask> {
  const { row, forward, removals } = await explaining(run, target)
  const { tokenizer } = await readyModel()
  const turn = turnsOf(schedule, 'live')
  const all = fullCoalition(units.length)
  /** What is deleted of a typed text is read anew: a word at the beginning may be spelled otherwise than one after a blank. */
  const readAnew = (set: readonly number[]): PerturbedRow | null => {
    if (set.length === 0 || input.edits.length > 0) return null
    const text = textWithout(
      input.text,
      set.flatMap((unit) => units[unit] ?? []).flatMap((token) => row.tokens[token] ?? []),
    )
    const after = input.chat ? tokenizer.encodeChat(text) : tokenizer.encode(text)
    const position = movedPosition(target.position, row, after)
    return position === undefined ? null : perturbed(after, position)
  }
  return async (sets, by) => {
    const { rowOf } = await rowsWithout(row, target, by, units, { ...removals, embeddings: null }, () => hearCancel(cancel))
    const rows = sets.map((set) => (by === 'delete' ? readAnew(set) : null) ?? rowOf(withPlayers(all, set, 0)))
    const group = groupOf(row.tokens.length, 'all')
    for (let done = 0; done < rows.length; done += group) {
      for (const batch of forward.batches(rows.slice(done, done + group))) await turn(cancel, () => forward.answers(batch))
    }
    return forward.answers(rows)
  }
}

/** Names of what can be answered: classes, or tokens of the vocabulary. */
async function namesOf(
  { explaining }: EngineServices,
  run: ForwardPass,
  target: AttributionTarget,
): Promise<(index: number) => Omit<Answer, 'probability'>> {
  const kind = kindOf(run.prediction)
  const { removals } = await explaining(run, target)
  const choices = kind.question({ ...run, chosen: null }, { token: target.position, explains: 'after' })?.choices ?? []
  return (index) => ({
    index,
    label: kind.overVocabulary ? removals.labelOf(index) : (choices.find((choice) => choice.index === index)?.label ?? `#${index}`),
  })
}
