// Headlines of the embedded classifier: what they claim is what the model answers to the text as a reader would type it.
// 200 sentences, and the language model: headline.full.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import type { LoadedModel } from '#engine/model/model'
import { openModelFolder } from '../../../../tools/model-folder.ts'
import { answerTo, claimed, headlineOf, textWithoutUnits } from './testing/headline-of.ts'

describe('a headline of the embedded classifier', () => {
  let model: LoadedModel
  beforeAll(async () => {
    model = (await openModelFolder('public/models/minilm-sst2', { gradients: 'if-small' })).model
  }, 60_000)

  it.each(['The film is not bad at all.', 'I hated it.', "It isn't a masterpiece, but I loved every minute of it."])(
    'says of “%s” what the model answers without its words',
    async (text) => {
      const found = await headlineOf(model, text)
      const claims = claimed(found.headline)
      expect(claims.length).toBeGreaterThan(0)
      for (const { units, answer } of claims) {
        expect(await answerTo(model, textWithoutUnits(text, found, units))).toBe(answer.index)
        expect(answer.index).not.toBe(found.headline.answer.index)
      }
    },
  )

  it('has the drops of leaving one out', async () => {
    const { headline } = await headlineOf(model, 'I hated it.')
    expect(Array.from(headline.drops, (drop) => drop.toFixed(2))).toEqual(['0.06', '3.68', '0.23', '0.12'])
    expect(headline).toMatchObject({ left: 0, removal: 'mask', unit: 'word', answer: { label: 'NEGATIVE' } })
  })

  it('claims that no word decides only where none does', async () => {
    const { headline } = await headlineOf(model, 'A great film.')
    expect(headline.claim).toMatchObject({ kind: 'none-alone', without: { units: [1], answer: { label: 'POSITIVE' } } })
  })

  it('takes “isn’t” for one word', async () => {
    const { headline, row } = await headlineOf(model, "It isn't good.")
    expect(headline.units.map((unit) => unit.map((token) => row.tokens[token]?.label).join(''))).toEqual(['It', "isn't", 'good', '.'])
  })

  it('takes passages away where a text has many words', async () => {
    const { headline } = await headlineOf(model, 'The film is slow at first, and then it is not. '.repeat(6))
    expect(headline.unit).toBe('passage')
    expect(headline.units.flat()).toHaveLength(headline.units.flat().at(-1) ?? 0)
    expect(headline.units.length).toBeLessThanOrEqual(48)
  })

  it.each(['Good', '', '  '])('has nothing to remove from “%s”', async (text) => {
    expect((await headlineOf(model, text)).headline).toMatchObject({ claim: { kind: 'nothing-to-remove' }, left: 0 })
  })
})
