import { describe, expect, it } from 'vitest'
import type { ToEngine, ToPage } from './messages.ts'
import type { ModelCard } from './model-api.ts'
import { buffersOf, type EnginePort, type Handlers, serve, transfer, wireError } from './serve.ts'
import { handlersWith, type ToyApi } from './toy-api.fixture.ts'

interface Sent {
  readonly message: ToPage
  readonly transfer: readonly ArrayBuffer[]
}

/** A port that keeps what is sent; `failOn` makes one kind of message impossible to send. */
class FakePort implements EnginePort {
  onmessage: ((event: MessageEvent<ToEngine>) => void) | null = null
  readonly sent: Sent[] = []
  failOn: ToPage['kind'] | null = null
  postMessage(message: ToPage, transfer: ArrayBuffer[]): void {
    if (message.kind === this.failOn) throw new DOMException('could not be cloned', 'DataCloneError')
    this.sent.push({ message, transfer })
  }
  hear(data: ToEngine): void {
    this.onmessage?.({ data } as MessageEvent<ToEngine>)
  }
  get said(): string[] {
    return this.sent.map(({ message }) => `${message.kind} ${'id' in message ? message.id : ''}`.trim())
  }
}

function serving(handlers: Partial<Handlers<ToyApi>>): FakePort {
  const port = new FakePort()
  serve<ToyApi>(port, handlersWith(handlers))
  return port
}

/** Turns of the event loop, not a time: a busy machine may take its time between two of them. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve))
}
const thumbnail = (layer: number) => ({ kind: 'thumbnails' as const, layer, heads: 1, size: 1, data: new Uint8Array(1) })

describe('serve', () => {
  it('sends partial answers in order, then the result, under the id of the call', async () => {
    const port = serving({
      run: async (_, { progress }) => {
        progress(thumbnail(0))
        await Promise.resolve()
        progress(thumbnail(1))
        return null
      },
    })
    port.hear({ kind: 'call', id: 7, name: 'run', args: {} })
    port.hear({ kind: 'call', id: 8, name: 'run', args: {} })
    await settled()
    expect(port.said).toEqual(['progress 7', 'progress 8', 'progress 7', 'progress 8', 'result 7', 'result 8'])
  })

  it('hands the arguments to the handler of that name', async () => {
    const port = serving({
      focus: async ({ token }) => ({ token, layers: 0, heads: 0, tokens: 0, from: new Float32Array(), to: new Float32Array() }),
    })
    port.hear({ kind: 'call', id: 1, name: 'focus', args: { token: 5 } })
    await settled()
    expect(port.sent[0]?.message).toMatchObject({ kind: 'result', value: { token: 5 } })
  })

  it('stops a cancelled call: no progress after it, one error of kind cancelled, the signal is aborted', async () => {
    let release = (): void => {}
    let aborted = false
    const port = serving({
      run: async (_, { progress, signal }) => {
        progress(thumbnail(0))
        await new Promise<void>((resolve) => {
          release = resolve
        })
        aborted = signal.aborted
        progress(thumbnail(1))
        return null
      },
    })
    port.hear({ kind: 'call', id: 1, name: 'run', args: {} })
    port.hear({ kind: 'cancel', id: 1 })
    release()
    await settled()
    expect(aborted).toBe(true)
    expect(port.said).toEqual(['progress 1', 'error 1'])
    expect(port.sent[1]?.message).toMatchObject({ error: { kind: 'cancelled' } })
  })

  it('calls it cancelled, whatever error the abort caused', async () => {
    const port = serving({
      load: (_, { signal }) =>
        new Promise<ModelCard>((_resolve, reject) => signal.addEventListener('abort', () => reject(new TypeError('fetch failed')))),
    })
    port.hear({ kind: 'call', id: 1, name: 'load', args: {} })
    port.hear({ kind: 'cancel', id: 1 })
    await settled()
    expect(port.sent[0]?.message).toMatchObject({ kind: 'error', error: { kind: 'cancelled' } })
  })

  it('ignores the cancel of a call that is over or never was', async () => {
    const port = serving({ run: async () => null })
    port.hear({ kind: 'cancel', id: 3 })
    port.hear({ kind: 'call', id: 3, name: 'run', args: {} })
    await settled()
    port.hear({ kind: 'cancel', id: 3 })
    await settled()
    expect(port.said).toEqual(['result 3'])
  })

  it('answers a call by an error when its result cannot be sent', async () => {
    const port = serving({ run: async () => null })
    port.failOn = 'result'
    port.hear({ kind: 'call', id: 1, name: 'run', args: {} })
    await settled()
    expect(port.sent[0]?.message).toMatchObject({ kind: 'error', error: { kind: 'unexpected', message: 'could not be cloned' } })
  })

  it('answers a call of an unknown name by an error', async () => {
    const port = serving({})
    port.hear({ kind: 'call', id: 1, name: 'nonsense' as 'run', args: {} })
    await settled()
    expect(port.sent[0]?.message).toMatchObject({ kind: 'error', id: 1, error: { kind: 'unexpected' } })
  })

  it('moves the buffers that an answer names, each once, and no other', async () => {
    const [shared, kept] = [new Float32Array(4), new Float32Array(4)]
    const matrices = [
      { head: null, tokens: 1, data: transfer(shared) },
      { head: null, tokens: 1, data: shared.subarray(1) },
      { head: null, tokens: 1, data: kept },
    ]
    const port = serving({ attention: async () => matrices })
    port.hear({ kind: 'call', id: 1, name: 'attention', args: {} })
    await settled()
    expect(port.sent[0]?.transfer).toEqual([shared.buffer])
  })
})

describe('transfer', () => {
  it('gives its value back', () => {
    const value = { data: new Uint8Array(1), more: [new Float32Array(1)], none: null }
    expect(transfer(value)).toBe(value)
  })

  it('refuses a part of a buffer, which would take the rest with it', () => {
    const whole = new Float32Array(4)
    expect(() => transfer([whole.subarray(1)])).toThrow(RangeError)
  })
})

describe('buffersOf', () => {
  it('finds buffers however deep they lie', () => {
    const one = new Uint8Array(1)
    const two = new Float32Array(2)
    expect(buffersOf({ a: [{ b: one }], c: { d: two, e: null, f: 'text', g: undefined }, h: one })).toEqual([one.buffer, two.buffer])
    expect(buffersOf(null)).toEqual([])
  })

  it('leaves shared memory out, since it cannot be moved', () => {
    const own = new Float32Array(1)
    expect(buffersOf([new Float32Array(new SharedArrayBuffer(8)), own])).toEqual([own.buffer])
  })
})

describe('wireError', () => {
  it('keeps the kind, the message and the data of a typed error', () => {
    const error = Object.assign(new Error('too long'), { kind: 'edit-refused', data: { reason: 'too-long', at: 3 } })
    expect(wireError(error)).toEqual({ kind: 'edit-refused', message: 'too long', data: { reason: 'too-long', at: 3 } })
  })

  it('calls everything else unexpected', () => {
    expect(wireError(new TypeError('x is undefined'))).toEqual({ kind: 'unexpected', message: 'x is undefined', data: {} })
    expect(wireError('thrown text')).toEqual({ kind: 'unexpected', message: 'thrown text', data: {} })
    expect(wireError(undefined)).toEqual({ kind: 'unexpected', message: 'undefined', data: {} })
    expect(wireError(Object.assign(new Error('m'), { kind: 5, data: null }))).toEqual({ kind: 'unexpected', message: 'm', data: {} })
  })

  it('drops data that is neither word nor number, so that every error can be sent', () => {
    const circular: Record<string, unknown> = { at: 3, path: 'model.onnx', big: 5n, f: () => 1 }
    circular.self = circular
    expect(wireError(Object.assign(new Error('m'), { kind: 'k', data: circular })).data).toEqual({ at: 3, path: 'model.onnx' })
  })
})
