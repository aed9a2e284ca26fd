import { describe, expect, it } from 'vitest'
import { spreadMs } from './format.ts'
import { loadRows, memoryRows } from './model-rows.ts'
import { loadNote, surgeryTable, tapsTable } from './model-tables.ts'
import { growth, parseResident } from './resident.ts'
import type { TapTimes } from './taps.ts'
import { titleOf, type Variant } from './variants.ts'

const plain: Variant = { id: 'one', weights: 'auto', fileBytes: 20_000_000 }
const packed: Variant = { id: 'two', weights: 'packed', fileBytes: 100_000_000 }
const unpacked: Variant = { ...packed, weights: 'float32' }

describe('spreadMs', () => {
  it('is a median with its quartiles', () => {
    expect(spreadMs([1000, 2000, 3000, 4000, 5000])).toBe('3,000 ms (2,000 to 4,000)')
    expect(spreadMs([2.25, 2.25, 2.25])).toBe('2.3 ms (2.3 to 2.3)')
  })
})

describe('loadRows', () => {
  const visit = { id: 'one', kept: false, example: 500, live: 2000, backend: 'WASM, 2 threads' }
  const visits = [visit, { ...visit, kept: true, live: 900 }, { ...visit, id: 'two', example: null, live: 9000 }]
  it('keeps first visits, return visits and models apart', () => {
    expect(loadRows(visits).map(({ measure, value }) => `${measure}: ${value}`)).toEqual([
      'first visit, to the precomputed example, one: 500 ms (500 to 500)',
      'first visit, to the model’s first answer, one: 2,000 ms (2,000 to 2,000)',
      'return visit, everything kept, to the precomputed example, one: 500 ms (500 to 500)',
      'return visit, everything kept, to the model’s first answer, one: 900 ms (900 to 900)',
      'first visit, to the model’s first answer, two: 9,000 ms (9,000 to 9,000)',
    ])
  })
  it('says what ran them, each once', () => {
    expect(loadNote(visits).match(/WASM, 2 threads/g)).toHaveLength(1)
  })
})

describe('memoryRows', () => {
  it('divides the peak by the bytes of the file, for every form of the weights', () => {
    const rows = memoryRows([
      { variant: plain, peaks: [60_000_000, 50_000_000, 80_000_000] },
      { variant: unpacked, peaks: [1_500_000_000] },
    ])
    expect(rows.map(({ value }) => value)).toEqual(['3.0 (2.8 to 3.5): 60.0 MB / 20.0 MB', '15.0 (15.0 to 15.0): 1,500 MB / 100 MB'])
    expect(rows[1]?.measure).toContain('two, weights unpacked to float32')
  })
})

describe('surgeryTable', () => {
  const operation = { openMs: 200, instrumentMs: 20, unpackMs: null, graphBytes: 20_000_000, newGraphBytes: 15_000, taps: 3 }
  it('has a column for each model, and nothing where no weights are packed', () => {
    const text = surgeryTable([
      { id: 'one', operations: [{ ...operation, nodes: [700, 400, 401] }] },
      { id: 'two', operations: [{ ...operation, unpackMs: 900, nodes: [7000, 3000, 3001] }] },
    ])
    expect(text).toContain('| unpack the weights to float32, where they are packed |  | 900 ms (900 to 900) |')
    expect(text).toContain('| 15.0 kB | 15.0 kB |')
    expect(text).toContain('| 700, 400, 401 | 7,000, 3,000, 3,001 |')
  })
})

describe('tapsTable', () => {
  const at = (variant: Variant, asked: number, tokens: number, tapped: number): TapTimes => ({
    variant,
    asked,
    tokens,
    times: { tapped: [tapped, tapped], untapped: [100, 100], shipped: [200, 200] },
  })
  it('has the ratios of every form, and the length that a model stopped at', () => {
    const text = tapsTable([at(plain, 16, 16, 110), at(plain, 512, 512, 120), at(packed, 16, 16, 130), at(packed, 512, 498, 140)])
    const lines = text.split('\n')
    expect(lines).toContain('| one: / the same without attention | 1.10 (1.10 to 1.10) | 1.20 (1.20 to 1.20) |')
    expect(lines).toContain('| one: / the file as shipped | 0.55 (0.55 to 0.55) | 0.60 (0.60 to 0.60) |')
    expect(lines).toContain('| two, weights packed: median of all attention | 130 ms | 140 ms at 498 |')
  })
})

describe('titleOf', () => {
  it('names the form of weights only where there is a choice', () => {
    expect([plain, packed].map(titleOf)).toEqual(['one', 'two, weights packed'])
  })
})

describe('parseResident', () => {
  it('reads what is in memory and what was at most, in bytes', () => {
    const status = 'Name:\tchromium\nVmPeak:\t 9000 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n'
    expect(parseResident(status)).toEqual({ now: 1_048_576, peak: 2_097_152 })
  })
  it('refuses a status without them', () => {
    expect(() => parseResident('Name:\tchromium\n')).toThrow('VmRSS')
  })
})

describe('growth', () => {
  const before = new Map([
    [1, { now: 100, peak: 150 }],
    [2, { now: 50, peak: 60 }],
  ])
  it('is that of the process that grew most, above what it held', () => {
    const after = new Map([
      [1, { now: 300, peak: 900 }],
      [2, { now: 50, peak: 61 }],
      [3, { now: 5000, peak: 5000 }],
    ])
    expect(growth(before, after)).toBe(800)
  })
  it('refuses a peak from before', () => {
    expect(() => growth(before, before)).toThrow('no process')
  })
})
