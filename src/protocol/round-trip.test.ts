// Client and server over a real MessageChannel: structured clone, transfer and order as between page and worker.

import { afterEach, describe, expect, it } from 'vitest'
import { overChannel } from './channel.fixture.ts'
import { EngineCallError, type WorkerClient } from './client.ts'
import { type Handlers, transfer } from './serve.ts'
import { handlersWith, type ToyApi, type ToyPart } from './toy-api.fixture.ts'

const INPUT = { text: 'not bad', edits: [] }
const CHOICE = { heads: [{ layer: 0, head: 0 }], reduce: 'each' as const }
const RUN = { input: INPUT, choice: CHOICE, thumbnail: 8 }

let close = (): void => {}
afterEach(() => close())

function connect(handlers: Partial<Handlers<ToyApi>>): WorkerClient<ToyApi> {
  const client = overChannel<ToyApi>(handlersWith(handlers))
  close = () => client.end()
  return client
}

describe('page and engine', () => {
  it('exchange arguments, partial answers and results, and move what is named', async () => {
    const data = transfer(Uint8Array.of(1, 2, 3))
    const client = connect({
      run: async ({ input }, { progress }) => {
        progress({ kind: 'thumbnails', layer: input.text.length, heads: 1, size: 1, data })
        return null
      },
    })
    const parts: ToyPart[] = []
    await expect(client.call('run', RUN, { onProgress: (part) => parts.push(part) })).resolves.toBeNull()
    expect(parts).toEqual([{ kind: 'thumbnails', layer: 7, heads: 1, size: 1, data: Uint8Array.of(1, 2, 3) }])
    expect(data.byteLength).toBe(0)
  })

  it('leave what is not named whole, however often it is sent', async () => {
    const kept = [{ head: null, tokens: 1, data: Float32Array.of(1, 2, 3) }]
    const client = connect({ attention: async () => kept })
    for (let time = 0; time < 2; time++) {
      expect(await client.call('attention', { input: INPUT, choice: CHOICE })).toEqual([
        { head: null, tokens: 1, data: Float32Array.of(1, 2, 3) },
      ])
    }
    expect(kept[0]?.data).toEqual(Float32Array.of(1, 2, 3))
  })

  it('carry typed errors across', async () => {
    const client = connect({
      attention: async () => {
        throw Object.assign(new Error('no such head'), { kind: 'no-such-head', data: { layer: 9, head: 1 } })
      },
    })
    const error = await client.call('attention', { input: INPUT, choice: CHOICE }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(EngineCallError)
    expect(error).toMatchObject({ kind: 'no-such-head', message: 'no such head', data: { layer: 9, head: 1 } })
  })

  it('stop a long call between two of its pieces', async () => {
    let stopped = false
    const client = connect({
      run: async (_, { progress, signal }) => {
        for (let layer = 0; layer < 1000; layer++) {
          if (signal.aborted) {
            stopped = true
            break
          }
          progress({ kind: 'thumbnails', layer, heads: 1, size: 1, data: new Uint8Array(1) })
          await new Promise((resolve) => setTimeout(resolve))
        }
        return null
      },
    })
    const stop = new AbortController()
    let pieces = 0
    const call = client.call('run', RUN, { signal: stop.signal, onProgress: () => ++pieces === 3 && stop.abort() })
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' })
    await expect.poll(() => stopped).toBe(true)
    expect(pieces).toBe(3)
  })

  it('answer only the newest of a burst in one lane', async () => {
    const client = connect({ run: async () => null })
    const calls = Array.from({ length: 5 }, () => client.call('run', RUN, { lane: 'typing' }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled'])
  })
})
