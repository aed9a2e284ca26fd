// How a model is asked for gradients, by a session that notes what it is fed.

import { describe, expect, it } from 'vitest'
import type { GradientPlan } from '#autodiff/add-gradients'
import type { AttributionTarget } from '#methods/attribution'
import type { Tensor } from '#tensor/tensor'
import { EngineError } from '../error.ts'
import type { Feeds } from '../runtime/session.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { createGradientPassesOf, type GradientSession } from './gradient-passes.ts'

const WIDTH = 2
const ROW = rowOf('not bad')
const TOKENS = ROW.tokens.length
const LOGITS = [0, Math.log(3)]
const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }

const planOf = (inputs: Partial<GradientPlan['inputs']> = {}): GradientPlan => ({
  inputs: {
    condition: 'condition',
    weights: 'weights',
    space: 'space',
    chosen: null,
    embeddings: { values: 'values', use: 'use' },
    streamEnd: null,
    ...inputs,
  },
  outputs: { scores: 'scores', embeddings: 'gradient', attentions: [], hiddenStates: [] },
})

interface Setting {
  readonly plan?: GradientPlan
  readonly answer?: readonly number[]
  readonly activation?: GradientSession['activation']
  readonly positionsInput?: string | null
  readonly firstDim?: string | number
  /** Scores of one row. */
  readonly scores?: readonly number[]
  readonly refusesBatches?: boolean
  readonly words?: GradientSession['words']
}

/** A model whose gradient is twice its embeddings, which are ones where they are looked up. */
function setUp({ plan = planOf(), answer = [1, 2], activation = 'softmax', scores = LOGITS, ...setting }: Setting = {}) {
  const fed: Feeds[] = []
  const run = async (feeds: Feeds, names: readonly string[]): Promise<Record<string, Tensor>> => {
    fed.push(feeds)
    const batch = feeds.input_ids?.dims[0] ?? 1
    if (setting.refusesBatches && batch > 1) throw new EngineError('run-failed', 'a shape is wrong')
    const isFed = feeds.use?.data[0] === 1
    const words = isFed ? Float32Array.from(feeds.values?.data ?? [], Number) : new Float32Array(TOKENS * WIDTH).fill(1)
    const values: Readonly<Record<string, Tensor>> = {
      scores: { dims: [], data: Float32Array.from({ length: batch * scores.length }, (_, at) => scores[at % scores.length] ?? 0) },
      gradient: { dims: [], data: words.map((value) => 2 * value) },
      words: { dims: [], data: words },
    }
    return Object.fromEntries(names.map((name) => [name, values[name] ?? { dims: [], data: new Float32Array() }]))
  }
  const runsOf = createGradientPassesOf({
    session: { inputNames: [], run, release: async () => undefined },
    plan: {
      inputs: [
        { name: 'input_ids', elementType: 'int64', dims: [setting.firstDim ?? 'batch', 'tokens'] },
        { name: 'attention_mask', elementType: 'float32', dims: [setting.firstDim ?? 'batch', 'tokens'] },
        { name: 'num_logits_to_keep', elementType: 'int64', dims: [1] },
      ],
      outputs: { logits: 'logits', attentions: [], hiddenStates: [], embeddings: 'words', caches: [] },
      positionsInput: setting.positionsInput ?? null,
      ports: [{ name: 'use', elementType: 'bool', dims: [1], rest: { dims: [1], values: [0] } }],
    },
    gradients: plan,
    layout: { heads: null, headWidth: null },
    activation,
    answer,
    words: setting.words ?? null,
    mask: 3,
    pad: null,
  })
  return { runsOf, fed }
}

const points = (count: number): readonly Float32Array[] =>
  Array.from({ length: count }, (_, at) => new Float32Array(TOKENS * WIDTH).fill(at + 1))

describe('the input', () => {
  it('is one pass with embeddings as the model looks them up, and is not made twice', async () => {
    const { runsOf, fed } = setUp()
    const runs = runsOf(ROW, TARGET)
    const { output, gradient, embeddings } = await runs.input()
    expect(output).toBeCloseTo(Math.log(3), 6)
    expect(gradient).toEqual(new Float32Array(TOKENS * WIDTH).fill(2))
    expect(embeddings).toEqual(new Float32Array(TOKENS * WIDTH).fill(1))
    await runs.input()
    expect(fed).toHaveLength(1)
    expect(fed[0]).toMatchObject({
      condition: { data: Uint8Array.of(1) },
      use: { data: Uint8Array.of(0) },
      weights: { dims: [1, 2], data: Float32Array.of(0, 1) },
    })
  })
})

describe('a batch', () => {
  it('has every input that counts rows once a row, and gives each row its own gradient', async () => {
    const { runsOf, fed } = setUp()
    const found = await runsOf(ROW, TARGET).gradients(points(3))
    expect(found.map(({ gradient }) => Array.from(new Set(gradient)))).toEqual([[2], [4], [6]])
    expect(found.map(({ output }) => output.toFixed(4))).toEqual(new Array(3).fill(Math.log(3).toFixed(4)))
    const ids = ROW.tokens.map(({ id }) => BigInt(id))
    expect(fed[0]).toMatchObject({
      input_ids: { dims: [3, TOKENS], data: BigInt64Array.from([...ids, ...ids, ...ids]) },
      attention_mask: { dims: [3, TOKENS], data: new Float32Array(3 * TOKENS).fill(1) },
      num_logits_to_keep: { dims: [1] },
      values: { dims: [3, TOKENS, WIDTH] },
      use: { data: Uint8Array.of(1) },
      weights: { dims: [3, 2] },
    })
  })

  it('that the model cannot run is run row by row, and no other is tried', async () => {
    const { runsOf } = setUp({ refusesBatches: true })
    const runs = runsOf(ROW, TARGET)
    await runs.input()
    expect(runs.rows()).toBeGreaterThan(1)
    expect((await runs.gradients(points(2))).map(({ gradient }) => gradient[0])).toEqual([2, 4])
    expect(runs.rows()).toBe(1)
  })

  it('is of one row before the first pass has been timed, and where the file states one', async () => {
    expect(setUp().runsOf(ROW, TARGET).rows()).toBe(1)
    const runs = setUp({ firstDim: 1 }).runsOf(ROW, TARGET)
    await runs.input()
    expect(runs.rows()).toBe(1)
  })
})

describe('a target', () => {
  const outputOf = async (target: Partial<AttributionTarget>, setting: Setting = {}) =>
    (
      await setUp(setting)
        .runsOf(ROW, { ...TARGET, ...target })
        .input()
    ).output

  it('is a score, a difference of two, a share, or its logarithm', async () => {
    expect(await outputOf({ foil: 0 })).toBeCloseTo(Math.log(3), 6)
    expect(await outputOf({ space: 'probability' })).toBeCloseTo(0.75, 6)
    expect(await outputOf({ space: 'probability', foil: 0 })).toBeCloseTo(0.5, 6)
    expect(await outputOf({ space: 'log-probability' })).toBeCloseTo(Math.log(0.75), 6)
    expect(await outputOf({ space: 'probability' }, { activation: 'sigmoid' })).toBeCloseTo(0.75, 6)
    expect(await outputOf({ space: 'log-probability', index: 0 }, { scores: [0, 2000] })).toBeCloseTo(-2000, 3)
    expect(await outputOf({ space: 'log-probability', index: 0 }, { activation: 'sigmoid', scores: [-2000, 0] })).toBeCloseTo(-2000, 3)
  })

  it('stands at its token where each has an answer', async () => {
    const scores = Array.from({ length: TOKENS * 3 }, (_, at) => at)
    const { runsOf, fed } = setUp({ answer: [1, 1, 3], scores })
    expect((await runsOf(ROW, { ...TARGET, position: 2, index: 1 }).input()).output).toBe(7)
    const weights = fed[0]?.weights
    expect(weights?.dims).toEqual([1, TOKENS, 3])
    expect(Array.from(weights?.data ?? [], Number).indexOf(1)).toBe(7)
  })

  it('of a vocabulary is asked for by token and position', async () => {
    const plan = planOf({ space: null, chosen: { positions: 'positions', tokens: 'tokens' } })
    const { runsOf, fed } = setUp({ plan, positionsInput: 'positions', answer: [1, 1, 50], scores: [5, 3] })
    expect((await runsOf(ROW, { ...TARGET, index: 40, foil: 7, position: 3 }).input()).output).toBe(2)
    expect(fed[0]).toMatchObject({
      positions: { data: BigInt64Array.of(3n) },
      tokens: { data: BigInt64Array.of(40n, 7n) },
      weights: { dims: [1, 1, 2], data: Float32Array.of(1, -1) },
    })
  })

  it('of a head that is computed at one position only is in its only row', async () => {
    const { runsOf, fed } = setUp({ plan: planOf({ space: null }), positionsInput: 'positions', answer: [1, 1, 3], scores: [1, 2, 3] })
    expect((await runsOf(ROW, { ...TARGET, index: 2, position: 3 }).input()).output).toBe(3)
    expect(fed[0]).toMatchObject({
      positions: { data: BigInt64Array.of(3n) },
      weights: { dims: [1, 1, 3], data: Float32Array.of(0, 0, 1) },
    })
  })

  it.each([{ index: 2 }, { index: -1 }, { index: 0.5 }, { foil: 9 }, { position: 0 }])(
    'that the model has not is refused: %j',
    (target) => {
      expect(() => setUp().runsOf(ROW, { ...TARGET, ...target })).toThrow(expect.objectContaining({ kind: 'no-such-target' }))
    },
  )

  it('beyond the text, or in a space that the graph cannot give, is refused', () => {
    const ask = (target: Partial<AttributionTarget>, setting: Setting) => () => setUp(setting).runsOf(ROW, { ...TARGET, ...target })
    expect(ask({ position: TOKENS }, { answer: [1, 1, 3] })).toThrow(EngineError)
    expect(ask({ position: null }, { answer: [1, 1, 3] })).toThrow(EngineError)
    expect(ask({ space: 'probability' }, { plan: planOf({ space: null }) })).toThrow(EngineError)
  })
})
