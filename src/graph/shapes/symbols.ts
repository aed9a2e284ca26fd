// Sizes that are not known as numbers, as symbols: equal results of equal computations get the same symbol (value numbering), so that
// two lengths can be proved equal without knowing either.

/** A number, or a symbol: an atom `s3`, or a product such as `4*s0*s3` in a fixed order. */
export type Size = number | string

export class Symbols {
  readonly #atoms = new Map<string, string>()
  /** Atoms that are whole numbers from 0 on: dimensions, and sums of such. */
  readonly #sizes = new Set<string>()

  /** The symbol of a dimension that the file or a node names; the same for the same key. */
  size(key: string): string {
    const atom = this.#atom(key)
    this.#sizes.add(atom)
    return atom
  }

  /** The symbol of an operator's result on these operands; the same when asked again. */
  result(operator: string, operands: readonly Size[]): string {
    return this.#atom(`${operator}(${operands.join(',')})`)
  }

  /** Sum of two sizes; commutative. */
  sum(left: Size, right: Size): Size {
    if (left === 0) return right
    if (right === 0) return left
    if (typeof left === 'number' && typeof right === 'number') return left + right
    const sum = this.result('Add', [left, right].toSorted())
    if (this.isSize(left) && this.isSize(right)) this.#sizes.add(sum)
    return sum
  }

  /** Whether it is surely a whole number from 0 on. */
  isSize(value: Size): boolean {
    if (typeof value === 'number') return Number.isInteger(value) && value >= 0
    return factorsOf(value).every((factor) => /^\d+$/.test(factor) || this.#sizes.has(factor))
  }

  #atom(key: string): string {
    const known = this.#atoms.get(key)
    if (known !== undefined) return known
    const atom = `s${this.#atoms.size}`
    this.#atoms.set(key, atom)
    return atom
  }
}

/** The product of sizes. */
export function product(sizes: readonly Size[]): Size {
  let count = 1
  const atoms: string[] = []
  for (const size of sizes) {
    if (typeof size === 'number') {
      count *= size
      continue
    }
    for (const factor of factorsOf(size)) {
      if (/^\d+$/.test(factor)) count *= Number(factor)
      else atoms.push(factor)
    }
  }
  if (count === 0 || atoms.length === 0) return count
  return [...(count === 1 ? [] : [String(count)]), ...atoms.toSorted()].join('*')
}

/** `total / part` where it is whole whatever the symbols stand for (other than 0), else null. */
export function quotient(total: Size, part: Size): Size | null {
  const left = splitCount(total)
  const right = splitCount(part)
  for (const atom of right.atoms) {
    const place = left.atoms.indexOf(atom)
    if (place < 0) return null
    left.atoms.splice(place, 1)
  }
  const count = left.count / right.count
  return Number.isInteger(count) ? product([count, ...left.atoms]) : null
}

/** The number that a product has as a factor, null where it has none. */
export function factorOf(size: string): number | null {
  const { count, atoms } = splitCount(size)
  return atoms.length > 0 && count > 1 ? count : null
}

function splitCount(size: Size): { readonly count: number; readonly atoms: string[] } {
  const factors = typeof size === 'number' ? [String(size)] : factorsOf(size)
  const isCount = (factor: string) => /^-?\d+$/.test(factor)
  return {
    count: factors.filter(isCount).reduce((count, factor) => count * Number(factor), 1),
    atoms: factors.filter((factor) => !isCount(factor)),
  }
}

function factorsOf(size: string): readonly string[] {
  return size.split('*')
}
