// Taps on request, run: nothing changes at rest and nothing is given; what is asked for is what the taps that are always there give.

import { describe, expect, it } from 'vitest'
import { largestGap } from '#engine/testing/reference'
import { runModel } from '#engine/testing/run-model'
import { openModel } from '../open-model.ts'
import { tapModel } from '../prepare.ts'
import type { Scaling } from '../recognise/score-form.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'
import type { FactorTap } from './parts-on-request.ts'

const TOKENS = 5
const ids = { dims: [1, TOKENS], data: BigInt64Array.of(3n, 1n, 4n, 1n, 5n) }
const bool = (value: boolean) => ({ dims: [1], data: Uint8Array.of(value ? 1 : 0), type: 'bool' as const })
const FORMS: readonly (readonly [string, OddTransformer])[] = [
  ['heads on an axis', {}],
  ['heads joined to the batch', { joined: true }],
  ['repeated key heads', { groups: true, projection: 'split' }],
  ['norms around the blocks', { norms: 'around' }],
  ['a cap', { cap: true }],
]

describe('parts on request', () => {
  it.each(FORMS)('are given when they are asked for: %s', async (_title, form) => {
    const { model, outputs } = tapModel(openModel(oddTransformer(form).builder.bytes()), {
      partsOnRequest: true,
      taps: new Set(['queries', 'keys', 'values', 'headOutputs', 'attentionOutputs', 'mlpOutputs']),
    })
    const asked = outputs.onRequest
    if (asked === undefined) throw new Error('nothing can be asked for')
    const feeds = (blocks: boolean, layer: number) => ({
      ids,
      [asked.blockPort.name]: bool(blocks),
      [asked.position.name]: { dims: [1], data: BigInt64Array.of(2n) },
      ...Object.fromEntries(asked.headPorts.map(({ name }, at) => [name, bool(at === layer)])),
    })
    const [resting, blocks, heads] = [
      await runModel(model, feeds(false, -1)),
      await runModel(model, feeds(true, -1)),
      await runModel(model, feeds(false, 1)),
    ]
    const given = asked.heads.flatMap(({ query, key, value, output, scores }) => [query, key, value, output, scores])
    expect(given).not.toContain(null)
    for (const name of given) expect(resting[name ?? '']?.data).toHaveLength(0)
    expect(largestGap(blocks[outputs.logits]?.data ?? [], Array.from(resting[outputs.logits]?.data ?? []))).toBe(0)
    for (const [layer, taps] of asked.blocks.entries()) {
      expect(blocks[taps.attention ?? '']).toEqual(blocks[outputs.parts?.attentionOutputs[layer] ?? ''])
      expect(blocks[taps.mlp ?? '']).toEqual(blocks[outputs.parts?.mlpOutputs[layer] ?? ''])
      expect(taps.written === null).toBe(form.norms === 'around')
      expect(blocks[taps.written ?? '']?.data.length ?? 0).toBe(taps.written === null ? 0 : (ODD.heads + 1) * ODD.width)
    }
    const [, taps] = asked.heads
    expect(heads[taps?.query ?? '']).toEqual(heads[outputs.parts?.queries[1] ?? ''])
    expect(heads[taps?.key ?? '']).toEqual(heads[outputs.parts?.keys[1] ?? ''])
    expect(heads[taps?.value ?? '']).toEqual(heads[outputs.parts?.values[1] ?? ''])
    expect(heads[taps?.output ?? '']).toEqual(heads[outputs.parts?.headOutputs[1] ?? ''])
    expect(heads[asked.heads[0]?.query ?? '']?.data).toHaveLength(0)
    const product = (found: Scaling<FactorTap>): number =>
      found.factors.reduce((all, { name, divides }) => {
        const value = heads[name]?.data[0] ?? Number.NaN
        return divides ? all / value : all * value
      }, found.alpha)
    const after = taps?.after ?? null
    const cap = after?.cap ?? null
    expect(cap !== null).toBe(form.cap === true)
    const factor = after === null ? 0 : product(after) * (cap === null ? 1 : product(cap))
    expect(factor * 2).toBeCloseTo(1, 6)
  })
})
