import { describe, expect, it } from 'vitest'
import type { Prediction } from '#answers/answer-kinds'
import type { LoadedModel } from '#engine/model/model'
import type { Turn } from '#engine/passes/token-game'
import { isCompleteWord } from './complete-words.ts'

const NEXT: Prediction = { kind: 'tokens', asks: 'next', positions: [] }
const turn: Turn = (_cancel, work) => work()
const cancel = new AbortController().signal

/** A model that goes on after each word as given: label and probability. */
function modelThat(goesOn: Readonly<Record<string, readonly (readonly [string, number])[]>>) {
  const asked: string[] = []
  const model = {
    tokenizer: { encodeWord: (word: string) => [{ id: 1, piece: word }] },
    answerAt: async ({ tokens }: { readonly tokens: readonly { readonly label: string }[] }, position: number) => {
      const word = tokens[position]?.label ?? ''
      asked.push(word)
      return {
        position,
        entropy: 0,
        candidates: (goesOn[word] ?? []).map(([label, probability], id) => ({ id, piece: label, label, probability })),
      }
    },
  } as unknown as LoadedModel
  return { model, asked }
}

describe('a word of a vocabulary of beginnings', () => {
  it('is whole where the model expects something else than the rest of it', async () => {
    const { model } = modelThat({
      good: [
        [' film', 0.5],
        [',', 0.3],
        ['ness', 0.1],
      ],
      inf: [
        ['ormation', 0.6],
        [' the', 0.2],
      ],
    })
    expect(await isCompleteWord(model, NEXT, 'good', turn, cancel)).toBe(true)
    expect(await isCompleteWord(model, NEXT, 'inf', turn, cancel)).toBe(false)
  })

  it('is whole at exactly half, and where nothing is known of what follows', async () => {
    const { model } = modelThat({
      half: [
        ['way', 0.25],
        [' a', 0.25],
      ],
    })
    expect(await isCompleteWord(model, NEXT, 'half', turn, cancel)).toBe(true)
    expect(await isCompleteWord(model, NEXT, 'unknown', turn, cancel)).toBe(true)
  })

  it('is asked about once', async () => {
    const { model, asked } = modelThat({ prov: [['ided', 0.9]] })
    expect(await isCompleteWord(model, NEXT, 'prov', turn, cancel)).toBe(false)
    expect(await isCompleteWord(model, NEXT, 'prov', turn, cancel)).toBe(false)
    expect(asked).toEqual(['prov'])
  })

  it('is taken as it is of a model that does not read on', async () => {
    const { model, asked } = modelThat({ inf: [['ormation', 0.9]] })
    const classes: Prediction = {
      kind: 'classes',
      activation: 'softmax',
      labels: ['no', 'yes'],
      logits: Float32Array.of(0, 1),
      probabilities: Float32Array.of(0.3, 0.7),
    }
    expect(await isCompleteWord(model, classes, 'inf', turn, cancel)).toBe(true)
    expect(asked).toEqual([])
  })
})
