// What the pictures of the way through a model share: lengths in few digits, and the positions that have a place.

/** Three digits are more than anybody compares by eye. */
export function shortLength(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2).replace('-', '−')
}

/** Positions that find room. */
export const MOST_SHOWN = 14

/** Positions that the reader moves on by: what was the edge is seen again. */
export const WINDOW_STEP = 10

/**
 * Positions that are drawn, in order: all, or the first, which many heads rest on, those that are asked about, and as many from `start` on as
 * find room, with those before it where these are too few.
 */
export function shownPositions(tokens: number, asked: readonly number[], start: number, most = MOST_SHOWN): readonly number[] {
  const all = Array.from({ length: tokens }, (_, at) => at)
  if (tokens <= most) return all
  const shown = new Set([0, ...asked.filter((at) => at < tokens)])
  for (const at of [...all.slice(start), ...all.slice(0, start).toReversed()]) if (shown.size < most) shown.add(at)
  return Array.from(shown).toSorted((one, other) => one - other)
}

/** Where the drawn positions begin behind the first, before the reader moves them: up to the asked one and a little beyond. */
export function usualStart(tokens: number, position: number, most = MOST_SHOWN): number {
  return Math.max(1, Math.min(tokens, Math.max(most, position + 2)) - most + 1)
}

/** Positions counted from 1, those in a row by their ends: `1, 31–43`. */
export function runsOf(positions: readonly number[]): string {
  const runs: { readonly first: number; last: number }[] = []
  for (const at of positions) {
    const run = runs.at(-1)
    if (run?.last === at - 1) run.last = at
    else runs.push({ first: at, last: at })
  }
  return runs.map(({ first, last }) => (first === last ? `${first + 1}` : `${first + 1}–${last + 1}`)).join(', ')
}

export function shortened(label: string, most: number): string {
  const letters = Array.from(label)
  return letters.length <= most ? label : `${letters.slice(0, most - 1).join('')}…`
}
