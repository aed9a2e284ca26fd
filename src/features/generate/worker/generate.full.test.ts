// The embedded language model goes on as PyTorch does with the same weights.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import reference from '../../../../fixtures/smollm2-generation.json' with { type: 'json' }
import { folderPlace } from '../../../../tools/explain/model-place.ts'
import { type OpenedEngine, openEngine } from '../../../../tools/explain/open-engine.ts'

const FILE = 'onnx/model_q4.onnx'
const GREEDY = { temperature: 0, topK: null, topP: null, minP: null, typical: null }

describe('SmolLM2 at temperature 0', () => {
  let opened: OpenedEngine
  beforeAll(async () => {
    opened = await openEngine(folderPlace('public/models/smollm2-135m-instruct', [FILE]), FILE, false)
  }, 300_000)
  afterAll(() => opened.release())

  it.each(reference.prompts)(
    'goes on from "$text"',
    { timeout: 180_000 },
    async ({ text, chat, generated, logprobs, ended_by_eos: ended }) => {
      const input = { ...inputOf(text), ...(chat ? { chat: true as const } : {}) }
      const found = await opened.engine.generate(
        { input, behind: [], rules: GREEDY, seed: 0, count: 40 },
        { signal: never, progress: () => undefined },
      )
      expect(found.cache).toBe('kept')
      expect(found.steps.map(({ token }) => token.id)).toEqual(generated)
      expect(found.ended).toBe(ended ? 'end-token' : 'count')
      for (const [at, { probability }] of found.steps.entries())
        expect(Math.abs(Math.log(probability) - (logprobs[at] ?? Number.NaN))).toBeLessThan(1e-3)
    },
  )
})
