import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import { rowOf, runOfRow } from '../testing/run.fixture.ts'
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_LIMIT_BYTES, type Snapshot } from './snapshot.ts'

const MODEL = 'a'.repeat(64)
const PREAMBLE = 12

function snapshotOf(...texts: readonly string[]): Snapshot {
  const runs = texts.map((text, index) => ({ input: { text, edits: [] }, run: runOfRow(rowOf(text), { seed: index + 1 }) }))
  return { model: MODEL, runs }
}

/** The reason of a refusal; anything else that happens is told as it is. */
function verdict(bytes: Uint8Array, model: string | null = MODEL): unknown {
  try {
    decodeSnapshot(bytes, model)
    return 'accepted'
  } catch (error) {
    return error instanceof EngineError && error.kind === 'snapshot-refused' ? error.data.reason : error
  }
}

/** A snapshot file of any header and any numbers. */
function fileOf(header: unknown, numbers = new Uint16Array(), magic = 'INSCOPE1'): Uint8Array {
  const head = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const start = Math.ceil((PREAMBLE + head.length) / 4) * 4
  const bytes = new Uint8Array(start + numbers.byteLength)
  bytes.set(new TextEncoder().encode(magic))
  new DataView(bytes.buffer).setUint32(8, head.length, true)
  bytes.set(head, PREAMBLE)
  bytes.set(new Uint8Array(numbers.buffer), start)
  return bytes
}

function headerOf(change: { readonly version?: number; readonly row?: TokenRow; readonly heads?: readonly number[] } = {}) {
  const { version = 1, row = rowOf(''), heads = [1] } = change
  return { version, model: MODEL, runs: [{ text: 'x', row, labels: ['A'], logits: [1], probabilities: [1], heads }] }
}

describe('a snapshot', () => {
  it('gives back what was put in: rows and predictions exactly, attention to half precision', () => {
    const given = snapshotOf('not bad', 'so bad at all', '')
    const read = decodeSnapshot(encodeSnapshot(given), MODEL)
    expect(read.model).toBe(MODEL)
    expect(read.runs).toHaveLength(3)
    read.runs.forEach(({ input, run }, index) => {
      const original = given.runs[index]
      expect(input).toEqual(original?.input)
      expect(run.row).toEqual(original?.run.row)
      expect(run.prediction).toEqual(original?.run.prediction)
      expect([run.precomputed, run.runMs, run.attention.tokens]).toEqual([true, 0, original?.run.attention.tokens])
      run.attention.layers.forEach(({ heads, data }, layer) => {
        const expected = original?.run.attention.layers[layer]
        expect([heads, data.length]).toEqual([expected?.heads, expected?.data.length])
        const worst = data.reduce((largest, value, i) => {
          const exact = expected?.data[i] ?? Number.NaN
          return Math.max(largest, Math.abs(value - exact) / Math.max(exact, 2 ** -14))
        }, 0)
        expect(worst).toBeLessThanOrEqual(2 ** -11)
      })
    })
  })

  it('keeps any text and label', () => {
    const text = 'naïve 中文 🙂 "quoted" \\ \n'
    expect(decodeSnapshot(encodeSnapshot(snapshotOf(text)), MODEL).runs[0]?.input.text).toBe(text)
  })

  it('is read from the middle of a larger buffer', () => {
    const bytes = encodeSnapshot(snapshotOf('not bad'))
    const within = new Uint8Array(bytes.length + 7)
    within.set(bytes, 3)
    expect(verdict(within.subarray(3, 3 + bytes.length))).toBe('accepted')
  })

  it('may be empty, and may be of any model when none is known', () => {
    expect(verdict(encodeSnapshot({ model: MODEL, runs: [] }))).toBe('accepted')
    expect(verdict(encodeSnapshot(snapshotOf('x')), null)).toBe('accepted')
  })
})

describe('a snapshot is refused', () => {
  it('when another model made it', () => {
    expect(verdict(encodeSnapshot(snapshotOf('x')), 'b'.repeat(64))).toBe('foreign')
  })

  it('when it is of another version, or its header is not ours', () => {
    expect(verdict(fileOf(headerOf(), Uint16Array.of(0, 0, 0, 0)))).toBe('accepted')
    expect(verdict(fileOf(headerOf({ version: 2 }), Uint16Array.of(0, 0, 0, 0)))).toBe('outdated')
    expect(verdict(fileOf({}))).toBe('outdated')
    expect(verdict(fileOf('null'))).toBe('outdated')
    expect(verdict(fileOf(headerOf({ heads: [-1] })))).toBe('outdated')
    expect(verdict(fileOf(JSON.stringify(headerOf()).replace('"heads":[1]', '"heads":[1e999]')))).toBe('outdated')
  })

  it('when it is no snapshot at all', () => {
    expect(verdict(new Uint8Array())).toBe('not-a-snapshot')
    expect(verdict(new TextEncoder().encode('<!doctype html><title>Innerscope</title>'))).toBe('not-a-snapshot')
    expect(verdict(fileOf(headerOf(), Uint16Array.of(0, 0, 0, 0), 'INSCOPE2'))).toBe('not-a-snapshot')
    expect(verdict(fileOf('{"version":'))).toBe('not-a-snapshot')
    expect(verdict(fileOf(''))).toBe('not-a-snapshot')
  })

  it('when it is cut short anywhere', () => {
    const bytes = encodeSnapshot(snapshotOf('not bad'))
    const accepted = Array.from({ length: bytes.length }, (_, length) => length).filter(
      (length) => verdict(bytes.subarray(0, length)) !== 'not-a-snapshot',
    )
    expect(accepted).toEqual([])
  })

  it('when something hangs on to its end', () => {
    const bytes = encodeSnapshot(snapshotOf('not bad'))
    for (const extra of [1, 2, 64]) expect(verdict(Uint8Array.from([...bytes, ...new Array<number>(extra).fill(0)]))).toBe('not-a-snapshot')
  })

  it('when it is larger than what the page waits for', () => {
    const bytes = fileOf(headerOf({ heads: [SNAPSHOT_LIMIT_BYTES / 8] }), new Uint16Array(SNAPSHOT_LIMIT_BYTES / 2))
    expect(bytes.length).toBeGreaterThan(SNAPSHOT_LIMIT_BYTES)
    expect(verdict(bytes)).toBe('not-a-snapshot')
  })

  it('when its header claims a length beyond the file', () => {
    const bytes = encodeSnapshot(snapshotOf('not bad'))
    for (const claimed of [bytes.length, 0x7fffffff, 0xfffffff0, 0xffffffff]) {
      const hostile = bytes.slice()
      new DataView(hostile.buffer).setUint32(8, claimed, true)
      expect(verdict(hostile)).toBe('not-a-snapshot')
    }
    const padded = fileOf(JSON.stringify({ version: 1, model: MODEL, runs: [] }).padEnd(120))
    expect(verdict(padded)).toBe('accepted')
    new DataView(padded.buffer).setUint32(8, padded.length + 1, true)
    expect(verdict(padded)).toBe('not-a-snapshot')
  })

  it('when it claims more numbers than it has, without reserving room for them', () => {
    expect(verdict(fileOf(headerOf({ heads: [2 ** 31] }), Uint16Array.of(0, 0, 0, 0)))).toBe('not-a-snapshot')
    expect(verdict(fileOf(headerOf({ heads: [Number.MAX_SAFE_INTEGER] }), Uint16Array.of(0, 0, 0, 0)))).toBe('not-a-snapshot')
  })

  it('when a run has no tokens, so that any number of heads would fit', () => {
    expect(verdict(fileOf(headerOf({ row: { tokens: [], cutAt: null, wantedLength: 0 }, heads: [2 ** 31] })))).toBe('outdated')
  })

  it('and never by another error, whichever byte is changed', () => {
    const bytes = encodeSnapshot(snapshotOf('not bad'))
    const header = PREAMBLE + new DataView(bytes.buffer).getUint32(8, true)
    fc.assert(
      fc.property(fc.nat({ max: header }), fc.nat({ max: 255 }), (index, value) => {
        const changed = bytes.slice()
        changed[index] = value
        expect(['accepted', 'not-a-snapshot', 'outdated', 'foreign']).toContain(verdict(changed))
      }),
      { numRuns: 500 },
    )
  })
})
