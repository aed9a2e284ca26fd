// Value masks change nothing at rest, and take a token's value out of what every head mixes: against a closed form, and against a graph that
// multiplies the values itself.

import { describe, expect, it } from 'vitest'
import { restingFeeds } from '#engine/passes/run-feeds'
import type { Feeds } from '#engine/runtime/session'
import { largestGap } from '#engine/testing/reference'
import { runModel } from '#engine/testing/run-model'
import type { Tensor } from '#tensor/tensor'
import type { Model } from '../ir/graph.ts'
import { openModel } from '../open-model.ts'
import { type InstrumentedModel, tapModel } from '../prepare.ts'
import { ModelBuilder } from '../testing/build.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'
import { appendOutputs } from './append-outputs.ts'

const MASKS = { interventions: ['valueMasks'] } as const
const EMPTY: Tensor = { dims: [], data: new Float32Array() }

const masked = (bytes: Uint8Array): InstrumentedModel => tapModel(openModel(bytes), MASKS)

function maskOf({ interventions }: InstrumentedModel, layer: number, data: readonly number[], tokens: number): Feeds {
  const name = interventions.valueMasks?.layers[layer]?.name
  if (name === undefined) throw new Error('no mask')
  return { [name]: { dims: [data.length / tokens, tokens], data: Float32Array.from(data) } }
}

/** One head with identity projections over rows of a table: context_i = sum over k of A_ik v_k, where v_k is row k. */
function identityAttention(product: (b: ModelBuilder, probabilities: string, value: string) => string) {
  const b = new ModelBuilder()
  const ids = b.input('ids', 'int64', ['batch', 'tokens'])
  const identity = b.float([2, 2], [1, 0, 0, 1])
  const table = [1, 0, 0.5, -1, -0.25, 2]
  const words = b.op('Gather', [b.float([3, 2], table), ids])
  const heads = (perm: readonly number[]) =>
    b.op('Transpose', [b.op('Reshape', [b.op('MatMul', [words, identity]), b.int64([4], [0, 0, 1, 2])])], { perm })
  const probabilities = b.op('Softmax', [b.op('MatMul', [heads([0, 2, 1, 3]), heads([0, 2, 3, 1])])], { axis: -1 })
  const context = product(b, probabilities, heads([0, 2, 1, 3]))
  const joined = b.op('Reshape', [b.op('Transpose', [context], { perm: [0, 2, 1, 3] }), b.int64([3], [0, 0, 2])])
  const state = b.op('Add', [words, b.op('MatMul', [joined, identity])])
  b.output(b.op('MatMul', [state, b.float([2, 3])]))
  return { bytes: b.bytes(), table, context, probabilities }
}

const matMul = (b: ModelBuilder, probabilities: string, value: string): string => b.op('MatMul', [probabilities, value])
const withOutputs = (model: Model, values: readonly string[]): Model => ({ ...model, graph: appendOutputs(model.graph, values) })

it('a zero leaves the other values, weighed as before: the sum over k != j of A_ik v_k', async () => {
  const { bytes, table, context, probabilities } = identityAttention(matMul)
  const tapped = masked(bytes)
  const ids = { dims: [2, 3], data: BigInt64Array.of(0n, 1n, 2n, 2n, 1n, 0n) }
  const mask = [1, 0, 1, 1, 1, 0]
  const feeds = { ids, ...restingFeeds(tapped.ports), ...maskOf(tapped, 0, mask, 3) }
  const results = await runModel(withOutputs(tapped.model, [context, probabilities]), feeds)
  const { data: weights } = results[probabilities] ?? EMPTY
  const expected = Array.from({ length: 12 }, (_, at) => {
    const [row, query, width] = [Math.floor(at / 6), Math.floor(at / 2) % 3, at % 2]
    const terms = [0, 1, 2].map((key) => {
      const value = table[Number(ids.data[row * 3 + key]) * 2 + width] ?? Number.NaN
      return (mask[row * 3 + key] ?? Number.NaN) * (weights[(row * 3 + query) * 3 + key] ?? Number.NaN) * value
    })
    return terms.reduce((sum, term) => sum + term, 0)
  })
  expect(results[context]?.dims).toEqual([2, 1, 3, 2])
  expect(largestGap(results[context]?.data ?? [], expected)).toBeLessThan(1e-6)
})

const FORMS: readonly (readonly [string, OddTransformer])[] = [
  ['heads on an axis', {}],
  ['heads joined to the batch', { joined: true }],
  ['values that heads share', { groups: true, projection: 'split' }],
  ['one answer to all tokens', { head: 'pooled', norms: 'after' }],
]
const IDS = { dims: [2, 5], data: BigInt64Array.of(3n, 1n, 4n, 1n, 5n, 9n, 2n, 6n, 5n, 3n) }

describe.each(FORMS)('with %s', (_title, form) => {
  const { builder } = oddTransformer(form)
  const bytes = builder.bytes()
  const tapped = masked(bytes)
  const { logits, hiddenStates } = tapped.outputs
  const resting = { ids: IDS, ...restingFeeds(tapped.ports) }

  it('nothing changes at rest', async () => {
    expect(tapped.ports).toHaveLength(ODD.layers)
    const plain = await runModel(tapModel(openModel(bytes)).model, { ids: IDS })
    const rested = await runModel(tapped.model, resting)
    expect(rested[logits]).toEqual(plain[logits])
  })

  it('a mask acts in its layer, on its token and its row of the batch', async () => {
    const rested = await runModel(tapped.model, resting)
    const changed = await runModel(tapped.model, { ...resting, ...maskOf(tapped, 1, [1, 1, 1, 1, 1, 1, 0, 1, 1, 1], 5) })
    const gapOf = (layer: number, row: number): number => {
      const [before, after] = [rested, changed].map((results) => results[hiddenStates[layer] ?? ''] ?? EMPTY)
      const size = (before?.data.length ?? 0) / 2
      const part = (tensor: Tensor | undefined) => tensor?.data.subarray(row * size, (row + 1) * size) ?? []
      return largestGap(part(before), part(after))
    }
    expect([gapOf(1, 0), gapOf(1, 1), gapOf(2, 0)]).toEqual([0, 0, 0])
    expect(gapOf(2, 1)).toBeGreaterThan(1e-3)
  })
})

it('there are none where the graph does not tell the axes of the values', () => {
  const equation = { kind: 'string', value: 'bhij,bhjd' } as const
  const { bytes } = identityAttention((b, probabilities, value) => {
    return b.op('Reshape', [b.op('Einsum', [probabilities, value], { equation }), b.int64([4], [0, 0, -1, 2])])
  })
  const tapped = masked(bytes)
  expect([tapped.interventions, tapped.ports]).toEqual([{}, []])
})
