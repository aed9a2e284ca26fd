// What crosses the wire: an engine's answers are whole however often they are sent, and the large arrays among them are moved.

import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import { inputOf, toyModel } from '#engine/testing/toy-model.fixture'
import type { AttributionTarget } from '#methods/attribution'
import type { ToPage } from '#protocol/messages'
import { buffersOf, type EnginePort, serve } from '#protocol/serve'
import { CHOICE, loaded } from './worker.fixture.ts'
import type { EngineApi } from './worker.ts'

const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }
const [A, B] = [inputOf('is not bad'), inputOf('is bad')]
const SHOWN = { choice: { ...CHOICE, heads: [{ layer: 0, head: 0 }] }, thumbnail: 8, sinksAside: false }

interface Part {
  /** As the page gets it. */
  readonly value: unknown
  /** What became of its arrays. */
  readonly sent: 'moved' | 'cloned' | 'both' | 'nothing'
}

/** Answers with all parts of a call and its result. */
type Ask = <Name extends keyof EngineApi & string>(name: Name, args: EngineApi[Name]['args']) => Promise<readonly Part[]>

async function asking(model = toyModel()): Promise<Ask> {
  const { engine } = await loaded(model)
  let hear: (message: ToPage, part: Part) => void = () => undefined
  const port: EnginePort = {
    onmessage: null,
    postMessage: (message, transfer) => {
      const others = buffersOf(message).length - transfer.length
      const sent = transfer.length === 0 ? (others === 0 ? 'nothing' : 'cloned') : others === 0 ? 'moved' : 'both'
      const received = structuredClone(message, { transfer })
      hear(received, { value: 'value' in received ? received.value : null, sent })
    },
  }
  serve<EngineApi>(port, engine)
  return (name, args) =>
    new Promise((resolve, reject) => {
      const parts: Part[] = []
      hear = (message, part) => {
        if (message.kind === 'error') reject(new Error(message.error.message))
        else parts.push(part)
        if (message.kind === 'result') resolve(parts)
      }
      port.onmessage?.(new MessageEvent('message', { data: { kind: 'call', id: 1, name, args } }))
    })
}

const ways = (parts: readonly Part[]): readonly string[] => parts.map(({ sent }) => sent)
const values = (parts: readonly Part[]): readonly unknown[] => parts.map(({ value }) => value)

describe('an answer', () => {
  it('of a run keeps its prediction and what it knows of the heads, and moves matrices and thumbnails', async () => {
    const ask = await asking()
    const first = await ask('run', { input: A, ...SHOWN })
    expect(ways(first)).toEqual(['cloned', 'both', 'moved', 'moved', 'nothing'])
    expect(values(await ask('run', { input: A, ...SHOWN }))).toEqual(values(first))
    expect(values(await ask('run', { input: A, ...SHOWN }))).toEqual(values(first))
  })

  it.each([
    ['attention', { input: A, choice: SHOWN.choice }],
    ['focus', { input: A, token: 1 }],
  ] as const)('of %s is moved, and the run keeps its own', async (name, args) => {
    const ask = await asking()
    const first = await ask(name, args)
    expect(ways(first)).toEqual(['moved'])
    expect(values(await ask(name, args))).toEqual(values(first))
  })

  it('of a difference moves matrices and thumbnails', async () => {
    const ask = await asking()
    const first = await ask('difference', { a: A, b: B, ...SHOWN })
    expect(ways(first)).toEqual(['cloned', 'moved', 'nothing', 'moved', 'moved', 'nothing'])
    expect(values(await ask('difference', { a: A, b: B, ...SHOWN }))).toEqual(values(first))
  })

  it('of gradient attention moves matrices and thumbnails', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('not asked'))
    const runsOf = (row: { readonly tokens: readonly unknown[] }) => {
      const tokens = row.tokens.length
      const cells = Float32Array.from({ length: tokens * tokens }, (_, cell) => cell)
      const layers = [{ heads: 1, values: cells, gradient: cells }]
      const attention = async () => ({ output: 0, layers, readOut: new Float32Array(tokens) })
      return { tokens, rows: () => 1, input: refuse, gradients: refuse, baseline: refuse, randomWords: refuse, attention, residual: refuse }
    }
    const ask = await asking({ ...toyModel(), runsOf })
    const args = { input: A, target: TARGET, ...SHOWN }
    const first = await ask('gradientAttention', args)
    expect(ways(first)).toEqual(['cloned', 'moved', 'moved', 'nothing'])
    expect(values(await ask('gradientAttention', args))).toEqual(values(first))
  })

  it('of interactions moves each state of the matrix', async () => {
    const ask = await asking()
    const args = { input: inputOf('a b c d e f g'), target: TARGET, options: { removal: 'mask', unit: 'token' } } as const
    const first = await ask('interactions', args)
    expect(ways(first)).toEqual(['moved', 'moved'])
    expect(values(await ask('interactions', args))).toEqual(values(first))
  })

  it('of an attribution is cloned, and the one that is kept stays whole', async () => {
    const ask = await asking()
    const args = { input: A, target: TARGET, method: 'exact-shapley', options: DEFAULT_OPTIONS, reference: null } as const
    const first = await ask('attribute', args)
    expect(first.at(-1)?.sent).toBe('cloned')
    for (let time = 0; time < 2; time++) expect(values(await ask('attribute', args)).at(-1)).toEqual(values(first).at(-1))
  })
})
