// The least that a step on WASM can cost: as many matrix products as the classifier has, forward and back, and nothing else.

import { type Feeds, type GraphSession, loadRuntime } from '#engine/runtime/session'
import { ModelBuilder } from '#graph/testing/build'

const [LAYERS, WIDTH, INNER] = [6, 384, 1536]

export interface Limit {
  readonly tokens: number
  readonly products: readonly number[]
  readonly step: readonly number[]
}

/** Times the products at each length, in turn with nothing: the steps were timed before. */
export async function measureProducts(steps: readonly Pick<Limit, 'tokens' | 'step'>[], rounds: number): Promise<readonly Limit[]> {
  const { session, output } = await openProducts()
  const limits: Limit[] = []
  for (const { tokens, step } of steps) {
    const feeds: Feeds = { x: { dims: [tokens, WIDTH], data: new Float32Array(tokens * WIDTH).fill(0.01) } }
    const products: number[] = []
    for (let round = -2; round < rounds; round++) {
      const began = performance.now()
      await session.run(feeds, [output])
      if (round >= 0) products.push(performance.now() - began)
    }
    limits.push({ tokens, products, step })
  }
  await session.release()
  return limits
}

/** Of each layer: four products of the attention's projections and two of the MLP, and the same again for the way back. */
async function openProducts(): Promise<{ readonly session: GraphSession; readonly output: string }> {
  const builder = new ModelBuilder()
  let value = builder.input('x', 'float32', ['tokens', WIDTH])
  const weight = (rows: number, columns: number): string => builder.float([rows, columns], new Array<number>(rows * columns).fill(1 / rows))
  for (let pass = 0; pass < 2 * LAYERS; pass++) {
    for (let projection = 0; projection < 4; projection++) value = builder.op('MatMul', [value, weight(WIDTH, WIDTH)])
    value = builder.op('MatMul', [builder.op('MatMul', [value, weight(WIDTH, INNER)]), weight(INNER, WIDTH)])
  }
  const output = builder.output(value)
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  return { output, session: await runtime.create({ bytes: builder.bytes({ '': 17 }), externalData: [], isHalf: false }, 'wasm') }
}
