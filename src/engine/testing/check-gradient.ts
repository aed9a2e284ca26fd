// Compares the gradients of a graph with central finite differences, in float64 where the runtime has the kernels.

import { appendBackward } from '#autodiff/append-backward'
import type { GradientCase } from '#autodiff/testing/gradient-case'
import type { ElementType } from '#graph/ir/element-type'
import type { Model, ValueInfo } from '#graph/ir/graph'
import { ModelBuilder } from '#graph/testing/build'
import { sizeOf, type Tensor } from '#tensor/tensor'
import { startGraph } from './run-model.ts'
import { join, split, throughFloats, toDouble, type WideTensor } from './to-double.ts'

export interface GradientCheck {
  /** Largest difference between gradient and finite difference, by the largest finite difference. */
  readonly gap: number
  /** Whether each gradient has its input's shape. */
  readonly sameShapes: boolean
}

/** Steps of the differences; in float32 a wide one, whose own error the fourth order takes away. */
const STEP = { float64: 1e-4, float32: 2e-2 } as const

/** Differentiates the sum of all outputs, weighted unevenly, by every input that is not held. */
export async function checkGradient(test: GradientCase): Promise<GradientCheck> {
  const { model, outputs } = modelOf(test)
  const type: ElementType = test.arithmetic ?? 'float64'
  const wide = type === 'float64' ? toDouble(model) : model
  const inputs = test.inputs.map((dims, place) => ({ dims, data: valuesOf(test, place) }))
  const named = (tensors: readonly WideTensor[]) => new Map(tensors.map((tensor, place) => [`x${place}`, tensor] as const))

  const forward = await start(wide, outputs)
  const made = await forward.run(named(inputs))
  const weights = made.map(({ dims, data }) => ({ dims, data: Float64Array.from(data, (_, at) => Math.cos(1 + at * 1.3)) }))
  const target = async (at: readonly WideTensor[]): Promise<number> => {
    const results = await forward.run(named(at))
    return results.reduce((sum, result, place) => sum + dot(result.data, weights[place]?.data ?? []), 0)
  }

  const asked = inputs.flatMap((_, place) => (test.held?.includes(place) ? [] : [place]))
  const { backward, seeds, gradients } = withBackward(wide, outputs, asked, type)
  const session = await start(backward, gradients)
  const found = await session.run(new Map([...named(inputs), ...seeds.map((name, place) => [name, weights[place] ?? EMPTY] as const)]))
  await session.release()

  let [gap, largest] = [0, 1e-3]
  for (const [at, place] of asked.entries()) {
    for (const element of (inputs[place] ?? EMPTY).data.keys()) {
      const expected = await derivative((by) => target(moved(inputs, place, element, by)), STEP[test.arithmetic ?? 'float64'])
      const difference = Math.abs(expected - (found[at]?.data[element] ?? Number.NaN))
      gap = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(gap, difference)
      largest = Math.max(largest, Math.abs(expected))
    }
  }
  await forward.release()
  const sameShapes = asked.every((place, at) => String(found[at]?.dims) === String(inputs[place]?.dims))
  return { gap: gap / largest, sameShapes }
}

const EMPTY: WideTensor = { dims: [], data: new Float64Array() }

/** Of fourth order. */
async function derivative(target: (by: number) => Promise<number>, step: number): Promise<number> {
  const near = ((await target(step)) - (await target(-step))) / (2 * step)
  const far = ((await target(2 * step)) - (await target(-2 * step))) / (4 * step)
  return (4 * near - far) / 3
}

function moved(inputs: readonly WideTensor[], place: number, element: number, by: number): readonly WideTensor[] {
  return inputs.map((input, at) =>
    at === place ? { dims: input.dims, data: input.data.with(element, (input.data[element] ?? 0) + by) } : input,
  )
}

function dot(left: Float64Array, right: ArrayLike<number>): number {
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)
}

function valuesOf({ inputs, values }: GradientCase, place: number): Float64Array {
  return Float64Array.from({ length: sizeOf(inputs[place] ?? []) }, (_, at) => values?.(place, at) ?? Math.sin(1 + at * 2.3 + place * 0.7))
}

/** The graph of a case, forward only. */
export function modelOf({ inputs, known, build, opset }: GradientCase): { readonly model: Model; readonly outputs: readonly string[] } {
  const b = new ModelBuilder()
  const [x = '', y = '', z = ''] = inputs.map((dims, place) => {
    const declared = known?.includes(place) ? dims : dims.map((_, axis) => `size ${place} ${axis}`)
    return b.input(`x${place}`, 'float32', declared)
  })
  const made = build(b, x, y, z)
  const outputs = typeof made === 'string' ? [made] : made
  for (const name of outputs) b.output(name)
  return { model: b.model({ '': opset ?? 21, 'com.microsoft': 1 }), outputs }
}

function withBackward(model: Model, outputs: readonly string[], asked: readonly number[], type: ElementType) {
  const seeds = outputs.map((name) => `seed of ${name}`)
  const infos = seeds.map((name): ValueInfo => ({ name, elementType: type, dims: null }))
  const seeded: Model = { ...model, graph: { ...model.graph, inputs: [...model.graph.inputs, ...infos] } }
  const names = asked.map((place) => `x${place}`)
  const backward = appendBackward(
    seeded,
    outputs.map((value, place) => ({ value, emit: () => seeds[place] ?? '' })),
    names,
  )
  return { backward: backward.model, seeds, gradients: names.map((name) => backward.gradients.get(name) ?? '') }
}

/** A session that takes and gives float64, or float32 as such. */
async function start(model: Model, outputs: readonly string[]) {
  const isWide = model.graph.inputs.some(({ elementType }) => elementType === 'float64')
  const given = outputs.map((name): ValueInfo => ({ name, elementType: 'float32', dims: null }))
  const ready = isWide ? throughFloats(model, outputs) : { ...model, graph: { ...model.graph, outputs: given } }
  const session = await startGraph(ready)
  const names = ready.graph.outputs.map(({ name }) => name)
  const put = (name: string, tensor: WideTensor): Readonly<Record<string, Tensor>> =>
    isWide ? split(name, tensor) : { [name]: { dims: tensor.dims, data: Float32Array.from(tensor.data) } }
  return {
    release: () => session.release(),
    run: async (inputs: ReadonlyMap<string, WideTensor>): Promise<readonly WideTensor[]> => {
      const feeds = Object.assign({}, ...Array.from(inputs, ([name, tensor]) => put(name, tensor)))
      const results = await session.run(feeds, names)
      if (isWide) return outputs.map((name) => join(name, results))
      return outputs.map((name) => ({ dims: results[name]?.dims ?? [], data: Float64Array.from(results[name]?.data ?? []) }))
    },
  }
}
