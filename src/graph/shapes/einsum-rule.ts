// The shape of an Einsum's result from its equation: a letter has the same length wherever it stands.

import { elementAt } from '#tensor/vector'
import type { ShapeRule } from './facts.ts'
import type { Size } from './symbols.ts'

const ELLIPSIS = '...'
/** Axes of an ellipsis are lined up from the right, so they are named by their distance from it; no letter looks like this. */
const hidden = (count: number): readonly string[] => Array.from({ length: count }, (_, axis) => `.${count - axis}`)

/** Rows such as "i,j->ij" or "...qd,...kd"; without an arrow the result has the letters that stand once, in order. */
export const einsum: ShapeRule = (scene) => {
  const equation = scene.node.attributes.get('equation')
  if (equation?.kind !== 'string') return null
  const [operands = '', result] = equation.value.replaceAll(' ', '').split('->')
  const sizes = new Map<string, Size>()
  const counts = new Map<string, number>()
  let spread = 0
  for (const [place, term] of operands.split(',').entries()) {
    const { dims } = scene.input(place)
    if (dims === null) return null
    const open = term.includes(ELLIPSIS) ? dims.length - (term.length - ELLIPSIS.length) : 0
    const names = namesOf(term, open)
    if (open < 0 || names.length !== dims.length) return null
    spread = Math.max(spread, open)
    for (const [axis, name] of names.entries()) {
      const known = sizes.get(name)
      if (known === undefined || known === 1) sizes.set(name, elementAt(dims, axis))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  const once = Array.from(counts).flatMap(([name, count]) => (count === 1 && !name.startsWith('.') ? [name] : []))
  const names = result === undefined ? [...hidden(spread), ...once.toSorted()] : namesOf(result, spread)
  return names.map((name, axis) => sizes.get(name) ?? scene.unnamed(0, axis))
}

function namesOf(term: string, open: number): readonly string[] {
  const [before = '', after] = term.split(ELLIPSIS)
  return after === undefined ? Array.from(before) : [...before, ...hidden(open), ...after]
}
