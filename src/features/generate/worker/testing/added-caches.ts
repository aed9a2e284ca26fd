// Decoders of the zoo whose files take no keys and values of earlier tokens: which get inputs for them, and that the text goes on as without.

import { expect } from 'vitest'
import { inputOf, never } from '#engine/testing/toy-model.fixture'
import { type SamplingRules, uniformAt } from '#methods/generation/sampling'
import { folderPlace } from '../../../../../tools/explain/model-place.ts'
import { openEngine } from '../../../../../tools/explain/open-engine.ts'
import { choose } from '../choice.ts'

const TEXT = 'the film is'
const GREEDY: SamplingRules = { temperature: 0, topK: null, topP: null, minP: null, typical: null }
const DRAWING: SamplingRules = { temperature: 1.5, topK: 200, topP: 0.95, minP: null, typical: null }
const SEED = 3
const COUNT = 12
const silent = { signal: never, progress: () => undefined }

export const ADDED: readonly (readonly [family: string, name: string])[] = [
  ['gpt2', 'decoder_model'],
  ['gpt2', 'decoder_model_merged'],
  ['gpt2', 'decoder_model_merged_quantized'],
  ['gpt2', 'model_opset11'],
  ['gpt2', 'model_opset23'],
  ['gpt2', 'model_sdpa_dynamo'],
  ['gpt_neox', 'decoder_model_merged'],
  ['gpt_neox', 'model_ortfusions'],
  ['gpt_neox', 'model_sdpa_dynamo'],
  ['llama', 'model_genai'],
  ['llama', 'model_genai_2025'],
  ['llama', 'model_genai_q4'],
  ['llama', 'model_genai_quantized'],
  ['llama', 'model_opset23'],
  ['llama', 'model_ortfusions'],
  ['llama', 'model_sdpa_dynamo'],
  ['qwen2', 'model_genai'],
  ['qwen2', 'model_genai_q4'],
  ['qwen2', 'model_opset23'],
  ['qwen2', 'model_ortfusions'],
]

/** Rounded to float16, two ways of running differ by a thousandth of the scores' range: a token drawn may be another one. */
export const REFUSED: typeof ADDED = [
  ['gpt2', 'model_fp16'],
  ['llama', 'model_fp16'],
  ['llama', 'model_q4f16'],
  ['llama', 'model_genai_q4f16'],
  ['qwen2', 'model_genai_q4f16'],
]

const open = (family: string, file: string) => openEngine(folderPlace(`fixtures/zoo/${family}`, [file]), file, false)

/** Goes on with keys and values as it does without, at temperature 0 and for a seed. */
export async function expectSameTokens(family: string, name: string): Promise<void> {
  const { engine, model, release } = await open(family, `onnx/${name}.onnx`)
  const start = model.tokenizer.encode(TEXT).tokens.map(({ id }) => id)
  const without = async (rules: SamplingRules): Promise<readonly number[]> => {
    const ids = [...start]
    while (ids.length < start.length + COUNT) {
      const next = await model.continuing?.next(ids, [])
      if (next === undefined) throw new Error('nothing comes next')
      const { id } = choose(next.scores, rules, uniformAt(SEED, ids.length), model.tokenizer)
      ids.push(id)
      if (model.ends.has(id)) break
    }
    return ids.slice(start.length)
  }
  expect(model.continuing?.keeps).toBe(false)
  for (const rules of [GREEDY, DRAWING]) {
    const request = { input: inputOf(TEXT), behind: [], rules, seed: SEED, count: COUNT }
    const { steps, cache, lacking } = await engine.generate(request, silent)
    expect([cache, lacking]).toEqual(['added', null])
    expect(steps.map(({ token }) => token.id)).toEqual(await without(rules))
  }
  await release()
}

/** Goes on without, and says why. */
export async function expectRefused(family: string, name: string): Promise<void> {
  const { engine, release } = await open(family, `onnx/${name}.onnx`)
  const { cache, lacking } = await engine.generate({ input: inputOf(TEXT), behind: [], rules: GREEDY, seed: SEED, count: 1 }, silent)
  expect([cache, lacking]).toEqual(['none', { reason: 'half', at: null }])
  await release()
}
