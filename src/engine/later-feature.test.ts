import { expect, it } from 'vitest'
import type { Call } from '#protocol/messages'
import type { EngineServices } from './engine-services.ts'
import { laterFeature } from './later-feature.ts'
import { never } from './testing/toy-model.fixture.ts'

interface Api {
  readonly double: Call<number, never, number>
  readonly name: Call<string, never, string>
}

const context = { signal: never, progress: () => undefined }

/** Nothing of it is used. */
const engine: EngineServices = {
  load: () => Promise.reject(new Error('not used')),
  readyModel: () => Promise.reject(new Error('not used')),
  runOf: () => Promise.reject(new Error('not used')),
  explaining: () => Promise.reject(new Error('not used')),
  schedule: { add: () => Promise.reject(new Error('not used')) },
}

it('loads at the first call, once, and again where that failed', async () => {
  let loads = 0
  const handlers = laterFeature<Api>({ double: true, name: true }, async () => {
    if (++loads === 1) throw new Error('no connection')
    return () => ({ double: async (value) => 2 * value, name: async (value) => `${value}!` })
  })(engine)
  expect(loads).toBe(0)
  await expect(handlers.double(2, context)).rejects.toThrow('no connection')
  expect(await handlers.double(2, context)).toBe(4)
  expect(await handlers.name('a', context)).toBe('a!')
  expect(loads).toBe(2)
})
