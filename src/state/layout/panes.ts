// What the charts draw now: one pane, or A, reference and difference side by side, each with its frame and matrices.

import { ATTENTION_CHARTS } from '#catalogue/charts'
import type { AttentionChoice, AttentionMatrix, HeadRef } from '#methods/attention/attention'
import type { HeadChange } from '#methods/attention/difference'
import type { ModelInput } from '#protocol/prediction'
import type { AppState, DifferenceState, SideAnswer } from '../app-state.ts'
import { comparesModels, paneOf } from '../reference.ts'
import { alignedFrame, type Frame, type FrameSide, soloFrame } from './frame.ts'

export interface Pane {
  readonly side: FrameSide
  readonly frame: Frame
  readonly choice: AttentionChoice
  readonly matrices: readonly AttentionMatrix[]
  /** The run behind the pane; for a difference, A's. */
  readonly answer: SideAnswer
}

/** The panes of a state, first to last; empty until there is an answer. */
export function panesOf(state: AppState): readonly Pane[] {
  const { settings, a } = state
  const answerA = a.answer
  if (!answerA) return []
  const tokens = [settings.specials === 'shown', settings.sinks === 'aside'] as const
  const solo = (side: 'a' | 'b', answer: SideAnswer): Pane => ({
    side,
    frame: soloFrame(side, answer, ...tokens),
    choice: answer.choice,
    matrices: answer.matrices,
    answer,
  })
  const single = ATTENTION_CHARTS[settings.chart].takes === 'token'
  const pane = paneOf(settings, state.reference !== null)
  // One token's rows belong to a side; there is no row of a difference to draw.
  const wanted = single && pane === 'difference' ? 'a' : pane
  const answerB = state.reference?.answer ?? null
  if (wanted === 'a' || !answerB) return [solo('a', answerA)]
  if (wanted === 'b') return [solo('b', answerB)]
  if (comparesModels(settings)) return [solo('a', answerA), solo('b', answerB)]
  const difference = currentDifference(state)
  if (!difference) return [solo('a', answerA)]
  const frame = (side: FrameSide): Frame => alignedFrame(side, answerA, answerB, difference, ...tokens)
  const differencePane: Pane = {
    side: 'difference',
    frame: frame('difference'),
    choice: difference.choice,
    matrices: difference.matrices,
    answer: answerA,
  }
  if (wanted === 'difference') return [differencePane]
  const sides = [
    { ...solo('a', answerA), frame: frame('a') },
    { ...solo('b', answerB), frame: frame('b') },
  ]
  return single ? sides : [...sides, differencePane]
}

/** Whether charts of one list of panes are charts of the other. */
export function samePanes(one: readonly Pane[] | null, other: readonly Pane[] | null): boolean {
  if (one === null || other === null) return one === other
  return one.length === other.length && one.every((pane, at) => samePane(pane, other[at]))
}

function samePane(one: Pane, other: Pane | undefined): boolean {
  return one.frame === other?.frame && one.choice === other.choice && one.matrices === other.matrices && one.answer === other.answer
}

/** The panes of rows of tokens, which belong to one model: drawn alike, whichever chart attention has. */
export function rowPanesOf(state: AppState): readonly Pane[] {
  const { settings } = state
  const pane = comparesModels(settings) ? 'a' : settings.pane
  return panesOf({ ...state, settings: { ...settings, chart: 'heatmap', pane, sinks: 'shown' } })
}

/** The difference, if it belongs to the answers on screen; a newer one is on its way otherwise. */
export function currentDifference({ a, reference, difference }: AppState): DifferenceState | null {
  if (!difference || !a.answer || !reference?.answer) return null
  return sameInput(difference.a, a.answer.input) && sameInput(difference.b, reference.answer.input) ? difference : null
}

/** Heads by how much they changed, most first. */
export function rankChanges(changes: readonly HeadChange[]): readonly HeadChange[] {
  return [...changes].sort((one, other) => other.moved - one.moved)
}

/** Whether two inputs run the same tokens: the same text with the same edits. */
export function sameInput(one: ModelInput, other: ModelInput): boolean {
  return (
    one.text === other.text &&
    one.chat === other.chat &&
    (one.edits === other.edits || JSON.stringify(one.edits) === JSON.stringify(other.edits))
  )
}

export function sameHead(one: HeadRef, other: HeadRef): boolean {
  return one.layer === other.layer && one.head === other.head
}

export function sameHeads(one: readonly HeadRef[], other: readonly HeadRef[]): boolean {
  return one.length === other.length && one.every((head, at) => sameHead(head, other[at] ?? NOWHERE))
}

const NOWHERE: HeadRef = { layer: -1, head: -1 }
