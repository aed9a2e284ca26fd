// Two token rows side by side: global alignment (Needleman and Wunsch 1970), so that an edited token faces its original.

import { int32At } from '#tensor/vector'
import type { Token } from './token.ts'

/** Two token rows laid side by side: column k pairs token `a[k]` of A with token `b[k]` of B; -1 is a gap. */
export interface Alignment {
  readonly a: Int32Array
  readonly b: Int32Array
}

/** One token alone. */
const GAP = 4
/** Two different tokens: dearer than one gap, cheaper than two, so a replaced token faces its original. */
const SUBSTITUTE = 6
/** Different entries of the vocabulary that read the same (`Bad`, `bad`): paired before others. */
const SUBSTITUTE_ALIKE = 5
/** Never chosen: two gaps are cheaper. */
const FORBIDDEN = 1_000

/** What the costs look at, one number a token: two tokens are the same when `key` agrees and alike when `label` agrees. */
interface Keys {
  readonly key: Int32Array
  readonly label: Int32Array
  readonly template: Uint8Array
}

/**
 * Aligns two rows of n and m tokens at the lowest total cost; O(nm) time and bytes on what differs between the common start and end.
 * Template tokens face template tokens only. Among equal costs, pairs come before gaps and gaps stand as late as possible.
 */
export function alignTokens(a: readonly Token[], b: readonly Token[]): Alignment {
  const [keysA, keysB] = keysOf(a, b)
  const start = commonStart(keysA.key, keysB.key)
  const end = commonEnd(keysA.key, keysB.key, start)
  const rows = a.length - start - end
  const columns = b.length - start - end
  const costs = suffixCosts(keysA, keysB, start, rows, columns)
  const pairedA: number[] = []
  const pairedB: number[] = []
  for (let i = 0, j = 0; i < rows || j < columns; ) {
    const step = costs.steps[i * (columns + 1) + j]
    pairedA.push(step === STEP_B ? -1 : start + i)
    pairedB.push(step === STEP_A ? -1 : start + j)
    if (step !== STEP_B) i++
    if (step !== STEP_A) j++
  }
  return {
    a: assemble(pairedA, start, end, a.length),
    b: assemble(pairedB, start, end, b.length),
  }
}

/**
 * Total cost of an alignment of these rows, in the units `alignTokens` minimises: 0 for equal rows, symmetric. Tests compare by it.
 * @internal
 */
export function alignmentCost(a: readonly Token[], b: readonly Token[], alignment: Alignment): number {
  const [keysA, keysB] = keysOf(a, b)
  return alignment.a.reduce((total, i, column) => {
    const j = int32At(alignment.b, column)
    return total + (i < 0 || j < 0 ? GAP : pairCost(keysA, keysB, i, j))
  }, 0)
}

const STEP_PAIR = 0
const STEP_A = 1
const STEP_B = 2

/** Best step at each (i, j), from the costs of aligning what follows; [rows + 1, columns + 1]. */
function suffixCosts(a: Keys, b: Keys, start: number, rows: number, columns: number): { readonly steps: Uint8Array } {
  const width = columns + 1
  const steps = new Uint8Array((rows + 1) * width)
  let below = new Int32Array(width)
  let current = new Int32Array(width)
  for (let i = rows; i >= 0; i--) {
    for (let j = columns; j >= 0; j--) {
      if (i === rows && j === columns) continue
      const pair = i < rows && j < columns ? int32At(below, j + 1) + pairCost(a, b, start + i, start + j) : Number.MAX_SAFE_INTEGER
      const aloneA = i < rows ? int32At(below, j) + GAP : Number.MAX_SAFE_INTEGER
      const aloneB = j < columns ? int32At(current, j + 1) + GAP : Number.MAX_SAFE_INTEGER
      const best = Math.min(pair, aloneA, aloneB)
      current[j] = best
      steps[i * width + j] = best === pair ? STEP_PAIR : best === aloneA ? STEP_A : STEP_B
    }
    const finished = current
    current = below
    below = finished
    current.fill(0)
  }
  return { steps }
}

function pairCost(a: Keys, b: Keys, i: number, j: number): number {
  if (a.key[i] === b.key[j]) return 0
  if (a.template[i] !== b.template[j]) return FORBIDDEN
  return a.label[i] === b.label[j] ? SUBSTITUTE_ALIKE : SUBSTITUTE
}

function keysOf(a: readonly Token[], b: readonly Token[]): readonly [Keys, Keys] {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size
    numbers.set(text, known)
    return known
  }
  const keys = (tokens: readonly Token[]): Keys => ({
    key: Int32Array.from(tokens, (token) => token.id * 2 + (token.source === 'template' ? 1 : 0)),
    label: Int32Array.from(tokens, (token) => numberOf(token.label.trim().toLowerCase())),
    template: Uint8Array.from(tokens, (token) => (token.source === 'template' ? 1 : 0)),
  })
  return [keys(a), keys(b)]
}

function commonStart(a: Int32Array, b: Int32Array): number {
  const limit = Math.min(a.length, b.length)
  let length = 0
  while (length < limit && a[length] === b[length]) length++
  return length
}

function commonEnd(a: Int32Array, b: Int32Array, start: number): number {
  const limit = Math.min(a.length, b.length) - start
  let length = 0
  while (length < limit && a[a.length - 1 - length] === b[b.length - 1 - length]) length++
  return length
}

function assemble(middle: readonly number[], start: number, end: number, length: number): Int32Array {
  const whole = new Int32Array(start + middle.length + end)
  for (let k = 0; k < start; k++) whole[k] = k
  whole.set(middle, start)
  for (let k = 0; k < end; k++) whole[start + middle.length + k] = length - end + k
  return whole
}
