// What the embedded language model must answer, whichever way its weights are held.

import { beforeAll, describe, expect, it } from 'vitest'
import reference from '../../../fixtures/smollm2-reference.json'
import { openModelFolder } from '../../../tools/model-folder.ts'
import type { LoadedModel } from '../model/model.ts'
import { largestGap } from './reference.ts'

export function describeSmolLm2(weights: 'float32' | 'packed'): void {
  describe(`SmolLM2 with ${weights} weights`, () => {
    let model: LoadedModel
    beforeAll(async () => {
      model = (await openModelFolder('public/models/smollm2-135m-instruct', { weights })).model
    }, 120_000)

    it('is what its files say', () => {
      expect(model.card).toMatchObject({
        task: 'causal-lm',
        layers: 30,
        heads: 9,
        vocabulary: 49_152,
        chat: true,
        maskToken: null,
        file: 'onnx/model_q4.onnx',
        license: 'apache-2.0',
        weights: { form: weights, reason: 'chosen-by-reader' },
        gradients: 'on-request',
      })
      // 134,515,008, and a scale for each row of the embedding table.
      expect(model.card.parameters / 134_515_008).toBeCloseTo(1, 3)
      expect(model.card.maxTokens).toBeLessThan(model.card.statedTokens ?? 0)
    })

    it.each(reference.items)(
      'agrees with PyTorch on “$text”',
      async ({ text, ids, tokens, top20, attention_last_row: rows, target, target_logprob }) => {
        const row = model.tokenizer.encode(text)
        expect(row.tokens.map(({ id }) => id)).toEqual(ids)
        expect(row.tokens.map(({ piece }) => piece)).toEqual(tokens)
        const { prediction, attention } = await model.run(row)
        if (prediction.kind !== 'tokens') throw new Error(prediction.kind)
        const [answer, ...others] = prediction.positions
        expect([answer?.position, others.length]).toEqual([ids.length - 1, 0])
        const best = answer?.candidates.slice(0, 20) ?? []
        expect(best.map(({ id }) => id)).toEqual(top20.ids)
        expect(
          largestGap(
            best.map(({ logit }) => logit),
            top20.logits.data,
          ),
        ).toBeLessThan(1e-3)
        const found = answer?.candidates.find(({ id }) => id === target[1])
        expect(found?.label).toBe(target[0])
        expect(Math.log(found?.probability ?? 0)).toBeCloseTo(target_logprob, 3)
        const last = attention.layers.flatMap(({ heads, data }) =>
          Array.from({ length: heads }, (_, head) => {
            const end = (head + 1) * ids.length * ids.length
            return Array.from(data.subarray(end - ids.length, end))
          }).flat(),
        )
        expect(largestGap(last, rows.data)).toBeLessThan(1e-4)
      },
    )

    it('answers at another position as it answers of the text up to there', async () => {
      const [item] = reference.items
      const row = model.tokenizer.encode(item?.text ?? '')
      const shorter = { ...row, tokens: row.tokens.slice(0, 3) }
      const [at, alone] = [await model.answerAt(row, 2), await model.answerAt(shorter, 2)]
      expect(at?.candidates.slice(0, 10).map(({ id }) => id)).toEqual(alone?.candidates.slice(0, 10).map(({ id }) => id))
      expect(at?.entropy).toBeCloseTo(alone?.entropy ?? 0, 3)
    })
  })
}
