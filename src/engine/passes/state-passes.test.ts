// How hidden states are asked for with value vectors zeroed, by a session that notes what it is fed.

import { expect, it } from 'vitest'
import type { Port } from '#graph/instrument/instrument'
import type { Tensor } from '#tensor/tensor'
import { EngineError } from '../error.ts'
import type { Feeds } from '../runtime/session.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { createStatePassesOf } from './state-passes.ts'

const ROW = rowOf('not bad')
const TOKENS = ROW.tokens.length
const WIDTH = 2
const layers = ['mask 0', 'mask 1'].map((name): Port => {
  return { name, elementType: 'float32', dims: ['batch', 'tokens'], rest: { dims: [1, 1], values: [1] } }
})

/** Two layers, whose outputs are the layer's mask at each token plus the layer's number, in every component. */
function setUp({ hiddenStates = ['state 0', 'state 1', 'state 2'], masks = layers, mostRows = 16 } = {}) {
  const fed: Feeds[] = []
  const run = async (feeds: Feeds, names: readonly string[]): Promise<Record<string, Tensor>> => {
    fed.push(feeds)
    const batch = feeds.input_ids?.dims[0] ?? 1
    if (batch > mostRows) throw new EngineError('run-failed', 'a shape is wrong')
    const stateOf = (name: string): Tensor => {
      const layer = Number(name.at(-1)) - 1
      const mask = feeds[`mask ${layer}`] ?? { dims: [1, 1], data: Float32Array.of(0) }
      const data = Float32Array.from({ length: batch * TOKENS * WIDTH }, (_, at) => {
        return layer + 1 + Number(mask.data[mask.data.length === 1 ? 0 : Math.floor(at / WIDTH)])
      })
      return { dims: [batch, TOKENS, WIDTH], data }
    }
    return Object.fromEntries(names.map((name) => [name, stateOf(name)]))
  }
  const statesOf = createStatePassesOf({
    session: { inputNames: [], run, release: async () => undefined },
    plan: {
      inputs: [{ name: 'input_ids', elementType: 'int64', dims: ['batch', 'tokens'] }],
      ports: masks,
      outputs: { logits: 'logits', attentions: [], hiddenStates, embeddings: null, caches: [] },
      positionsInput: null,
      interventions: masks.length === 0 ? {} : { valueMasks: { layers: masks } },
    },
    gradients: null,
    layout: { heads: null, headWidth: null },
  })
  return { statesOf, fed }
}

it('the states are one pass with every mask at rest, and are not made twice', async () => {
  const { statesOf, fed } = setUp()
  const passes = statesOf?.(ROW)
  expect((await passes?.states())?.map((state) => [state.length, state[0]])).toEqual([0, 2, 3].map((value) => [TOKENS * WIDTH, value]))
  await passes?.states()
  expect(fed).toHaveLength(1)
  expect(fed[0]).toMatchObject({ 'mask 0': { dims: [1, 1] }, 'mask 1': { dims: [1, 1] } })
})

it('each token is a row of a batch, with zero in the mask of its layer', async () => {
  const { statesOf, fed } = setUp()
  const found = await statesOf?.(ROW).withZeroedValue(1, [2, 0])
  expect(fed[0]).toMatchObject({
    input_ids: { dims: [2, TOKENS] },
    'mask 0': { dims: [1, 1] },
    'mask 1': { dims: [2, TOKENS], data: Float32Array.of(1, 1, 0, 1, 0, 1, 1, 1) },
  })
  expect(found?.map((state) => Array.from(state))).toEqual([
    [3, 3, 3, 3, 2, 2, 3, 3],
    [2, 2, 3, 3, 3, 3, 3, 3],
  ])
})

it('what cannot be run as a batch is run row by row, and no other batch is tried', async () => {
  const { statesOf } = setUp({ mostRows: 1 })
  const passes = statesOf?.(ROW)
  expect((await passes?.withZeroedValue(0, [1, 2]))?.map((state) => state.indexOf(1))).toEqual([2, 4])
  expect(passes?.rows()).toBe(1)
})

it('there are none where the masks or the states are not known', () => {
  expect(setUp({ masks: [] }).statesOf).toBeNull()
  expect(setUp({ hiddenStates: [] }).statesOf).toBeNull()
})
