// Gradients added to small transformers: what is asked for, when it runs, and what a target is.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddingFeeds, gradientFeeds } from '#engine/passes/gradient-feeds'
import { restingFeeds } from '#engine/passes/run-feeds'
import { type Feeds, type GraphSession, loadRuntime } from '#engine/runtime/session'
import { relativeGap } from '#engine/testing/relative-gap'
import { floats } from '#engine/testing/run-model'
import { openModel } from '#graph/open-model'
import { instrumentModel, type PreparedModel, tapModel, writeInstrumented } from '#graph/prepare'
import { writeModel } from '#graph/proto/write'
import { ODD, type OddTransformer, oddTransformer } from '#graph/testing/odd-transformer'
import { TINY, tinyTransformer } from '#graph/testing/tiny-transformer'
import { headImportance } from '#methods/attention/gradient-x-attention'
import type { Tensor } from '#tensor/tensor'
import { addGradients, type GradientOptions, type GradientPlan } from './add-gradients.ts'
import { GradientError } from './gradient-error.ts'

const IDS = [3, 1, 4, 1, 5]
const EMPTY: Tensor = { dims: [], data: new Float32Array() }

interface Started {
  readonly prepared: PreparedModel
  readonly plan: GradientPlan
  readonly session: GraphSession
  /** The ids as a batch, and nothing asked for. */
  resting(batch?: number): Feeds
  run(feeds: Feeds, names: readonly (string | null)[]): Promise<readonly Tensor[]>
}

async function start(bytes: Uint8Array, options: GradientOptions = {}, pickPositions = false): Promise<Started> {
  const { model, plan } = addGradients(tapModel(openModel(bytes), { pickPositions }), options)
  const prepared = writeInstrumented(model)
  const session = await (await loadRuntime({ backend: 'wasm', threads: 1, assets: null })).create(prepared, 'wasm')
  const run: Started['run'] = async (feeds, names) => {
    const asked = names.filter((name) => name !== null)
    const results = await session.run(feeds, Array.from(new Set(asked)))
    return asked.map((name) => results[name] ?? EMPTY)
  }
  return { prepared, plan, session, run, resting: (batch) => ({ ...idsOf(batch), ...restingFeeds(prepared.ports) }) }
}

function idsOf(batch = 1): Feeds {
  return {
    ids: {
      dims: [batch, IDS.length],
      data: BigInt64Array.from({ length: batch * IDS.length }, (_, at) => BigInt(IDS[at % IDS.length] ?? 0)),
    },
  }
}

const oddBytes = (options: OddTransformer): Uint8Array => oddTransformer(options).builder.bytes({ '': 17 })
const score = (position: number | null, ...weights: readonly (readonly [index: number, weight: number])[]) => ({
  position,
  elements: weights.map(([index, weight]) => ({ index, weight })),
  space: 'score' as const,
})

describe('gradients of a classifier', () => {
  let model: Started
  const classes = [1, TINY.classes]
  beforeAll(async () => {
    const { builder } = tinyTransformer({ layers: 2, blocks: 'post-norm', norm: 'decomposed' })
    model = await start(builder.bytes({ '': 17 }), { wanted: ['embeddings', 'attentions', 'hiddenStates'], activation: 'softmax' })
  })
  afterAll(() => model.session.release())

  it('are not computed where they are not asked for', async () => {
    const { outputs } = model.plan
    const feeds = model.resting()
    const empty = await model.run(feeds, [outputs.embeddings, ...outputs.attentions, ...outputs.hiddenStates])
    expect(empty.map(({ data }) => data.length)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('have the shapes of what they are of', async () => {
    const { outputs } = model.plan
    const feeds = { ...model.resting(), ...gradientFeeds(model.plan, score(null, [1, 1]), classes) }
    const found = await model.run(feeds, [outputs.embeddings, ...outputs.attentions, ...outputs.hiddenStates])
    const [words, matrix] = [
      [1, IDS.length, TINY.width],
      [1, TINY.heads, IDS.length, IDS.length],
    ]
    expect(found.map(({ dims }) => dims)).toEqual([words, matrix, matrix, words, words, words])
  })

  it('agree with finite differences along fed embeddings, for every kind of target', async () => {
    const { outputs } = model.plan
    const [looked = EMPTY] = await model.run(model.resting(), [model.prepared.outputs.embeddings])
    const direction = floats(looked.dims).data
    const at = (by: number): Tensor => ({
      dims: looked.dims,
      data: looked.data.map((value, place) => value + by * (direction[place] ?? 0)),
    })
    for (const space of ['score', 'probability', 'log-probability'] as const) {
      const target = { ...score(null, [0, 1], [2, -1]), space }
      const feeds = { ...model.resting(), ...gradientFeeds(model.plan, target, classes) }
      const value = async (by: number): Promise<number> => {
        const [scores = EMPTY] = await model.run({ ...feeds, ...embeddingFeeds(model.plan, at(by)) }, [outputs.scores])
        const total = scores.data.reduce((sum, y) => sum + Math.exp(y), 0)
        const of = (index: number): number => {
          const y = scores.data[index] ?? Number.NaN
          return { score: y, probability: Math.exp(y) / total, 'log-probability': y - Math.log(total) }[space]
        }
        return of(0) - of(2)
      }
      const step = 1e-2
      const [near, far] = [
        ((await value(step)) - (await value(-step))) / (2 * step),
        ((await value(2 * step)) - (await value(-2 * step))) / (4 * step),
      ]
      const [gradient = EMPTY] = await model.run({ ...feeds, ...embeddingFeeds(model.plan, at(0)) }, [outputs.embeddings])
      const slope = gradient.data.reduce((sum, part, place) => sum + part * (direction[place] ?? 0), 0)
      expect(slope / ((4 * near - far) / 3)).toBeCloseTo(1, 2)
    }
  })

  it('are those of each element of a batch', async () => {
    const { outputs } = model.plan
    const [looked = EMPTY] = await model.run(model.resting(), [model.prepared.outputs.embeddings])
    const size = looked.data.length
    const batch = { dims: [2, ...looked.dims.slice(1)], data: Float32Array.of(...looked.data.map((value) => value / 3), ...looked.data) }
    const target = score(null, [1, 1])
    const [both = EMPTY] = await model.run(
      { ...model.resting(2), ...gradientFeeds(model.plan, target, [2, TINY.classes]), ...embeddingFeeds(model.plan, batch) },
      [outputs.embeddings],
    )
    const [one = EMPTY] = await model.run({ ...model.resting(), ...gradientFeeds(model.plan, target, classes) }, [outputs.embeddings])
    expect(relativeGap(both.data.subarray(size), one.data)).toBeLessThan(1e-5)
    expect(relativeGap(both.data.subarray(0, size), one.data)).toBeGreaterThan(1e-2)
  })
})

describe('the gradient of a head’s gate', () => {
  it('is attention times its gradient, summed: as finite differences of a factor on the head say', async () => {
    const { builder, probabilities } = tinyTransformer({ layers: 2, blocks: 'pre-norm', norm: 'LayerNormalization' })
    const opened = openModel(builder.bytes({ '': 17 }))
    const { model, plan } = addGradients(tapModel(opened))
    const session = await (await loadRuntime({ backend: 'wasm', threads: 1, assets: null })).create(writeInstrumented(model), 'wasm')
    const feeds = { ...idsOf(), ...restingFeeds(model.ports), ...gradientFeeds(plan, score(null, [1, 1]), [1, TINY.classes]) }
    const { attentions } = plan.outputs
    const taps = tapModel(opened).outputs.attentions
    const results = await session.run(feeds, [...attentions, ...taps])
    const layers = taps.map((name, layer) => ({
      heads: TINY.heads,
      values: results[name]?.data ?? EMPTY.data,
      gradient: results[attentions[layer] ?? '']?.data ?? EMPTY.data,
    }))
    await session.release()

    const gated = await gatedSession(opened, probabilities[1] ?? '')
    const [before = 0, after = 0] = await Promise.all([0.99, 1.01].map((factor) => gated(Float32Array.of(factor, 1))))
    const importance = headImportance(layers)
    expect(importance).toHaveLength(2 * TINY.heads)
    // The first head of the second layer.
    expect((after - before) / 0.02).toBeCloseTo(importance[TINY.heads] ?? Number.NaN, 3)
    expect(Math.abs(importance[TINY.heads] ?? 0)).toBeGreaterThan(0.01)
  })
})

/** The second class's score with a factor on each head of a layer. */
async function gatedSession(
  opened: ReturnType<typeof openModel>,
  probabilities: string,
): Promise<(factors: Float32Array) => Promise<number>> {
  const { graph } = opened.model
  const nodes = graph.nodes.flatMap((node) => {
    if (node.outputs.includes(probabilities))
      return [node, { ...node, opType: 'Mul', inputs: [probabilities, 'gate'], outputs: ['gated'], attributes: new Map() }]
    return [{ ...node, inputs: node.inputs.map((input) => (input === probabilities ? 'gated' : input)) }]
  })
  const inputs = [...graph.inputs, { name: 'gate', elementType: 'float32' as const, dims: [TINY.heads, 1, 1] }]
  const bytes = writeModel({ ...opened.model, graph: { ...graph, nodes, inputs } }, [])
  const session = await (await loadRuntime({ backend: 'wasm', threads: 1, assets: null })).create(
    { bytes, externalData: [], isHalf: false },
    'wasm',
  )
  return async (factors) => {
    const results = await session.run({ ...idsOf(), gate: { dims: [TINY.heads, 1, 1], data: factors } }, [opened.answer])
    return results[opened.answer]?.data[1] ?? Number.NaN
  }
}

describe('gradients of a language model', () => {
  it('have targets over all tokens where the head is not proved to act on each token by itself', () => {
    const opened = openModel(oddBytes({}))
    const targets = (head: typeof opened.parts.head) => addGradients(tapModel({ ...opened, parts: { ...opened.parts, head } })).plan.inputs
    expect(targets(opened.parts.head).chosen).not.toBeNull()
    expect(targets(null).chosen).toBeNull()
  })

  it.each([false, true])('meet the chosen tokens only, with positions of the whole head picked: %s', async (pick) => {
    const model = await start(oddBytes({ groups: true, headNorms: true }), {}, pick)
    const { inputs, outputs } = model.plan
    expect([inputs.chosen?.positions, inputs.space]).toEqual([model.prepared.positionsInput ?? 'innerscope.positions', null])
    const asked = { ...model.resting(), ...gradientFeeds(model.plan, score(3, [7, 1], [2, -1]), [1]) }
    const [scores = EMPTY, logits = EMPTY, difference = EMPTY] = await model.run(asked, [
      outputs.scores,
      model.prepared.outputs.logits,
      outputs.embeddings,
    ])
    const row = pick ? 0 : 3
    expect(
      relativeGap(
        scores.data,
        [7, 2].map((token) => logits.data[row * ODD.vocabulary + token] ?? 0),
      ),
    ).toBeLessThan(1e-5)
    const single = async (token: number): Promise<Float32Array> => {
      const feeds = { ...asked, ...gradientFeeds(model.plan, score(3, [token, 1]), [1]) }
      return (await model.run(feeds, [outputs.embeddings]))[0]?.data ?? EMPTY.data
    }
    const [target, foil] = [await single(7), await single(2)]
    expect(
      relativeGap(
        difference.data,
        target.map((value, at) => value - (foil[at] ?? 0)),
      ),
    ).toBeLessThan(1e-4)
    expect(difference.data.some((value) => value !== 0)).toBe(true)
    await model.session.release()
  })

  it('are taken of the whole answer where its head is not seen through', async () => {
    const { builder } = oddTransformer({ head: 'tokens' })
    const plain = builder.model({ '': 17 })
    const [answer] = plain.graph.outputs
    builder.output(builder.op('Softmax', [answer?.name ?? ''], { axis: 1 }))
    const { graph } = builder.model({ '': 17 })
    const bytes = writeModel({ ...plain, graph: { ...graph, outputs: graph.outputs.slice(1) } })
    const model = await start(bytes)
    expect(model.plan.inputs.chosen).toBeNull()
    const dims = [1, IDS.length, ODD.vocabulary]
    const feeds = { ...model.resting(), ...gradientFeeds(model.plan, score(2, [4, 1]), dims) }
    const [gradient = EMPTY] = await model.run(feeds, [model.plan.outputs.embeddings])
    expect(gradient.dims).toEqual([1, IDS.length, ODD.width])
    expect(gradient.data.some((value) => value !== 0)).toBe(true)
    await model.session.release()
  })
})

describe('addGradients', () => {
  it('says what was done to the model, and leaves its inputs and outputs', () => {
    const opened = openModel(oddBytes({}))
    const { model } = addGradients(tapModel(opened))
    const plain = instrumentModel(opened)
    expect(model.passes.at(-1)).toMatchObject({ pass: 'add-gradients', changes: [expect.stringMatching(/^4 gradients by \d+ nodes/)] })
    expect([model.inputs, model.outputs]).toEqual([plain.inputs, plain.outputs])
  })

  it('refuses where nothing that is wanted was recognised', () => {
    const opened = openModel(oddBytes({}))
    const without = { ...opened, parts: { ...opened.parts, hiddenStates: [] } }
    expect(() => addGradients(tapModel(without), { wanted: ['hiddenStates'] })).toThrow(GradientError)
  })
})
