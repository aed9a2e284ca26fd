// What is read inside small models agrees with what they answer.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import { headMatrix } from '#methods/attention/reduce'
import { copyingScore } from '#methods/inside/copying'
import { product } from '#methods/inside/logit-attribution'
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'
import type { LensColumn, LensGridRequest } from '../api.ts'
import { writesOnTokens } from './copying.ts'

const TEXT = 'the film is not the film'
const silent = { signal: never, progress: () => undefined }
const request = (more: Partial<LensGridRequest> = {}): LensGridRequest => {
  return { input: inputOf(TEXT), position: null, target: null, foil: null, most: null, ...more }
}

const DECODERS = [
  ['gpt2', 'onnx/model.onnx', 1e-4],
  ['gpt2', 'onnx/decoder_model_merged.onnx', 1e-4],
  ['gpt_neox', 'onnx/model.onnx', 1e-4],
  ['llama', 'onnx/model.onnx', 1e-4],
  ['llama', 'onnx/model_q4.onnx', 1e-4],
  ['llama', 'onnx/model_fp16.onnx', 1e-2],
  ['qwen2', 'onnx/model.onnx', 1e-4],
] as const

it.each(['model_q4.onnx', 'model_genai_q4.onnx'])('llama/%s is read with its weights unpacked as with packed ones', async (name) => {
  const file = `onnx/${name}`
  const read = async (weights: 'packed' | 'auto') => {
    const opened = await openEngine(folderPlace('fixtures/zoo/llama', [file]), file, true, weights)
    const lens = await opened.engine.logitLens(request({ target: 5 }), silent)
    const { sum } = await opened.engine.logitAttribution(request({ target: 5 }), silent)
    await opened.release()
    return {
      form: opened.model.card.weights.form,
      sum,
      scores: lens.columns.flatMap(({ cells }) => cells.map(({ target }) => target.score)),
    }
  }
  const [packed, unpacked] = [await read('packed'), await read('auto')]
  expect([packed.form, unpacked.form]).toEqual(['packed', 'float32'])
  expect(unpacked.sum).toBeCloseTo(packed.sum, 4)
  for (const [at, score] of unpacked.scores.entries()) expect(score).toBeCloseTo(packed.scores[at] ?? Number.NaN, 4)
})

describe.each(DECODERS)('%s %s', (folder, file, tolerance) => {
  let opened: OpenedEngine
  beforeAll(async () => {
    opened = await openEngine(folderPlace(`fixtures/zoo/${folder}`, [file]), file, true)
  })
  afterAll(() => opened.release())

  it('the last row of the lens is the answer, at every position', async () => {
    const heard: LensColumn[] = []
    const lens = await opened.engine.logitLens(request({ position: 2 }), { signal: never, progress: (column) => void heard.push(column) })
    const { row } = await opened.run(inputOf(TEXT))
    expect(lens.columns).toHaveLength(row.tokens.length)
    expect(heard[0]?.at).toBe(2)
    expect(heard).toHaveLength(row.tokens.length)
    expect(opened.model.card.found.readout).toBe(true)
    for (const { at, cells } of lens.columns) {
      const answer = await opened.model.answerAt(row, at)
      const own = cells.at(-1)
      expect(cells).toHaveLength(opened.model.card.layers + 1)
      expect(own?.top.id).toBe(answer?.candidates[0]?.id)
      expect(Math.abs((own?.probability ?? 0) - (answer?.candidates[0]?.probability ?? 1))).toBeLessThan(tolerance)
      expect(Math.abs((own?.entropy ?? 0) - (answer?.entropy ?? 1))).toBeLessThan(10 * tolerance)
      expect(own?.divergence).toBeLessThan(1e-9)
      expect(cells[0]?.divergence).toBeGreaterThan(1e-4)
    }
    expect(lens.columns[2]?.cells.at(-1)?.target.rank).toBe(1)
  })

  it('of a long text the positions before the asked one are read', async () => {
    const { columns } = await opened.engine.logitLens(request({ position: 3, most: 2 }), silent)
    expect(columns.map(({ at }) => at)).toEqual([2, 3])
    const start = await opened.engine.logitLens(request({ position: 0, most: 2 }), silent)
    expect(start.columns.map(({ at }) => at)).toEqual([0, 1])
  })

  it.each([null, 7])('the shares of a logit add up to it, against %s', async (foil) => {
    const found = await opened.engine.logitAttribution(request({ target: 5, foil }), silent)
    expect(Math.abs(found.sum - found.difference)).toBeLessThan(tolerance * Math.max(1, Math.abs(found.difference)))
    expect(found.heads.map(({ length }) => length)).toEqual(new Array(opened.model.card.layers).fill(opened.model.card.heads))
    expect([found.embedding, ...found.heads.flat(), ...found.mlps].filter((share) => Math.abs(share) > 1e-6).length).toBeGreaterThan(5)
    const lens = await opened.engine.logitLens(request({ target: 5, foil }), silent)
    const own = lens.columns[found.position]?.cells.at(-1)
    expect(Math.abs((own?.target.score ?? 0) - (own?.foil?.score ?? 0) - found.difference)).toBeLessThan(tolerance * 10)
  })

  it('what heads write when they look at one token alone adds up, by their attention, to their shares of the logit', async () => {
    const text = 'the film is not bad'
    const { row, attention } = await opened.model.run((await opened.run(inputOf(text))).row)
    expect(new Set(row.tokens.map(({ id }) => id)).size).toBe(row.tokens.length)
    // A template's token is none of the text, and is attended to all the same.
    const whole = { ...row, tokens: row.tokens.map((token) => ({ ...token, source: 'text' as const })) }
    const { writes, gradients, places } = await writesOnTokens(opened.model, whole, never, (_, job) => job())
    expect(places).toEqual(row.tokens.map((_, at) => at))
    const [target, foil] = [row.tokens[1]?.id ?? 0, row.tokens[2]?.id ?? 0]
    const shares = await opened.engine.logitAttribution({ ...request({ target, foil }), input: inputOf(text) }, silent)
    const raised = (written: Float32Array): number => product(written, gradients[1] ?? []) - product(written, gradients[2] ?? [])
    for (const [layer, heads] of writes.entries()) {
      for (const [head, written] of heads.entries()) {
        const weights = headMatrix(attention, { layer, head }).subarray(-places.length)
        const sum = written.reduce((all, write, at) => all + (weights[at] ?? Number.NaN) * raised(write), 0)
        expect(Math.abs(sum - (shares.heads[layer]?.[head] ?? Number.NaN))).toBeLessThan(10 * tolerance)
      }
    }
    const own = await writesOnTokens(opened.model, row, never, (_, job) => job())
    const { scores, tokens } = await opened.engine.copying({ input: inputOf(text), random: null }, silent)
    expect(tokens).toBe(row.tokens.filter(({ source }) => source === 'text').length)
    expect(scores).toEqual(own.writes.map((heads) => heads.map((written) => copyingScore(written, own.gradients))))
  })

  it('the Jacobian lens ends with the logit, and its first entry is a slope of the answer', async () => {
    const [lens, shares] = await Promise.all([
      opened.engine.jacobianLens(request({ target: 5, foil: 7 }), silent),
      opened.engine.logitAttribution(request({ target: 5, foil: 7 }), silent),
    ])
    expect(lens.scaleHeld).toHaveLength(opened.model.card.layers + 1)
    expect(Math.abs((lens.scaleHeld.at(-1) ?? 0) + shares.constant - shares.difference)).toBeLessThan(10 * tolerance)
    const target = { index: 5, foil: 7, position: lens.position, space: 'score' } as const
    const { row } = await opened.run(inputOf(TEXT))
    const plain = await opened.model.runsOf?.(row, target).residual()
    // By the backward part that starts at the scores, the final norm on its way.
    const through = plain?.states.slice(0, -1).map(({ values, gradient }) => {
      const from = (lens.position * values.length) / row.tokens.length
      const to = ((lens.position + 1) * values.length) / row.tokens.length
      return values.subarray(from, to).reduce((sum, value, at) => sum + value * (gradient[from + at] ?? Number.NaN), 0)
    })
    for (const [layer, value] of (through ?? []).entries()) {
      expect(Math.abs((lens.throughNorm[layer] ?? Number.NaN) - value)).toBeLessThan(10 * tolerance)
    }
    expect(through).toHaveLength(opened.model.card.layers)
  })
})

describe('a masked model', () => {
  let opened: OpenedEngine
  beforeAll(async () => {
    opened = await openEngine(folderPlace('fixtures/zoo/bert_mlm', ['onnx/model.onnx']), 'onnx/model.onnx', false)
  })
  afterAll(() => opened.release())

  it('is read at its mask by its whole head', async () => {
    const lens = await opened.engine.logitLens(request({ input: inputOf('the film is [MASK]') }), silent)
    const { row } = await opened.run(inputOf('the film is [MASK]'))
    expect(row.tokens[lens.position]?.piece).toBe('[MASK]')
    const answer = await opened.model.answerAt(row, lens.position)
    expect(lens.target.id).toBe(answer?.candidates[0]?.id)
    expect(lens.columns[lens.position]?.cells.at(-1)?.probability).toBeCloseTo(answer?.candidates[0]?.probability ?? -1, 4)
  })

  it('has a stream that is no sum, and no gradients here', async () => {
    await expect(opened.engine.logitAttribution(request(), silent)).rejects.toMatchObject({ kind: 'not-a-sum' })
    await expect(opened.engine.jacobianLens(request(), silent)).rejects.toMatchObject({ kind: 'no-gradients' })
  })
})

it('a classifier is not read', async () => {
  const opened = await openEngine(folderPlace('fixtures/zoo/bert', ['onnx/model.onnx']), 'onnx/model.onnx', false)
  expect(opened.model.card.found.readout).toBe(false)
  await expect(opened.engine.logitLens(request(), silent)).rejects.toMatchObject({ kind: 'no-readout' })
  await opened.release()
})
