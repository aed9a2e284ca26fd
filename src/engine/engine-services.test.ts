import { describe, expect, it } from 'vitest'
import { createEngineServices } from './engine-services.ts'
import { context, inputOf, LOAD, never, toyModel, WITHOUT_SNAPSHOT } from './testing/toy-model.fixture.ts'

describe('a text as a chat message', () => {
  it('is another input than the text itself', async () => {
    const ran: string[] = []
    const model = toyModel(ran)
    const { load, runOf } = createEngineServices({ loadModel: async () => model, loadSnapshot: () => Promise.reject(new Error('none')) })
    await load({ ...LOAD, ...WITHOUT_SNAPSHOT }, context)
    await runOf(inputOf('hello'), never)
    await runOf({ ...inputOf('hello'), chat: true }, never)
    expect(ran).toEqual(['[CLS] hello [SEP]', '[CLS] chat hello [SEP]'])
  })
})
