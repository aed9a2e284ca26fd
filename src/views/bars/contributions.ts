// A number as a base and the parts that lead from it to the output: what the waterfall and the force plot have in common.

import type { ChartWords } from '../kit/chart.ts'

export interface Part {
  readonly key: string
  readonly label: string
  readonly value: number
  /** Standard error; NaN for none. */
  readonly error: number
  /** `hidden`: of tokens that have no place in the chart. `rest`: what the method does not explain. */
  readonly kind: 'token' | 'hidden' | 'rest'
}

export interface Contributions {
  /** NaN, as the output, where there is no answer yet. */
  readonly base: number
  readonly output: number
  /** In the order of the text; NaN for parts that are still to come. */
  readonly parts: readonly Part[]
}

export interface ContributionOptions {
  readonly selected: string | null
  readonly hovered: string | null
  /** Ends of the axis where several charts share one; null for the chart's own. */
  readonly span: Span | null
  /** `axis`: what the axis measures, with its unit. `empty`: stands in place of a chart without values. */
  readonly words: ChartWords<'summary' | 'axis' | 'part' | 'base' | 'output' | 'raises' | 'lowers' | 'error' | 'empty'>
  readonly others: (count: number) => string
  /** A level: base, output, what lies between. */
  readonly format: (value: number) => string
  /** A part. */
  readonly formatSigned: (value: number) => string
  /** Keys of tokens only. */
  readonly onHover: (key: string | null) => void
  readonly onSelect: (key: string) => void
}

export type Span = readonly [number, number]

/** A part as it is drawn: from one level to another. */
export interface Step extends Omit<Part, 'kind'> {
  readonly kind: Part['kind'] | 'others'
  /** Keys of the parts in it. */
  readonly keys: readonly string[]
  readonly from: number
  readonly to: number
}

/**
 * Steps from the output down to the base, strongest first; beyond `most` the weakest are one step. What is hidden and what is left
 * over come last.
 */
export function waterfallSteps({ output, parts }: Contributions, most: number, others: (count: number) => string): readonly Step[] {
  const known = parts.filter(({ value }) => !Number.isNaN(value))
  const tokens = known.filter(({ kind }) => kind === 'token').toSorted(stronger)
  const shown = tokens.length > most ? tokens.slice(0, most - 1) : tokens
  const collected = tokens.slice(shown.length)
  let level = output
  const down = (part: Part, kind: Step['kind'] = part.kind, keys: readonly string[] = [part.key]): Step => {
    const to = level
    level -= part.value
    return { ...part, kind, keys, from: level, to }
  }
  const sum: Part = {
    key: 'others',
    label: others(collected.length),
    value: collected.reduce((total, { value }) => total + value, 0),
    error: Number.NaN,
    kind: 'token',
  }
  const steps = shown.map((part) => down(part))
  if (collected.length > 0) {
    const keys = collected.map(({ key }) => key)
    steps.push(down(sum, 'others', keys))
  }
  return [...steps, ...known.filter(({ kind }) => kind !== 'token').map((part) => down(part))]
}

/**
 * Steps along one line, left to right: those that raise the output end at it, those that lower it come from beyond. The strongest meet;
 * what is hidden and what is left over stand outermost.
 */
export function forceSteps({ output, parts }: Contributions): readonly Step[] {
  const line = (sign: 1 | -1): readonly Step[] => {
    let level = output
    const own = parts.filter(({ value }) => value * sign > 0)
    const tokens = own.filter(({ kind }) => kind === 'token').toSorted(stronger)
    return [...tokens, ...own.filter(({ kind }) => kind !== 'token')].map((part) => {
      const to = level
      level -= part.value
      return { ...part, keys: [part.key], from: level, to }
    })
  }
  return [...line(1).toReversed(), ...line(-1)]
}

function stronger(one: Part, other: Part): number {
  return Math.abs(other.value) - Math.abs(one.value)
}

/** From the lowest level to the highest, base and output among them. */
export function spanOf({ base, output }: Contributions, steps: readonly Step[]): Span {
  const levels = [base, output, ...steps.flatMap(({ from, to }) => [from, to])].filter((level) => !Number.isNaN(level))
  const [low, high] = [Math.min(...levels), Math.max(...levels)]
  return low < high ? [low, high] : [low - 1, high + 1]
}

/** Whether there is anything to draw yet. */
export function hasSteps({ base, output }: Contributions): boolean {
  return Number.isFinite(base) && Number.isFinite(output)
}

/** Key of the step that holds a part; null for none. */
export function stepWith(steps: readonly Step[], key: string | null): string | null {
  return key === null ? null : (steps.find(({ keys }) => keys.includes(key))?.key ?? null)
}
