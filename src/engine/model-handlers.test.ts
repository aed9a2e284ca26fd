import { describe, expect, it } from 'vitest'
import type { ModelApi } from '#protocol/model-api'
import type { Handlers } from '#protocol/serve'
import { createEngineServices } from './engine-services.ts'
import type { LoadedModel } from './model/model.ts'
import { modelHandlers } from './model-handlers.ts'
import { context, inputOf, LOAD, toyModel, WITHOUT_SNAPSHOT } from './testing/toy-model.fixture.ts'

async function loaded(model: LoadedModel): Promise<Handlers<ModelApi>> {
  const handlers = modelHandlers(
    createEngineServices({ loadModel: async () => model, loadSnapshot: () => Promise.reject(new Error('none')) }),
  )
  await handlers.load({ ...LOAD, ...WITHOUT_SNAPSHOT }, context)
  return handlers
}

describe('an answer at a position', () => {
  it('is asked of the model once, and kept with the run', async () => {
    const ran: string[] = []
    const toy = toyModel(ran)
    const run: typeof toy.run = async (row) => ({ ...(await toy.run(row)), prediction: { kind: 'tokens', asks: 'next', positions: [] } })
    const engine = await loaded({ ...toy, run })
    const ask = (position: number) => engine.answer({ input: inputOf('not bad'), position }, context)
    expect(await ask(1)).toMatchObject({ position: 1, entropy: 1 })
    await ask(1)
    expect(await ask(2)).toMatchObject({ position: 2 })
    expect(await ask(99)).toBeNull()
    expect(ran).toEqual(['[CLS] not bad [SEP]', '4 at 1', '4 at 2', '4 at 99'])
  })

  it('that the run has already needs no other', async () => {
    const ran: string[] = []
    const toy = toyModel(ran)
    const own = { position: 3, candidates: [], entropy: 0.5 }
    const run: typeof toy.run = async (row) => ({ ...(await toy.run(row)), prediction: { kind: 'tokens', asks: 'next', positions: [own] } })
    const engine = await loaded({ ...toy, run })
    expect(await engine.answer({ input: inputOf('a b'), position: 3 }, context)).toEqual(own)
    expect(ran).toHaveLength(1)
  })
})

describe('an answer without positions', () => {
  it('is null, and nothing is run for it', async () => {
    const ran: string[] = []
    const engine = await loaded(toyModel(ran))
    expect(await engine.answer({ input: inputOf('not bad'), position: 1 }, context)).toBeNull()
    expect(ran).toHaveLength(1)
  })
})
