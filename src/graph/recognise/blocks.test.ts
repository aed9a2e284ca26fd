// What blocks add to the stream, on graphs built in code; whole files: zoo-parts.test.ts.

import { describe, expect, it } from 'vitest'
import { ModelBuilder } from '../testing/build.ts'
import { type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'
import { tinyTransformer } from '../testing/tiny-transformer.ts'
import { findAttentions } from './attention.ts'
import { findBlocks } from './blocks.ts'
import { findHiddenStates } from './residual-stream.ts'

const FORMS: readonly (readonly [string, OddTransformer])[] = [
  ['norms before the blocks', {}],
  ['norms after the blocks', { norms: 'after' }],
  ['norms around the blocks', { norms: 'around', gain: 'plus-one' }],
  ['affine maps after the blocks', { norms: 'after', gain: 'affine' }],
  ['norms by a power', { gain: 'power' }],
  ['blocks beside each other, added one after the other', { beside: true }],
  ['rows joined for the second block', { flat: true }],
  ['rows joined for the second block, norms after the blocks', { flat: true, norms: 'after' }],
  ['heads joined to the batch and a pooled head', { joined: true, head: 'pooled' }],
]

describe('blocks', () => {
  it.each(FORMS)('are told apart with %s', (_title, form) => {
    const { builder, hiddenStates, attentionOutputs, mlpOutputs } = oddTransformer(form)
    const { graph } = builder.model()
    const found = findBlocks(graph, findAttentions(graph), hiddenStates)
    expect(found.map(({ attention }) => attention)).toEqual(attentionOutputs.map((value) => ({ value, offsets: [] })))
    expect(found.map(({ mlp }) => mlp)).toEqual(mlpOutputs.map((value) => ({ value, offsets: [] })))
    expect(found.map(({ middle }) => middle !== null)).toEqual(found.map(() => form.beside !== true))
  })

  it.each(['post-norm', 'pre-norm', 'parallel'] as const)(
    'are told apart where they are added to each other first or not: %s',
    (blocks) => {
      const { builder, hiddenStates } = tinyTransformer({ layers: 2, blocks, norm: 'LayerNormalization' })
      const { graph } = builder.model()
      const found = findBlocks(graph, findAttentions(graph), hiddenStates)
      const values = found.flatMap(({ attention, mlp }) => [attention?.value, mlp?.value])
      expect(new Set(values).size).toBe(4)
      expect(values).not.toContain(undefined)
      expect(found.map(({ middle }) => middle !== null)).toEqual(found.map(() => blocks !== 'parallel'))
    },
  )

  it('have what is added to the stream after them', () => {
    const { graph, states, projected, shift } = attentionOnly((b, x, block) => {
      const shift = b.float([4])
      return { sum: b.op('Add', [b.op('Add', [block, x]), shift]), shift }
    })
    expect(findBlocks(graph, findAttentions(graph), states)).toEqual([
      { attention: { value: projected, offsets: [shift] }, mlp: null, middle: null },
    ])
  })

  it('are not found where a product stands on the stream', () => {
    const { graph, states } = attentionOnly((b, x, block) => ({
      sum: b.op('Add', [block, b.op('MatMul', [x, b.float([4, 4])])]),
      shift: '',
    }))
    expect(findBlocks(graph, findAttentions(graph), states)).toEqual([{ attention: null, mlp: null, middle: null }])
  })

  it('are not found without states', () => {
    const { graph } = tinyTransformer({ layers: 2, blocks: 'pre-norm', norm: 'decomposed' }).builder.model()
    expect(findBlocks(graph, findAttentions(graph), []).flatMap(Object.values)).toEqual([null, null, null, null, null, null])
  })

  it('are found for the states that a graph has', () => {
    const { graph } = oddTransformer({ norms: 'around' }).builder.model()
    const attentions = findAttentions(graph)
    const states = findHiddenStates(graph, attentions, graph.outputs[0]?.name ?? '')
    expect(findBlocks(graph, attentions, states).flatMap(Object.values)).not.toContain(null)
  })
})

/** One layer of one head without an MLP; `join` puts the block on the stream. */
function attentionOnly(join: (b: ModelBuilder, x: string, block: string) => { readonly sum: string; readonly shift: string }) {
  const b = new ModelBuilder()
  const x = b.op('Gather', [b.float([9, 4]), b.input('ids', 'int64', ['batch', 'tokens'])])
  const linear = () => b.op('MatMul', [x, b.float([4, 4])])
  const scores = b.op('MatMul', [linear(), b.op('Transpose', [linear()], { perm: [0, 2, 1] })])
  const context = b.op('MatMul', [b.op('Softmax', [scores], { axis: -1 }), linear()])
  const projected = b.op('MatMul', [context, b.float([4, 4])])
  const { sum, shift } = join(b, x, projected)
  b.output(sum)
  return { graph: b.model().graph, states: [x, sum], projected, shift }
}
