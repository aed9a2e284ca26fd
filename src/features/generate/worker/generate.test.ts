// Texts go on as the model says when it reads each of them whole.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TokenCache } from '#engine/passes/continuing-passes'
import { largestGap } from '#engine/testing/reference'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import type { SamplingRules } from '#methods/generation/sampling'
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'
import type { GenerateRequest } from '../api.ts'

const TEXT = 'the film is'
const GREEDY: SamplingRules = { temperature: 0, topK: null, topP: null, minP: null, typical: null }
const DRAWING: SamplingRules = { temperature: 1.5, topK: 200, topP: 0.95, minP: null, typical: null }
const silent = { signal: never, progress: () => undefined }

const FILES = [
  ['gpt2', 'onnx/model.onnx', 'kept'],
  ['gpt_neox', 'onnx/model.onnx', 'kept'],
  ['llama', 'onnx/model.onnx', 'kept'],
  ['llama', 'onnx/model_q4.onnx', 'kept'],
  ['qwen2', 'onnx/model.onnx', 'kept'],
  // Its operators keep a cache of their own, which is taken apart when it is opened.
  ['qwen2', 'onnx/model_genai.onnx', 'none'],
  ['gpt2', 'onnx/decoder_model_merged.onnx', 'none'],
] as const

describe.each(FILES)('%s %s', (folder, file, cache) => {
  let opened: OpenedEngine
  beforeAll(async () => {
    opened = await openEngine(folderPlace(`fixtures/zoo/${folder}`, [file]), file, false)
  })
  afterAll(() => opened.release())

  const generate = (more: Partial<GenerateRequest>) =>
    opened.engine.generate({ input: inputOf(TEXT), behind: [], rules: GREEDY, seed: 3, count: 8, ...more }, silent)
  const idsOf = async (more: Partial<GenerateRequest>) => (await generate(more)).steps.map(({ token }) => token.id)

  it('adds the most likely token each time, as if the whole text was read anew', async () => {
    const found = await generate({})
    expect(found.cache).toBe(cache)
    expect(found.steps).toHaveLength(8)
    const { model } = opened
    const behind: number[] = []
    for (const { token, probability, rank } of found.steps) {
      const { tokens } = model.tokenizer.encode(TEXT)
      const [first] = tokens
      if (first === undefined) throw new Error('no token')
      const row = { tokens: [...tokens, ...behind.map((id) => ({ ...first, id }))], cutAt: null, wantedLength: 0 }
      const answer = await model.answerAt(row, row.tokens.length - 1)
      expect(rank).toBe(1)
      expect(token.id).toBe(answer?.candidates[0]?.id)
      expect(probability).toBeCloseTo(answer?.candidates[0]?.probability ?? Number.NaN, 4)
      behind.push(token.id)
    }
  })

  it.runIf(cache === 'kept')('gives the same scores with a list of past tokens that its caller lets grow', async () => {
    const passes = opened.model.continuing
    if (passes === null) throw new Error('nothing comes next')
    const ids = opened.model.tokenizer.encode(TEXT).tokens.map(({ id }) => id)
    const past: TokenCache[] = []
    for (const id of [5, 7, 5, 9]) {
      const { scores, kept } = await passes.next(ids.slice(past.length), past)
      past.push(...kept)
      const whole = await passes.next(ids, [])
      expect(largestGap(scores, whole.scores)).toBeLessThan(1e-4)
      ids.push(id)
    }
  })

  it('draws the same tokens in one go, from the middle on, and again', async () => {
    const whole = await idsOf({ rules: DRAWING })
    expect(await idsOf({ rules: DRAWING })).toEqual(whole)
    const [start, rest] = [whole.slice(0, 3), whole.slice(3)]
    expect(await idsOf({ rules: DRAWING, behind: start, count: 5 })).toEqual(rest)
    expect(await idsOf({ rules: DRAWING, seed: 4 })).not.toEqual(whole)
  })

  it('another branch does not disturb the first', async () => {
    const { steps } = await generate({})
    const [first] = steps
    const other = first?.choice.candidates[1]
    if (first === undefined || other === undefined) throw new Error('no candidates')
    await generate({ behind: [other.id] })
    const again = await generate({ behind: [first.token.id], count: 7 })
    expect(again.steps.map(({ token }) => token.id)).toEqual(steps.slice(1).map(({ token }) => token.id))
  })
})
