// The vocabulary's embeddings by the lookup alone, of exports of every kind, against what the whole model looks up.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lookupModel } from '#graph/lookup-model'
import { openModel } from '#graph/open-model'
import { tapModel, writeInstrumented } from '#graph/prepare'
import { buildFeeds } from '../passes/feeds.ts'
import { loadRuntime } from '../runtime/session.ts'
import { relativeGap } from '../testing/relative-gap.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { createTokenizer } from './tokenizer.ts'
import { neighbourIn, readWordTable, steepestWords, type WordTable } from './word-table.ts'

const FILES = [
  'bert/onnx/model.onnx',
  'gpt2/onnx/model.onnx',
  'llama/onnx/model_q4.onnx',
  'albert/onnx/model.onnx',
  'bert/onnx/model_quantized.onnx',
]

describe('the table of words', () => {
  it.each(FILES)('of %s holds what the model looks up, and its mean', async (path) => {
    const opened = openModel(new Uint8Array(readFileSync(`fixtures/zoo/${path}`)))
    const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
    const lookup = lookupModel(opened)
    const rows = opened.parts.vocabulary ?? 0
    const table = lookup && (await readWordTable(runtime, lookup, rows))
    if (table?.data == null) throw new Error('no table')
    expect([table.rows, table.data.length]).toEqual([rows, rows * table.width])

    const prepared = writeInstrumented(tapModel(opened))
    const session = await runtime.create(prepared, 'wasm')
    const ids = [3, 1, rows - 1, 1]
    const words = prepared.outputs.embeddings ?? ''
    const layout = { heads: 2, headWidth: 8 }
    const whole = (await session.run(buildFeeds(prepared.inputs, { ids }, layout), [words]))[words]?.data ?? []
    await session.release()
    const { data, width, mean } = table
    const found = ids.flatMap((id) => Array.from(data.subarray(id * width, (id + 1) * width)))
    expect(relativeGap(Float32Array.from(found), whole)).toBeLessThan(1e-6)
    const column = Array.from({ length: rows }, (_, row) => data[row * width] ?? 0)
    expect(mean[0]).toBeCloseTo(column.reduce((sum, value) => sum + value, 0) / rows, 6)
  })

  it('is not had where the lookup does not run', async () => {
    const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
    const broken = { bytes: Uint8Array.of(1, 2), externalData: [], inputs: [], output: 'x', isHalf: false }
    expect(await readWordTable(runtime, broken, 10)).toBeNull()
  })
})

/** Named by letters, a row each. */
const LETTERS = Array.from('abcdefghij')
const named = (names: readonly string[]) => ({
  labelOf: (id: number) => names[id] ?? null,
  pieceOf: (id: number) => names[id] ?? null,
  encodeWord: (word: string) => [{ id: names.indexOf(word), piece: word }],
})
const tableOf = (rows: readonly (readonly number[])[]): WordTable => {
  const width = rows[0]?.length ?? 0
  return { rows: rows.length, width, mean: new Float32Array(width), data: Float32Array.from(rows.flat()) }
}
const unheard = async (): Promise<void> => undefined

describe('the nearest other word', () => {
  const words = tableOf([
    [1, 0, 0, 0, 0],
    [5, 1, 0, 0, 0],
    [9, 1, 0, 0, 0],
    [1, 0.05, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [-1, 0, 0, 0, 2],
  ])

  it('is that of the smallest angle, which is neither the word in another case, nor a token of the tokenizer’s own, nor without a length', async () => {
    const near = neighbourIn(words, named(['Cat', 'dog', '[MASK]', ' cat', 'none', 'away']))
    expect(await near?.(0, unheard)).toBe(1)
    expect(await near?.(1, unheard)).toBe(3)
    expect(neighbourIn({ ...words, data: null }, named([]))).toBeNull()
  })

  it('is looked for with pauses, in which a stop is heard, and once', async () => {
    const [rows, width] = [3000, 3000]
    const data = new Float32Array(rows * width)
    for (let row = 0; row < rows; row++) data[row * width + (row % 7)] = 1
    const near = neighbourIn(
      { rows, width, mean: new Float32Array(width), data },
      named(Array.from({ length: rows }, (_, row) => `w${row}`)),
    )
    let pauses = 0
    const stopped = async (): Promise<void> => {
      if (++pauses === 2) throw new Error('stopped')
    }
    await expect(near?.(3, stopped)).rejects.toThrow('stopped')
    expect(await near?.(3, stopped)).toBe(10)
    const before = pauses
    expect(before).toBeGreaterThan(2)
    expect(await near?.(3, stopped)).toBe(10)
    expect(pauses).toBe(before)
  })

  it('is forgotten for those asked about long ago', async () => {
    let asked = 0
    const pieceOf = (): string => {
      asked++
      return 'w'
    }

    const near = neighbourIn(tableOf([[1], [2], [3]]), { pieceOf, labelOf: String })
    const costOf = async (id: number): Promise<number> => {
      const before = asked
      await near?.(id, unheard)
      return asked - before
    }
    for (let id = 0; id < 4097; id++) await near?.(id, unheard)
    expect([await costOf(4096), await costOf(1), await costOf(0)]).toEqual([0, 0, 1])
  })
})

describe('the steepest words', () => {
  it('are those down the gradient at each token, by brute force', () => {
    const words = tableOf(LETTERS.map((_, id) => [Math.sin(id), Math.cos(2 * id), Math.sin(5 * id), 1, id / 9]))
    const { tokens } = rowOf('here is a text')
    for (const [at, token] of tokens.entries()) {
      const gradient = Float32Array.from({ length: 5 }, (_, component) => Math.sin(3 * (5 * at + component)))
      const slope = (id: number): number => gradient.reduce((sum, one, component) => sum + (words.data?.[5 * id + component] ?? 0) * one, 0)
      const order = Array.from(LETTERS.keys()).sort((one, other) => slope(one) - slope(other))
      expect(steepestWords(words, named(LETTERS), gradient, token, 'after-space', 3)).toEqual(
        order.flatMap((id) => (LETTERS[id] === token.label ? [] : [LETTERS[id]])).slice(0, 3),
      )
    }
  })

  it('are spelled as the vocabulary does in their place, at the start of a text, too', async () => {
    const json = (file: string): object => JSON.parse(readFileSync(`fixtures/tokenizer-cases/gemma/${file}`, 'utf8'))
    const gemma = await createTokenizer(json('tokenizer.json'), json('tokenizer_config.json'), 512)
    const token = { label: 'The' }
    for (const place of ['start', 'after-space'] as const) {
      const [piece, other] = gemma.encodeWord('not', place)
      expect(other).toBeUndefined()
      const words = tableOf(Array.from({ length: gemma.size }, (_, id) => [id === piece?.id ? -9 : 1]))
      const steepest = (where: 'start' | 'after-space') => steepestWords(words, gemma, Float32Array.of(1), token, where, 1)
      expect(steepest(place)).toEqual(['not'])
      expect(steepest(place === 'start' ? 'after-space' : 'start')).not.toEqual(['not'])
    }
  })
})
