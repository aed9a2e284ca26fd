// What a question is about: a text's tokens, and the number of the model's answer that is explained.

import { kindOf, type Prediction } from '#answers/answer-kinds'
import type { AttributionOptions, TargetSpace } from '#catalogue/attribution-options'
import { EngineError } from '#engine/error'
import { movedPosition, perturbed } from '#engine/passes/perturbed-row'
import type { ModelTokenizer } from '#engine/text/tokenizer'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelInput } from '#protocol/prediction'
import type { TokenRow } from '#text/token'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { Aimed } from './question.ts'

/** A class or a token of the vocabulary. */
export interface Aim {
  readonly index: number
  readonly label: string
}

export interface Subject {
  readonly input: ModelInput
  readonly row: TokenRow
  readonly target: AttributionTarget
  /** The same in words. */
  readonly aim: Aim
  readonly foil: Aim | null
  /** What the model answers by itself. */
  readonly answer: Aim
  /** Where the target stands in a row that edits were made to; null for models with one answer. */
  positionIn(row: TokenRow): number | null
  /** The target's number for other rows, as the target moves with edits. @throws EngineError `run-failed` */
  numberOf(row: TokenRow): Promise<number>
}

/** What every answer to a question begins with. */
export interface Head {
  readonly text: string
  readonly tokens: readonly string[]
  readonly target: Aim
  readonly foil: Aim | null
  /** Where a model with an answer for each token is asked, from 0. */
  readonly position: number | null
  readonly space: TargetSpace
  /** Of all numbers of the target. */
  readonly unit: string
}

/** @throws EngineError `no-such-target`, `run-failed` */
export async function subjectOf(opened: OpenedEngine, text: string, { target: named, foil: against, space }: Aimed): Promise<Subject> {
  const { model } = opened
  const { card, tokenizer, forwardOf } = model
  if (card.task === 'encoder' || forwardOf === null) {
    throw new EngineError('no-such-target', 'The model has no answer of its own, so there is nothing to explain.')
  }
  const input: ModelInput = { text, edits: [] }
  const { row, prediction } = await opened.run(input)
  const kind = kindOf(prediction)
  if (space !== 'score' && kind.activation(prediction) === 'none') {
    throw new EngineError('no-such-target', 'The model answers with a number that is no share: its --space is score.')
  }
  const position = kind.position({ prediction, row }, tokenizer.mask?.id ?? null)
  const answer = await answerAt(opened, input, prediction, position)
  const aimOf = kind.overVocabulary ? tokenAim(tokenizer) : classAim(card.labels)
  const aim = named === null ? answer : aimOf(named)
  const foil = against === null ? null : aimOf(against)
  if (foil?.index === aim.index) throw new EngineError('no-such-target', `${quoted(aim.label)} rather than itself is always zero.`)
  const target: AttributionTarget = { index: aim.index, foil: foil?.index ?? null, position, space }
  const forward = forwardOf(target)
  const positionIn = (other: TokenRow): number | null => {
    const moved = movedPosition(position, row, other)
    if (moved === undefined) throw new EngineError('no-such-target', 'What the model is asked about is gone.')
    return moved
  }
  return {
    input,
    row,
    target,
    aim,
    foil,
    answer,
    positionIn,
    numberOf: async (other) => {
      const [number = Number.NaN] = await forward.outputs([perturbed(other, positionIn(other))])
      return number
    },
  }
}

/** What the model itself answers. @param position null for models with one answer for the whole text */
export async function answerAt({ engine }: OpenedEngine, input: ModelInput, prediction: Prediction, position: number | null): Promise<Aim> {
  const kind = kindOf(prediction)
  if (kind.overVocabulary) {
    const asked = { input, position: position ?? 0 }
    const first = (
      await engine.answer(
        asked,
        listening(() => undefined),
      )
    )?.candidates[0]
    if (first === undefined) throw new EngineError('run-failed', 'The model gave no answer.')
    return { index: first.id, label: first.label }
  }
  const best = kind.best(prediction, position)
  if (best === null) throw new EngineError('no-such-target', 'The model has no answer of its own.')
  return best
}

export function headOf({ input, row, target, aim, foil }: Subject): Head {
  const { position, space } = target
  const tokens = row.tokens.map(({ piece }) => piece)
  return { text: input.text, tokens, target: aim, foil, position, space, unit: UNITS[space] }
}

/** How a unit is taken away where nothing else is said. */
export function removalOr(asked: AttributionOptions['removal'] | null, { model }: OpenedEngine): AttributionOptions['removal'] {
  return asked ?? (model.tokenizer.mask === null ? 'delete' : 'mask')
}

export const AWAY: Readonly<Record<AttributionOptions['removal'], string>> = {
  mask: 'the mask token',
  delete: 'deleting',
  pad: 'the padding token',
  zero: 'zero embeddings',
  neighbour: 'the nearest other word',
}

/** The typed characters from a unit's first token to its last. */
export function typedLabel(text: string, { tokens }: TokenRow, unit: readonly number[]): string {
  return text.slice(tokens[unit[0] ?? -1]?.start, tokens[unit.at(-1) ?? -1]?.end).trim()
}

const UNITS: Readonly<Record<TargetSpace, string>> = { score: 'logits', probability: 'probability', 'log-probability': 'nats' }

/** A number of the target with its unit. */
export function measured(number: number, space: TargetSpace): string {
  return `${number.toFixed(4)} ${space === 'probability' ? 'of probability' : UNITS[space]}`
}

/** The number that is explained, in words. */
export function aimText({ target, foil, position, tokens }: Head): string {
  const where = position === null ? '' : ` at position ${position + 1} (${tokens[position]})`
  return `${quoted(target.label)}${foil === null ? '' : ` rather than ${quoted(foil.label)}`}${where}`
}

export function quoted(label: string): string {
  return `"${shown(label)}"`
}

/** A label without the space before it; of spaces alone, what they are. */
export function shown(label: string): string {
  return label.trim() || JSON.stringify(label).slice(1, -1).replaceAll(' ', '␣')
}

/** What one of several things is called: where others are called the same, with its index among the tokens. */
export function nameOf(labels: readonly string[], at: number, token: number): string {
  const label = labels[at] ?? ''
  return labels.filter((other) => other === label).length > 1 ? `${quoted(label)} (${token})` : quoted(label)
}

export function rounded(value: number): number {
  return Number(value.toPrecision(6))
}

/** A class by its label, in any case, or by its number. */
function classAim(labels: readonly string[]): (name: string) => Aim {
  const all = labels.map((label, index): Aim => ({ index, label }))
  return (name) => {
    const found = all.find(({ label }) => label.toLowerCase() === name.toLowerCase()) ?? all.find(({ index }) => String(index) === name)
    if (found) return found
    throw new EngineError('no-such-target', `The model has no class ${name}; it has ${labels.join(', ')}.`)
  }
}

/** A token by its number in the vocabulary, or a word that is one token. */
function tokenAim(tokenizer: ModelTokenizer): (name: string) => Aim {
  return (name) => {
    const pieces = tokenizer.encodeWord(name)
    const [only] = pieces
    const index = /^\d+$/.test(name) ? Number(name) : pieces.length === 1 ? only?.id : undefined
    const label = index === undefined ? null : tokenizer.labelOf(index)
    if (index !== undefined && label !== null) return { index, label }
    const parts = pieces.map(({ piece }) => piece).join(' ')
    throw new EngineError('no-such-target', `${name} is no token of the model${parts === '' ? '' : `; it is ${parts}`}.`)
  }
}
