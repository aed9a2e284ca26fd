// Data movement without arithmetic: shapes, order of axes, parts and copies.

import { intAttribute, intsAttribute } from '#graph/ir/graph'
import { numbersIn } from '#graph/shapes/facts'
import { inferShapes } from '#graph/shapes/infer-shapes'
import type { GradientRule, GradientRules } from '../rule.ts'
import type { RuleContext } from '../scene.ts'

const reshaped: GradientRule = (s) => [s.needs(0) ? s.reshapedLike(s.gradient, s.name(0)) : null]

const transpose: GradientRule = (s) => {
  if (!s.needs(0)) return [null]
  const perm = intsAttribute(s.node, 'perm') ?? Array.from(s.nodeDims.keys()).toReversed()
  return [
    s.to.transpose(
      s.gradient,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ]
}

const expand: GradientRule = (s) => [s.needs(0) ? s.fit(s.gradient, 0) : null, null]

/** [d0 r0, d1 r1, ..] seen as [r0, d0, r1, d1, ..] and summed over the repeats. */
const tile: GradientRule = (s) => {
  if (!s.needs(0)) return [null, null]
  const rank = s.rank(s.name(0))
  const shape = s.shape(s.name(0))
  const pairs = Array.from({ length: rank }, (_, axis) => [s.to.slice(s.name(1), 0, axis, axis + 1), s.to.slice(shape, 0, axis, axis + 1)])
  const apart = s.op('Reshape', [s.gradient, s.op('Concat', pairs.flat(), { axis: 0 })])
  return [s.op('ReduceSum', [apart, s.to.ints(Array.from({ length: rank }, (_, axis) => 2 * axis))], { keepdims: 0 }), null]
}

const concat: GradientRule = (s) => {
  const axis = intAttribute(s.node, 'axis', 0)
  let offset = new Offset(s)
  return s.node.inputs.map((value, place) => {
    const start = offset
    offset = offset.behind(value, axis)
    return s.needs(place) ? s.op('Slice', [s.gradient, start.value, offset.value, s.to.ints([axis])]) : null
  })
}

/** A place on an axis: a number as long as all lengths before it are known. */
class Offset {
  readonly #scene: RuleContext
  readonly #known: number | null
  readonly value: string

  constructor(scene: RuleContext, known: number | null = 0, value: string = scene.to.ints([0])) {
    this.#scene = scene
    this.#known = known
    this.value = value
  }

  /** The place behind a value that begins here. */
  behind(value: string, axis: number): Offset {
    const s = this.#scene
    const size = s.dims(value).at(axis)
    if (typeof size === 'number' && this.#known !== null) {
      const end = this.#known + size
      return new Offset(s, end, s.to.ints([end]))
    }
    return new Offset(s, null, s.op('Add', [this.value, s.op('Gather', [s.shape(value), s.to.ints([axis])])]))
  }
}

const split: GradientRule = (s) => {
  if (!s.needs(0)) return [null]
  const parts = s.node.outputs.map((output, place) => {
    if (output === '') return s.refuse('an output left out')
    return s.gradientOf(place) ?? s.zeros(output)
  })
  return [s.op('Concat', parts, { axis: intAttribute(s.node, 'axis', 0) })]
}

/** The part of the gradient that is not filling. */
const pad: GradientRule = (s) => {
  const nothing: readonly (string | null)[] = s.node.inputs.map(() => null)
  if (!s.needs(0)) return nothing
  const mode = s.node.attributes.get('mode')
  if (mode?.kind === 'string' && mode.value !== 'constant') s.refuse(`the mode ${mode.value}`)
  const pads = numbersIn(inferShapes(s.to.index.graph)(s.name(1)))
  if (pads?.some((count) => count < 0)) s.refuse('negative pads')
  const rank = s.rank(s.name(0))
  const axes = s.has(3) ? s.name(3) : s.to.ints(Array.from({ length: rank }, (_, axis) => axis))
  const count = s.op('Div', [s.shape(s.name(1)), s.to.ints([2])])
  const starts = s.op('Slice', [s.name(1), s.to.ints([0]), count])
  const ends = s.op('Add', [starts, s.op('Gather', [s.shape(s.name(0)), axes])])
  return nothing.with(0, s.op('Slice', [s.gradient, starts, ends, axes]))
}

/** Elements outside the triangle are not kept, and neither are their gradients. */
const trilu: GradientRule = (s) => [
  s.needs(0) ? s.op('Trilu', [s.gradient, ...(s.has(1) ? [s.name(1)] : [])], { upper: intAttribute(s.node, 'upper', 1) }) : null,
  null,
]

export const moveRules: GradientRules = {
  Reshape: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Flatten: reshaped,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Pad: pad,
  Trilu: trilu,
}
