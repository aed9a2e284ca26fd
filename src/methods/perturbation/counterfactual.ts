// The smallest set of edits that turns the answer over: a search that looks at the model's answers only.

import { float64At } from '#tensor/vector'
import type { Cancel } from '../cancel.ts'

/** One edit of one token: which of its options. */
export interface Candidate {
  readonly token: number
  readonly option: number
}

export type Edits = readonly Candidate[]

export interface Counterfactual {
  readonly edits: Edits
  /** Below zero: the goal is reached, by this much. */
  readonly margin: number
}

/** What the search knows so far. */
export interface SearchState {
  /** Each of them minimal: without any one of its edits the goal is missed. Smallest first, then by margin. */
  readonly found: readonly Counterfactual[]
  /** The set that came closest, found ones included. */
  readonly closest: Counterfactual | null
  /** Edits in the sets that are being tried. */
  readonly size: number
  /** Sets that were tried. */
  readonly tried: number
  /** Sets that are still to be tried at this size, at most. */
  readonly left: number
}

export interface SearchLimits {
  /** Sets that are carried on from one size to the next. */
  readonly beam: number
  /** Edits at most. */
  readonly size: number
  /** Single edits, the strongest, that sets are extended by. */
  readonly extensions: number
  /** Different answers that are wanted. */
  readonly answers: number
}

/** Sets between two looks at what is known. */
const GROUP = 16

/**
 * Beam search by size: all single edits, then the best sets with one of the strongest single edits more, until some set reaches the goal.
 * Greedy search is a beam of one (Li et al., 2016, "Understanding neural networks through representation erasure"; Ebrahimi et al., 2018,
 * "HotFlip", section 3, searches so among edits that the gradient proposes). Sets of one size are all tried before the search ends.
 * @param evaluate how far each set is from the goal: below zero where it is reached
 */
export async function* searchCounterfactuals(
  candidates: readonly Candidate[],
  evaluate: (sets: readonly Edits[], cancel: Cancel) => Promise<Float64Array>,
  limits: SearchLimits,
  cancel: Cancel,
): AsyncGenerator<SearchState, void, undefined> {
  const found: Counterfactual[] = []
  let closest: Counterfactual | null = null
  let tried = 0
  let singles: readonly Counterfactual[] = []
  let frontier: readonly Counterfactual[] = [{ edits: [], margin: Number.POSITIVE_INFINITY }]
  for (let size = 1; size <= limits.size; size++) {
    const steps = size === 1 ? candidates : singles.slice(0, limits.extensions).flatMap(({ edits }) => edits)
    const sets = extended(frontier, steps)
    const known: Counterfactual[] = []
    for (let done = 0; done < sets.length; done += GROUP) {
      const some = sets.slice(done, done + GROUP)
      const margins = await evaluate(some, cancel)
      tried += some.length
      // What has no number is as far from the goal as can be.
      const these = some.map((edits, at): Counterfactual => {
        const margin = float64At(margins, at)
        return { edits, margin: Number.isNaN(margin) ? Number.POSITIVE_INFINITY : margin }
      })
      known.push(...these)
      for (const one of these) if (closest === null || one.margin < closest.margin) closest = one
      for (const one of these.filter(({ margin }) => margin < 0).toSorted(byMargin)) {
        const same = found.findIndex((other) => tokensOf(other) === tokensOf(one))
        const before = found[same]
        if (before === undefined ? found.length >= limits.answers : before.margin <= one.margin) continue
        if (!(await isMinimal(one, evaluate, cancel))) continue
        // Of edits of the same tokens the strongest stays, whenever it was tried.
        if (before === undefined) found.push(one)
        else found[same] = one
      }
      yield { found: found.toSorted(byMargin), closest, size, tried, left: Math.max(0, sets.length - done - some.length) }
      if (found.length >= limits.answers) return
    }
    if (found.length > 0 || sets.length === 0) return
    if (size === 1) singles = known.toSorted(byMargin)
    frontier = known.toSorted(byMargin).slice(0, limits.beam)
  }
}

/** Each set with each step on a token that it leaves alone; the same set once. */
function extended(frontier: readonly Counterfactual[], steps: readonly Candidate[]): readonly Edits[] {
  const sets = new Map<string, Edits>()
  for (const { edits } of frontier) {
    for (const step of steps) {
      if (edits.some(({ token }) => token === step.token)) continue
      const more = [...edits, step].toSorted((one, other) => one.token - other.token)
      sets.set(more.map(({ token, option }) => `${token}.${option}`).join(' '), more)
    }
  }
  return Array.from(sets.values())
}

/** Answers on the same tokens are the same answer in other words. */
function tokensOf({ edits }: Counterfactual): string {
  return edits.map(({ token }) => token).join()
}

async function isMinimal(
  { edits }: Counterfactual,
  evaluate: (sets: readonly Edits[], cancel: Cancel) => Promise<Float64Array>,
  cancel: Cancel,
): Promise<boolean> {
  if (edits.length === 1) return true
  const margins = await evaluate(
    edits.map((edit) => edits.filter((other) => other !== edit)),
    cancel,
  )
  return margins.every((margin) => !(margin < 0))
}

function byMargin(one: Counterfactual, other: Counterfactual): number {
  return one.margin - other.margin
}
