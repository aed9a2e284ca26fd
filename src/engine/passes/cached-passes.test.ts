// Graphs with inputs added for keys and values against runs of the whole text: distance biases and windows included.

import { expect, it } from 'vitest'
import { addCaches } from '#graph/caches/add-caches'
import { describeInputs } from '#graph/model-inputs'
import { packModel } from '#graph/pack-model'
import { findAttentions } from '#graph/recognise/attention'
import { ModelBuilder } from '#graph/testing/build'
import { loadRuntime } from '../runtime/session.ts'
import { largestGap } from '../testing/reference.ts'
import { agreeWithWhole, areSameScores, createCachedPasses } from './cached-passes.ts'
import { type ContinuingPasses, createContinuingPasses, type TokenCache } from './continuing-passes.ts'
import { buildFeeds } from './feeds.ts'

const [HEADS, WIDTH, HEAD, VOCABULARY, WINDOW] = [2, 8, 4, 11, 3]
const LAYOUT = { heads: null, headWidth: null }

/** Two layers of attention to the last three tokens, with a bias by distance (ALiBi), and positions counted by the attention mask. */
function windowed(): { readonly model: ReturnType<ModelBuilder['model']>; readonly scores: string } {
  const b = new ModelBuilder()
  const ids = b.input('input_ids', 'int64', ['batch', 'tokens'])
  const mask = b.input('attention_mask', 'int64', ['batch', 'masked'])
  const positions = b.op('Sub', [b.op('CumSum', [mask, b.int64([], [1])]), b.int64([], [1])])
  const [rows, columns] = [2, 1].map((axis) => b.op('Unsqueeze', [positions, b.int64([1], [axis])]))
  const distance = b.op('Unsqueeze', [b.op('Sub', [rows ?? '', columns ?? '']), b.int64([1], [1])])
  const sees = b.op('And', [b.op('GreaterOrEqual', [distance, b.int64([], [0])]), b.op('Less', [distance, b.int64([], [WINDOW])])])
  const bias = b.op('Mul', [b.op('Cast', [distance], { to: 1 }), b.float([1, HEADS, 1, 1], [-0.5, -0.25])])
  let stream = b.op('Add', [b.op('Gather', [b.float([VOCABULARY, WIDTH]), ids]), b.op('Gather', [b.float([32, WIDTH]), positions])])
  for (let layer = 0; layer < 2; layer++) {
    const from = stream
    const split = (perm: readonly number[]) => {
      const projected = b.op('MatMul', [from, b.float([WIDTH, WIDTH])])
      return b.op('Transpose', [b.op('Reshape', [projected, b.int64([4], [0, 0, HEADS, HEAD])])], { perm })
    }
    const scores = b.op('Add', [b.op('MatMul', [split([0, 2, 1, 3]), split([0, 2, 3, 1])]), bias])
    const weights = b.op('Softmax', [b.op('Where', [sees, scores, b.float([], [-1e9])])], { axis: -1 })
    const context = b.op('Transpose', [b.op('MatMul', [weights, split([0, 2, 1, 3])])], { perm: [0, 2, 1, 3] })
    stream = b.op('Add', [b.op('Reshape', [context, b.int64([3], [0, 0, WIDTH])]), from])
  }
  const scores = b.output(b.op('MatMul', [stream, b.float([WIDTH, VOCABULARY])]))
  return { model: b.model(), scores }
}

async function bothWays(): Promise<{ readonly whole: ContinuingPasses; readonly cached: ContinuingPasses }> {
  const { model, scores } = windowed()
  const inputs = describeInputs(model.graph)
  const added = addCaches(model, findAttentions(model.graph), 'input_ids', (tokens) => {
    const feeds = buildFeeds(inputs, { ids: new Array<number>(tokens).fill(0) }, LAYOUT)
    return new Map(Object.entries(feeds).map(([name, { dims, data }]) => [name, { dims, numbers: Array.from(data, Number) }]))
  })
  if ('refused' in added) throw new Error(added.at)
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const start = (made: typeof model) => runtime.create({ ...packModel(made, []), isHalf: false }, 'wasm')
  const feeds = (ids: readonly number[]) => buildFeeds(inputs, { ids }, LAYOUT)
  const check = (): void => undefined
  return {
    whole: createContinuingPasses({ session: await start(model), caches: [], scores, feeds, check }),
    cached: createCachedPasses(await start(added.model), { ...added, logits: scores, positionsInput: null }, inputs, LAYOUT),
  }
}

it('tokens one by one and some at once give the scores of the whole text', async () => {
  const { whole, cached } = await bothWays()
  const ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
  const past: TokenCache[] = []
  for (const end of [1, 2, 5, 6, 9, 10]) {
    const { scores, kept } = await cached.next(ids.slice(past.length, end), past)
    past.push(...kept)
    expect(largestGap(scores, (await whole.next(ids.slice(0, end), [])).scores)).toBeLessThan(1e-5)
  }
  // A token beyond the window changes nothing; one in it does.
  const last = async (first: number, at: number) => (await whole.next(ids.with(at, first), [])).scores
  expect(largestGap(await last(7, 0), await last(8, 0))).toBe(0)
  expect(largestGap(await last(7, 8), await last(8, 8))).toBeGreaterThan(1e-3)
})

it('a graph that answers otherwise is not believed', async () => {
  const { whole, cached } = await bothWays()
  expect(await agreeWithWhole(cached, whole, [3, 1, 4])).toBe(true)
  const forgets: ContinuingPasses = { keeps: true, next: (ids, past) => cached.next(ids, past.slice(-1)) }
  expect(await agreeWithWhole(forgets, whole, [3, 1, 4])).toBe(false)
  expect(areSameScores(Float32Array.of(0, 1), Float32Array.of(0, 1.01), 1e-3)).toBe(false)
})
