import { describe, expect, it } from 'vitest'
import { parseDrawings } from './bertviz.ts'
import { table } from './format.ts'
import { replaceTable } from './measures-file.ts'
import { makeReport, markdown } from './report.ts'
import { rowsOf } from './rows.ts'

const machine = {
  date: '2026-11-23',
  cores: 2,
  processor: 'a processor',
  load: 0.5,
  chromium: '156',
  node: '20',
  packages: { 'onnxruntime-web': '1.30.0' },
  bertviz: null,
}
const times = (value: number) => ({ '16': [value, value, value] })
const forward = {
  instrumented: times(12),
  untapped: times(11),
  unmodified: times(24),
  'unpacked-once': times(10),
  answer: times(13),
  pipeline: times(26),
}
const typing = { latencies: [40, 50, 60], longTasks: [], tokens: [30, 33] as const }
const drawn = {
  chart: 'heatmap' as const,
  fromNavigation: 300,
  first: 100,
  firstCall: 50,
  redraws: [20],
  redrawCalls: [9],
  elements: 7,
  reduceMs: 0,
}
const ours = [{ ...drawn, tokens: 64 }]
const bertviz = [{ view: 'model_view' as const, tokens: 64, elements: 299_767, first: 5000 }]
const find = (rows: ReturnType<typeof rowsOf>, part: string) => rows.find(({ measure }) => measure.includes(part))

describe('rowsOf', () => {
  it('judges a ratio by its target', () => {
    const rows = rowsOf({ forward })
    expect(find(rows, 'unpacked once, 16')).toMatchObject({ value: '1.20 (1.20 to 1.20)', met: false })
    expect(find(rows, 'file as it is')).toMatchObject({ value: '0.50 (0.50 to 0.50)', target: null, met: null })
    expect(find(rows, 'pipeline')).toMatchObject({ value: '0.50 (0.50 to 0.50)', met: true })
  })
  it('says that no task was long', () => {
    expect(find(rowsOf({ typing }), 'main-thread')).toMatchObject({ value: 'none over 50 ms', met: true })
  })
  it('counts long tasks and judges the longest', () => {
    const rows = rowsOf({ typing: { ...typing, longTasks: [120, 60] } })
    expect(find(rows, 'main-thread')).toMatchObject({ value: '120 ms (2 over 50 ms)', met: false })
  })
  it('judges the sentence and its headline by the slowest keys, and nothing may move', () => {
    const answering = {
      tinted: [20, 40],
      allTinted: [300, 500],
      first: [30, 80],
      settled: [700, 900],
      longTasks: [],
      shift: 0.01,
      tokens: 32,
    }
    const rows = rowsOf({ answering })
    expect(find(rows, 'first words tinted')).toMatchObject({ value: '39 ms (p50 30 ms)', met: true })
    expect(find(rows, 'whole sentence tinted')).toMatchObject({ value: '490 ms (p50 400 ms)', met: null })
    expect(find(rows, 'first answer')).toMatchObject({ value: '78 ms (p50 55 ms)', met: false })
    expect(find(rows, 'settled headline, p95, 32 tokens')).toMatchObject({ target: '≤ 1,200 ms', met: true })
    expect(find(rows, 'layout shift')).toMatchObject({ value: '0.0100', met: false })
    expect(find(rowsOf({ answering: { ...answering, shift: 0 } }), 'layout shift')?.met).toBe(true)
  })
  it('compares drawings with a BertViz that was measured', () => {
    const rows = rowsOf({ drawing: { ours, bertviz } })
    expect(find(rows, 'heatmap, first drawing /')).toMatchObject({ value: '0.020 (100 ms / 5,000 ms)', met: true })
    expect(find(rows, 'heatmap, first drawing and load')).toMatchObject({ value: '0.060 (300 ms / 5,000 ms)', met: false })
  })
  it('divides by nothing that was recorded elsewhere', () => {
    const row = find(rowsOf({ drawing: { ours, bertviz: [] } }), 'heatmap')
    expect(row?.met).toBeNull()
    expect(row?.value).toContain('recorded elsewhere')
  })
})

describe('markdown', () => {
  it('prints a missed target as missed, and one that was not measured as not measured', () => {
    const text = markdown(makeReport(machine, false, { forward, typing, drawing: { ours, bertviz: [] } }))
    expect(text).toContain('| ≤ 1.10 | **missed** |')
    expect(text).toContain('| ≤ 60 ms | met |')
    expect(text).toContain('| ≤ 0.03 | not measured |')
  })
  it('has no table of measures where only other tables were asked for', () => {
    expect(markdown(makeReport(machine, false, { taps: [] }))).not.toContain('| measure |')
  })
  it('keeps a cell with a bar in one cell', () => {
    expect(table(['a'], [['x|y']])).toBe('| a |\n| --- |\n| x\\|y |')
  })
})

describe('replaceTable', () => {
  it('puts the table between the markers, and again', () => {
    const once = replaceTable('# A\n<!-- bench:start -->\nold\n<!-- bench:end -->\nrest', 'new')
    expect(once).toBe('# A\n<!-- bench:start -->\n\nnew\n\n<!-- bench:end -->\nrest')
    expect(replaceTable(once, 'new')).toBe(once)
  })
  it('refuses a file without markers', () => {
    expect(() => replaceTable('# A', 'new')).toThrow('bench:start')
  })
})

describe('parseDrawings', () => {
  it('takes the drawing with its frames, and no other line', () => {
    const settings = { view: 'model_view', dom_elements: 19_831 }
    const lines = [
      { tokens: 16, task: 'first drawing: all lines in the document', settings, median_ms: 400 },
      { tokens: 16, task: 'first drawing: two frames later', settings, median_ms: 500 },
      { tokens: 16, task: 'first drawing', settings, error: 'timeout' },
    ]
    const printed = `a warning\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
    expect(parseDrawings(printed)).toEqual([{ view: 'model_view', tokens: 16, elements: 19_831, first: 500 }])
  })
})
