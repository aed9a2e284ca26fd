// What inputs for keys and values are added to, and what they are not added to.

import { expect, it } from 'vitest'
import { findAttentions } from '../recognise/attention.ts'
import { ModelBuilder } from '../testing/build.ts'
import { addCaches } from './add-caches.ts'

const [HEADS, WIDTH, HEAD] = [2, 8, 4]
type Change = (b: ModelBuilder, value: string, ids: string) => string
const same: Change = (_, value) => value

/** One layer with a causal mask by lengths. @param before what is done to the stream @param scored what is done to the scores */
function decoder({
  before = same,
  scored = same,
}: {
  readonly before?: Change
  readonly scored?: Change
} = {}): ReturnType<ModelBuilder['model']> {
  const b = new ModelBuilder()
  const ids = b.input('input_ids', 'int64', ['batch', 'tokens'])
  const stream = before(b, b.op('Gather', [b.float([11, WIDTH]), ids]), ids)
  const split = (perm: readonly number[]) => {
    const projected = b.op('MatMul', [stream, b.float([WIDTH, WIDTH])])
    return b.op('Transpose', [b.op('Reshape', [projected, b.int64([4], [0, 0, HEADS, HEAD])])], { perm })
  }
  const length = b.op('Gather', [b.op('Shape', [ids]), b.int64([], [1])])
  const places = b.op('Range', [b.int64([], [0]), length, b.int64([], [1])])
  const sees = b.op('LessOrEqual', [b.op('Unsqueeze', [places, b.int64([1], [0])]), b.op('Unsqueeze', [places, b.int64([1], [1])])])
  const scores = b.op('Where', [sees, b.op('MatMul', [split([0, 2, 1, 3]), split([0, 2, 3, 1])]), b.float([], [-1e9])])
  const weights = b.op('Softmax', [scored(b, scores, ids)], { axis: -1 })
  const context = b.op('Transpose', [b.op('MatMul', [weights, split([0, 2, 1, 3])])], { perm: [0, 2, 1, 3] })
  const joined = b.op('Add', [b.op('Reshape', [context, b.int64([3], [0, 0, WIDTH])]), stream])
  b.output(b.op('MatMul', [joined, b.float([WIDTH, 11])]))
  return b.model()
}

const added = (model: ReturnType<ModelBuilder['model']>) =>
  addCaches(model, findAttentions(model.graph), 'input_ids', (tokens) => {
    return new Map([['input_ids', { dims: [1, tokens], numbers: new Array<number>(tokens).fill(0) }]])
  })
const alongTokens: Change = (b, value) => b.op('CumSum', [value, b.int64([], [1])])

it('keys and values of a decoder get inputs', () => {
  const found = added(decoder())
  if ('refused' in found) throw new Error(found.at)
  expect(found.caches.map(({ empty, axis }) => ({ empty, axis }))).toEqual([
    { empty: [1, HEADS, HEAD, 0], axis: 3 },
    { empty: [1, HEADS, 0, HEAD], axis: 2 },
  ])
})

it.each([
  ['a sum along the text', decoder({ before: alongTokens }), /CumSum/],
  [
    'a mean over the text',
    decoder({ before: (b, value) => b.op('Sub', [value, b.op('ReduceMean', [value], { axes: [1] })]) }),
    /ReduceMean/,
  ],
  ['the token before', decoder({ before: (b, value) => b.op('Pad', [value, b.int64([6], [0, 1, 0, 0, -1, 0])]) }), /Pad/],
  ['scores that are summed up', decoder({ scored: (b, value) => b.op('CumSum', [value, b.int64([], [3])]) }), /MatMul/],
  [
    'scores by the ids themselves',
    decoder({
      scored: (b, value, ids) => {
        const own = b.op('Unsqueeze', [b.op('Cast', [ids], { to: 1 }), b.int64([2], [1, 2])])
        return b.op('Add', [value, own])
      },
    }),
    /Add/,
  ],
])('%s is refused', (_, model, at) => {
  const found = added(model)
  expect(found).toMatchObject({ refused: 'operator', at: expect.stringMatching(at) })
})
