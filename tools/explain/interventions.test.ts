// Interventions asked on the command line.

import { describe, expect, it } from 'vitest'
import { parseExplainArguments } from './arguments.ts'
import { UsageError } from './options.ts'
import { explained } from './testing/explained.ts'

const MINILM = ['--model', 'public/models/minilm-sst2', '--text', 'The film is not bad at all.']
const LLAMA = ['--model', 'fixtures/zoo/llama', '--file', 'onnx/model.onnx', '--text', 'the film is not the film']

async function resultOf(...args: readonly string[]) {
  const { code, lines } = await explained(...args, '--json')
  expect(code).toBe(0)
  return JSON.parse(lines[0] ?? '').result
}

describe('switching off', () => {
  it('every part alone, or some together, agree', { timeout: 60_000 }, async () => {
    const alone = await resultOf(...MINILM, '--ablate', 'mean')
    expect([alone.off.heads.length, alone.off.heads[0].length, alone.off.mlps.length, alone.off.attention.length]).toEqual([6, 12, 6, 6])
    for (const [parts, number] of [
      ['1.7', alone.off.heads[1][7]],
      ['m3', alone.off.mlps[3]],
      ['a5', alone.off.attention[5]],
    ]) {
      const { together, untouched } = await resultOf(...MINILM, '--ablate', 'mean', '--off', parts)
      expect(together.now).toBeCloseTo(number, 4)
      expect(untouched).toBeCloseTo(alone.untouched, 4)
    }
  })

  it('is told to a person', async () => {
    const { lines } = await explained(...MINILM, '--ablate', 'zero', '--off', '1.7,m3:0.5')
    expect(lines[0]).toMatch(
      /3\.32\d+ untouched; a part is replaced by zero; .*\n {2}head 1\.7 off, MLP 3 at 0\.5: .* a change of .*\n {4}"/,
    )
    const sweep = await explained(...LLAMA, '--ablate', 'zero')
    expect(sweep.lines[0]).toMatch(/the strongest 12 of 12$/)
  })

  it('a part that is not there is refused in a sentence', async () => {
    const { code, messages } = await explained(...MINILM, '--ablate', 'zero', '--off', '9.0')
    expect([code, messages.at(-1)]).toEqual([1, 'The model has no such layer or head.'])
  })
})

describe('patching', () => {
  it('has a share for every cell, between the numbers of the texts', async () => {
    const args = [...LLAMA, '--text-b', 'the bilm is not the film', '--patch', 'residual', '--target', '5', '--foil', '7']
    const { a, b, numbers, shares, tokens, foil } = await resultOf(...args)
    expect([numbers.length, numbers[0].length, foil.index]).toEqual([2, tokens.length, 7])
    expect(Math.max(...shares[0])).toBeCloseTo(1, 3)
    expect(shares[1][0]).toBeCloseTo((numbers[1][0] - b) / (a - b), 3)
    const { lines } = await explained(...args)
    expect(lines[0]).toMatch(/residual: B is run with one activation of A; 1 restores A\n {5}1\.000\d {2}\(.*\) {2}layer 0 at position/)
  })

  it('of a language model the contrast is what the other text is answered with, unless one is named', async () => {
    const other = 'the bilm is not the film'
    const [own, answer] = await Promise.all([
      resultOf(...LLAMA, '--text-b', other, '--ablate', 'zero'),
      resultOf(...LLAMA.slice(0, -1), other),
    ])
    const best = answer.prediction[0].candidates[0]
    expect(own.foil?.label ?? own.target.label).toBe(best.label)
  })

  it('texts of other lengths are refused in a sentence', async () => {
    const { code, messages } = await explained(...MINILM, '--text-b', 'Awful.', '--patch', 'heads')
    expect([code, messages.at(-1)]).toEqual([1, 'A has 10 tokens and B has 4.'])
  })

  it.each([
    [['--patch', 'heads'], '--patch puts activations of one text into the other: --text-b is missing.'],
    [['--ablate', 'resample'], '--ablate resample takes what parts give in the other text: --text-b is missing.'],
    [['--ablate', 'one'], '--ablate takes zero, mean, resample, not one.'],
    [['--off', '1.2'], '--off goes with --ablate.'],
    [['--ablate', 'zero', '--off', 'x'], '--off takes parts with commas'],
    [['--ablate', 'zero', '--patch', 'heads'], '--ablate and --patch exclude each other.'],
  ])('%s is refused', (args, message) => {
    expect(() => parseExplainArguments([...MINILM, ...args])).toThrow(UsageError)
    expect(() => parseExplainArguments([...MINILM, ...args])).toThrow(message)
  })
})
