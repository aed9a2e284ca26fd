import { describe, expect, it, vi } from 'vitest'
import type { ModelInput } from '#protocol/prediction'
import { rowOf, runOfRow } from '../testing/run.fixture.ts'
import { createPassCache, type ForwardPass } from './pass-cache.ts'

const inputOf = (text: string): ModelInput => ({ text, edits: [] })
const live = new AbortController().signal
/** A run of two tokens with one head: 16 bytes of attention. */
const small = (): ForwardPass => runOfRow(rowOf(''), { layers: 1, heads: 1 })
const SMALL_BYTES = 16

interface Held {
  readonly compute: (wanted: () => boolean) => Promise<ForwardPass>
  wanted(): boolean
  finish(run: ForwardPass): void
  fail(error: Error): void
  readonly times: () => number
}

/** A computation that waits to be told how it ends. */
function held(): Held {
  let finish: (run: ForwardPass) => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  let wanted = (): boolean => false
  let times = 0
  const result = new Promise<ForwardPass>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  return {
    compute: (isWanted) => {
      times++
      wanted = isWanted
      return result
    },
    wanted: () => wanted(),
    finish: (run) => finish(run),
    fail: (error) => fail(error),
    times: () => times,
  }
}

describe('finished runs', () => {
  it('are given back without computing again', async () => {
    const cache = createPassCache()
    const run = small()
    await cache.get(inputOf('a'), live, async () => run)
    const again = vi.fn()
    expect(await cache.get(inputOf('a'), live, again)).toBe(run)
    expect(again).not.toHaveBeenCalled()
  })

  it('are told apart by text and by edits', async () => {
    const cache = createPassCache()
    cache.put(inputOf('a'), small())
    expect(cache.has({ text: 'a', edits: [] })).toBe(true)
    expect(cache.has({ text: 'a', edits: [{ kind: 'mask', at: 1 }] })).toBe(false)
    expect(cache.has(inputOf('a '))).toBe(false)
  })

  it('are forgotten least recently used first, by their bytes', async () => {
    const cache = createPassCache(3 * SMALL_BYTES)
    for (const text of ['a', 'b', 'c']) cache.put(inputOf(text), small())
    await cache.get(inputOf('a'), live, async () => small())
    cache.put(inputOf('d'), small())
    expect(['a', 'b', 'c', 'd'].filter((text) => cache.has(inputOf(text)))).toEqual(['a', 'c', 'd'])
    cache.put(inputOf('two'), runOfRow(rowOf(''), { layers: 2, heads: 1 }))
    expect(['a', 'c', 'd', 'two'].filter((text) => cache.has(inputOf(text)))).toEqual(['d', 'two'])
  })

  it('are counted once when they are put again, and not at all when dropped', () => {
    const cache = createPassCache(2 * SMALL_BYTES)
    for (let i = 0; i < 5; i++) cache.put(inputOf('a'), small())
    cache.put(inputOf('b'), small())
    expect(cache.has(inputOf('a'))).toBe(true)
    cache.drop(() => true)
    cache.put(inputOf('c'), small())
    cache.put(inputOf('d'), small())
    expect(['a', 'b', 'c', 'd'].filter((text) => cache.has(inputOf(text)))).toEqual(['c', 'd'])
  })

  it('keep the newest even when it alone is larger than the limit', () => {
    const cache = createPassCache(1)
    cache.put(inputOf('a'), small())
    cache.put(inputOf('b'), small())
    expect(['a', 'b'].filter((text) => cache.has(inputOf(text)))).toEqual(['b'])
  })

  it('are dropped by what they are', () => {
    const cache = createPassCache()
    cache.put(inputOf('a'), { ...small(), precomputed: true })
    cache.put(inputOf('b'), small())
    cache.drop((run) => run.precomputed)
    expect(['a', 'b'].filter((text) => cache.has(inputOf(text)))).toEqual(['b'])
  })
})

describe('a run under way', () => {
  it('is shared by all who ask for it', async () => {
    const cache = createPassCache()
    const work = held()
    const other = vi.fn()
    const both = [cache.get(inputOf('a'), live, work.compute), cache.get(inputOf('a'), live, other)]
    const run = small()
    work.finish(run)
    expect(await Promise.all(both)).toEqual([run, run])
    expect([work.times(), other.mock.calls.length]).toEqual([1, 0])
  })

  it('is wanted as long as one of its callers is left', async () => {
    const cache = createPassCache()
    const work = held()
    const [first, second] = [new AbortController(), new AbortController()]
    const calls = [cache.get(inputOf('a'), first.signal, work.compute), cache.get(inputOf('a'), second.signal, vi.fn())]
    first.abort()
    expect(work.wanted()).toBe(true)
    const run = small()
    work.finish(run)
    expect(await calls[1]).toBe(run)
    expect(cache.has(inputOf('a'))).toBe(true)
    second.abort()
    expect(work.wanted()).toBe(false)
  })

  it('that everyone gave up is not joined by a newcomer', async () => {
    const cache = createPassCache()
    const [given, fresh] = [held(), held()]
    const stop = new AbortController()
    const first = cache.get(inputOf('a'), stop.signal, given.compute)
    stop.abort()
    const second = cache.get(inputOf('a'), live, fresh.compute)
    given.fail(new Error('given up'))
    await expect(first).rejects.toThrow('given up')
    const third = cache.get(inputOf('a'), live, vi.fn())
    const run = small()
    fresh.finish(run)
    expect(await Promise.all([second, third])).toEqual([run, run])
    expect([given.times(), fresh.times()]).toEqual([1, 1])
  })

  it('that fails, fails for all who share it, and is tried again by the next', async () => {
    const cache = createPassCache()
    const work = held()
    const both = [cache.get(inputOf('a'), live, work.compute), cache.get(inputOf('a'), live, vi.fn())]
    work.fail(new Error('broken'))
    for (const call of both) await expect(call).rejects.toThrow('broken')
    const run = small()
    expect(await cache.get(inputOf('a'), live, async () => run)).toBe(run)
  })
})
