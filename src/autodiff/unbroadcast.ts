// Broadcasting backwards: a gradient is summed over the axes along which its value was repeated. Which axes those are is mostly known
// beforehand; where it depends on the batch or the length, the graph finds out as it runs.

import type { Emitter } from '#graph/rewrite/emitter'
import type { Size } from '#graph/shapes/symbols'

/**
 * @param gradient of shape `from`
 * @param target the value that was broadcast to `from`, and its shape
 * @returns a gradient of the target's shape
 */
export function sumOver(
  gradient: string,
  target: { readonly value: string; readonly dims: readonly Size[] },
  from: readonly Size[],
  to: Emitter,
): string {
  const lead = from.length - target.dims.length
  const leading = Array.from({ length: Math.max(0, lead) }, (_, axis) => axis)
  const whole = leading.length > 0 ? to.op('ReduceSum', [gradient, to.ints(leading)], { keepdims: 0 }) : gradient
  const repeated: number[] = []
  const open: number[] = []
  for (const [axis, size] of target.dims.entries()) {
    const made = from.at(axis - target.dims.length) ?? 1
    if (size === made || made === 1) continue
    if (size === 1) repeated.push(axis)
    // A length other than 1 is never repeated; a symbol may stand for 1.
    else if (typeof size === 'string') open.push(axis)
  }
  const summed = repeated.length > 0 ? to.op('ReduceSum', [whole, to.ints(repeated)], { keepdims: 1 }) : whole
  return open.length > 0 ? sumWhereShorter(summed, target.value, open, to) : summed
}

/** Sums over those of some axes along which the value is shorter than the gradient, and keeps them with length 1. */
function sumWhereShorter(gradient: string, value: string, axes: readonly number[], to: Emitter): string {
  const lengths = (of: string): string => to.op('Gather', [to.op('Shape', [of]), to.ints(axes)])
  const differs = to.op('Not', [to.op('Equal', [lengths(gradient), lengths(value)])])
  const places = to.op('Reshape', [to.op('NonZero', [differs]), to.ints([-1])])
  const chosen = to.op('Gather', [to.ints(axes), places])
  return to.op('ReduceSum', [gradient, chosen], { keepdims: 1, noop_with_empty_axes: 1 })
}
