// The smallest changes of a text that turn the answer over, or halve its probability: as data, and as texts with the changes marked.

import { EngineError } from '#engine/error'
import type { CounterfactualState, FoundEdits } from '#features/what-if/api.ts'
import { changedText } from './changed-text.ts'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { CounterfactualsQuestion } from './question.ts'
import { aimText, answerAt, type Head, headOf, measured, quoted, rounded, type Subject, subjectOf } from './subject.ts'

export interface CounterfactualsAnswer extends Head, Pick<CounterfactualsQuestion, 'goal' | 'moves'> {
  readonly answer: string
  /** The target's number for the text. */
  readonly output: number
  /** Smallest first. */
  readonly found: readonly Counterfactual[]
  /** What came closest where nothing was found. */
  readonly closest: Counterfactual | null
  /** Sets of edits that were tried, and the most edits in one. */
  readonly tried: number
  readonly size: number
}

interface Counterfactual {
  /** The edited text; a tokenizer may cut it otherwise where a piece of a word was changed. */
  readonly text: string
  /** The same with each change as [-old-]{+new+}. */
  readonly marked: string
  /** As the model read it. */
  readonly tokens: readonly string[]
  readonly changes: readonly { readonly token: number; readonly from: string; readonly to: string | null }[]
  /** Below zero: the goal is reached, by so many logits (`flip`) or so much probability (`halve`). */
  readonly margin: number
  /** The target's number after the changes. */
  readonly after: number
  readonly answer: string
}

/** @throws EngineError `already-turned`, `nothing-to-perturb`, `no-such-target`, `run-failed` */
export async function runCounterfactuals(
  opened: OpenedEngine,
  text: string,
  question: CounterfactualsQuestion,
): Promise<CounterfactualsAnswer> {
  const subject = await subjectOf(opened, text, question)
  const { goal } = question
  const moves = question.moves.filter((move) => isPossible(opened, move))
  if (moves.length === 0) {
    const why = question.moves.map((move) => `${move} takes ${TAKES[move]}`).join(', ')
    throw new EngineError('nothing-to-perturb', `The model has no such moves: ${why}.`)
  }
  const { input, target } = subject
  const state: CounterfactualState = await opened.engine.counterfactuals(
    { input, target, goal, moves },
    listening(() => undefined),
  )
  const found: Counterfactual[] = []
  for (const one of state.found) found.push(await counterfactualOf(opened, subject, one))
  return {
    ...headOf(subject),
    goal,
    moves,
    answer: subject.answer.label,
    output: rounded(await subject.numberOf(subject.row)),
    found,
    closest: found.length > 0 || state.closest === null ? null : await counterfactualOf(opened, subject, state.closest),
    tried: state.tried,
    size: state.size,
  }
}

function isPossible({ model }: OpenedEngine, move: CounterfactualsQuestion['moves'][number]): boolean {
  if (move === 'mask') return model.tokenizer.mask !== null
  return move === 'delete' || (model.runsOf !== null && model.steepest !== null)
}

/** The edited text is run: its answer is the model's, not the search's. */
async function counterfactualOf(opened: OpenedEngine, subject: Subject, { edits, changes, margin }: FoundEdits): Promise<Counterfactual> {
  const { input, row } = subject
  const edited = { ...input, edits }
  const { row: after, prediction } = await opened.run(edited)
  return {
    ...changedText(input.text, row, changes),
    tokens: after.tokens.map(({ piece }) => piece),
    changes: changes.map(({ token, word }) => ({ token, from: row.tokens[token]?.label.trim() ?? '', to: word })),
    margin: rounded(margin),
    after: rounded(await subject.numberOf(after)),
    answer: (await answerAt(opened, edited, prediction, subject.positionIn(after))).label,
  }
}

const TAKES: Readonly<Record<CounterfactualsQuestion['moves'][number], string>> = {
  delete: 'a token',
  mask: 'a mask token',
  replace: 'gradients and a readable vocabulary',
}
const MOVES = { delete: 'deleting', mask: 'masking', replace: 'replacing' } as const

/** Changes in lines. */
export function describeCounterfactuals(answer: CounterfactualsAnswer): string {
  const { text, goal, moves, space, output, found, closest, tried, size } = answer
  const aim = goal === 'flip' ? `another answer than ${aimText(answer)}` : `half of the probability of ${aimText(answer)}`
  return [
    text,
    `  ${aim}, by ${moves.map((move) => MOVES[move]).join(', ')}: now ${measured(output, space)}`,
    ...found.map((one) => lineOf(one, answer)),
    ...(found.length > 0 ? [] : ['  nothing found; the closest was']),
    ...(closest === null ? [] : [lineOf(closest, answer)]),
    `  ${tried} sets of ${size === 1 ? 'one edit' : `up to ${size} edits`} tried`,
  ].join('\n')
}

function lineOf({ marked, margin, after, answer }: Counterfactual, { goal, space }: CounterfactualsAnswer): string {
  const reached = margin < 0
  const by = Math.abs(margin).toFixed(4)
  const how =
    goal === 'flip'
      ? `${by} logits ${reached ? 'beyond' : 'short of'} a tie`
      : `${by} of probability ${reached ? 'below' : 'above'} the half`
  return `    ${marked}\n      ${quoted(answer)}, ${how}; ${measured(after, space)}`
}
