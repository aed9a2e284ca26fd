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
  // Its operators keep a cache of their own, which is taken apart when it is opened: inputs are added.
  ['qwen2', 'onnx/model_genai.onnx', 'added'],
  ['gpt2', 'onnx/decoder_model_merged.onnx', 'added'],
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

  it('goes on to the longest text that the model takes', async () => {
    const { statedTokens, maxTokens } = opened.model.card
    const { steps, ended } = await generate({ rules: { ...GREEDY, temperature: 2 }, count: 2000 })
    const most = Math.max(maxTokens, statedTokens ?? 0) - opened.model.tokenizer.encode(TEXT).tokens.length
    expect(ended).toBe(steps.some(({ token }) => opened.model.ends.has(token.id)) ? 'end-token' : 'longest')
    if (ended === 'longest') expect(steps).toHaveLength(most)
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

describe('a masked model', () => {
  let opened: OpenedEngine
  beforeAll(async () => {
    opened = await openEngine(folderPlace('fixtures/zoo/bert_mlm', ['onnx/model.onnx']), 'onnx/model.onnx', false)
  })
  afterAll(() => opened.release())
  const text = 'the [MASK] is [MASK] .'
  const generate = (more: Partial<GenerateRequest> = {}) =>
    opened.engine.generate({ input: inputOf(text), behind: [], rules: GREEDY, seed: 3, count: 9, ...more }, silent)

  it('fills its masks from the first on, each with those before it in place', async () => {
    const heard: number[] = []
    const found = await opened.engine.generate(
      { input: inputOf(text), behind: [], rules: GREEDY, seed: 3, count: 9 },
      { signal: never, progress: ({ step }) => void heard.push(step.token.id) },
    )
    const { model } = opened
    const row = model.tokenizer.encode(text)
    const masks = row.tokens.flatMap(({ piece }, at) => (piece === '[MASK]' ? [at] : []))
    expect(masks).toHaveLength(2)
    const [first = 0, second = 0] = masks
    const best = (await model.answerAt(row, first))?.candidates[0]
    const filled = { ...row, tokens: row.tokens.map((token, at) => (at === first && best ? { ...token, id: best.id } : token)) }
    const then = (await model.answerAt(filled, second))?.candidates[0]
    expect(found.steps.map(({ token }) => token.id)).toEqual([best?.id, then?.id])
    expect(found.steps[1]?.probability).toBeCloseTo(then?.probability ?? Number.NaN, 5)
    expect(heard).toEqual(found.steps.map(({ token }) => token.id))
    expect([found.next, found.ended, found.cache]).toEqual([null, 'filled', 'masked'])
  })

  it('goes on behind another token, one by one, and draws by the seed', async () => {
    const { steps } = await generate({ count: 1 })
    const other = steps[0]?.choice.candidates[3]?.id ?? -1
    const branch = await generate({ behind: [other] })
    expect(branch.steps).toHaveLength(1)
    expect((await generate({ behind: [other], count: 0 })).next?.candidates[0]?.id).toBe(branch.steps[0]?.token.id)
    const drawn = async (seed: number) => (await generate({ rules: DRAWING, seed })).steps.map(({ token }) => token.id)
    expect(await drawn(3)).toEqual(await drawn(3))
    expect(await drawn(5)).not.toEqual(await drawn(3))
  })

  it('has its fills as edits, which give the same tokens, or says that they do not', async () => {
    const [, start, rest] = opened.model.tokenizer.encode('film').tokens
    // This tiny vocabulary has pieces of one or two letters.
    expect(rest?.piece).toMatch(/^##/)
    const typed = await opened.engine.typed({ input: inputOf(text), behind: [start?.id ?? -1] }, silent)
    expect(typed).toMatchObject({ text, same: true, mask: 4, edits: [{ kind: 'replace', at: 2, word: start?.piece }] })
    expect((await opened.engine.typed({ input: inputOf(text), behind: [rest?.id ?? -1] }, silent)).same).toBe(false)
  })

  it('without a mask has nothing to fill', async () => {
    const { steps, next, ended } = await generate({ input: inputOf('the film') })
    expect([steps, next, ended]).toEqual([[], null, 'filled'])
  })
})
