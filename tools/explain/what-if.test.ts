// What if, in the headless command: each number is checked against the plain prediction of the edited text.

import { describe, expect, it } from 'vitest'
import { parseExplainArguments } from './arguments.ts'
import type { CounterfactualsAnswer } from './run-counterfactuals.ts'
import type { EditsAnswer } from './run-edits.ts'
import type { InteractionsAnswer } from './run-interactions.ts'
import type { MethodAnswer } from './run-method.ts'
import type { TextAnswer } from './run-text.ts'
import { explained } from './testing/explained.ts'

const MINILM = ['--model', 'public/models/minilm-sst2'] as const
const GPT2 = ['--model', 'fixtures/zoo/gpt2', '--file', 'onnx/model.onnx'] as const
const TEXT = 'The film is not bad at all.'

async function asked<Answer>(...args: readonly string[]): Promise<Answer> {
  return JSON.parse((await explained(...args, '--json')).lines[0] ?? '').result
}

async function refused(...args: readonly string[]): Promise<{ readonly kind: string; readonly message: string }> {
  return JSON.parse((await explained(...args, '--json')).lines[0] ?? '').error
}

/** The candidates of two texts, each by a run of its own. */
async function candidatesOf(model: readonly string[], ...[one = '', other = '']: readonly string[]) {
  const answers = await asked<readonly TextAnswer[]>(...model, '--text', one, '--text-b', other)
  return answers.map(({ prediction }) => prediction?.[0]?.candidates ?? [])
}

/** The logit of a class or token for each of two texts. */
async function logitsOf(model: readonly string[], label: string, ...texts: readonly string[]) {
  return (await candidatesOf(model, ...texts)).map((candidates) => logitIn(candidates, label))
}

const logitIn = (candidates: readonly { readonly label: string; readonly logit: number }[] = [], label: string): number =>
  candidates.find((candidate) => candidate.label === label)?.logit ?? Number.NaN

describe('many edits', { timeout: 60_000 }, () => {
  it('have the numbers of single runs, of every kind and of typed words', async () => {
    const families = ['mask', 'delete', 'neighbour', 'random', 'swap', 'typo']
    const words = ['--words', 'good,great', '--at', 'TERRIBLE'] as const
    const answer = await asked<EditsAnswer>(...MINILM, '--text', 'Not terrible.', '--edits', families.join(), ...words)
    const { edits, tokens } = answer
    expect(answer).toMatchObject({ space: 'score', unit: 'logits', answer: 'POSITIVE', not_possible: [], target: { label: 'POSITIVE' } })
    expect(new Set(edits.map(({ family }) => family))).toEqual(new Set([...families, 'word']))
    expect(edits.map(({ token }) => token)).toEqual(edits.map(({ token }) => token).toSorted((one, other) => one - other))
    expect(edits.every(({ attention, similarity }) => attention.length === 6 && similarity !== null)).toBe(true)
    const good = edits.find(({ word }) => word === 'good')
    const without = edits.find(({ family, token }) => family === 'delete' && tokens[token] === 'not')
    expect(good).toMatchObject({ edit: '"terrible" → "good"', family: 'word', flips: true, answer: 'NEGATIVE', before: answer.output })
    const [ofGood = 0, ofWithout = 0] = await logitsOf(MINILM, 'POSITIVE', 'Not good.', 'terrible.')
    expect(good?.after).toBeCloseTo(ofGood, 4)
    expect(good?.change).toBeCloseTo(ofGood - answer.output, 4)
    expect(without?.after).toBeCloseTo(ofWithout, 4)
  })

  it('are told of a probability, the strongest first, in a table', async () => {
    const args = [...MINILM, '--text', TEXT, '--edits', 'delete', '--sort', 'change', '--space', 'probability'] as const
    const { code, lines } = await explained(...args)
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/"POSITIVE": 0\.9976 of probability; the model answers "POSITIVE"\n {2}edit +before → after +change +answer/)
    expect(lines[0]).toMatch(
      /\n {2}"not" deleted {3}0\.9976 → 0\.0027 {2}-0\.9949 {2}NEGATIVE \(flips\) {2}0\.\d{3} [▁-█]{6} {5}-0\.8\d\d\n/,
    )
  })

  it('name the token that they are to stand for', async () => {
    const words = ['--text', 'a cat, a dog', '--words', 'x'] as const
    expect(await refused(...MINILM, ...words, '--at', 'a')).toEqual({
      kind: 'no-such-token',
      message: '"a" stands at 1, 4: name one of these indexes with --at.',
    })
    expect((await refused(...MINILM, ...words, '--at', 'bird')).message).toContain('it has 0 [CLS], 1 a, 2 cat, 3 ,, 4 a, 5 dog')
    expect((await refused(...MINILM, ...words, '--at', '0')).message).toContain("[CLS] is the model's own")
  })

  it('say which of them could not be made', async () => {
    const long = 'word '.repeat(600)
    const answer = await asked<EditsAnswer>(...MINILM, '--text', 'a cat', '--words', `dog,${long}`, '--at', 'cat')
    expect(answer.edits.map(({ word }) => word)).toEqual(['dog'])
    expect(answer.refused).toMatchObject([{ reason: 'too-long' }])
  })

  it('say which of them a language model has not', async () => {
    const answer = await asked<EditsAnswer>(...GPT2, '--text', 'the cat', '--edits', 'mask,delete,neighbour', '--space', 'log-probability')
    expect(answer).toMatchObject({ unit: 'nats', not_possible: ['mask'], position: answer.tokens.length - 1 })
    expect(answer.left_out).toContainEqual({ family: 'mask', token: 0, reason: 'no-mask-token' })
    for (const { before, after, change } of answer.edits) expect(change).toBeCloseTo(after - before, 4)
    expect((await refused(...GPT2, '--text', 'the cat', '--edits', 'mask')).kind).toBe('nothing-to-perturb')
  })
})

describe('the smallest change', { timeout: 60_000 }, () => {
  it('turns the answer over when the edited text is run', async () => {
    const answer = await asked<CounterfactualsAnswer>(...MINILM, '--text', TEXT, '--flip', '--moves', 'delete,replace')
    const [first, second] = answer.found
    expect(answer.tried).toBeGreaterThan(answer.found.length)
    expect(first?.marked).toMatch(/^The film is \[-not-\](\{\+\w+\+\})? bad at all\.$/)
    expect(second).toBeDefined()
    const texts = [first?.text ?? '', second?.text ?? '']
    const candidates = await candidatesOf(MINILM, ...texts)
    for (const [at, flip] of [first, second].entries()) {
      expect(flip?.answer).toBe('NEGATIVE')
      expect(flip?.margin).toBeLessThan(0)
      expect(flip?.margin).toBeCloseTo(logitIn(candidates[at], 'POSITIVE') - logitIn(candidates[at], 'NEGATIVE'), 4)
      expect(flip?.after).toBeCloseTo(logitIn(candidates[at], 'POSITIVE'), 4)
    }
  })

  it('halves a probability, and says what it tried', async () => {
    const { lines } = await explained(...MINILM, '--text', TEXT, '--flip', '--goal', 'halve', '--moves', 'delete', '--space', 'probability')
    expect(lines[0]).toMatch(
      /half of the probability of "POSITIVE", by deleting: now 0\.9976 of probability\n {4}The film is \[-not-\] bad/,
    )
    expect(lines[0]).toMatch(
      /"NEGATIVE", 0\.496\d of probability below the half; 0\.0027 of probability\n[\s\S]*\n {2}8 sets of one edit tried$/,
    )
  })

  it('turns over what a language model says next, and is refused what the model cannot be given', async () => {
    const answer = await asked<CounterfactualsAnswer>(...GPT2, '--text', 'the cat the dog', '--flip')
    const last = answer.found.find(({ changes }) => changes[0]?.token === answer.tokens.length - 1)
    expect(last).toMatchObject({ marked: 'the cat the do[-g-]', text: 'the cat the do' })
    const { prediction } = await asked<TextAnswer>(...GPT2, '--text', 'the cat the do')
    expect(prediction?.[0]?.candidates[0]?.label).toBe(last?.answer)
    expect(last?.answer).not.toBe(answer.target.label)
    expect(await refused(...GPT2, '--text', 'the cat', '--flip', '--moves', 'mask')).toMatchObject({ kind: 'nothing-to-perturb' })
  })
})

describe('pairs', { timeout: 60_000 }, () => {
  it('are the second difference of single runs', async () => {
    const answer = await asked<InteractionsAnswer>(...MINILM, '--text', TEXT, '--pairs', '--absence', 'delete')
    const labels = answer.units.map(({ label }) => label)
    expect(labels).toEqual(['The', 'film', 'is', 'not', 'bad', 'at', 'all', '.'])
    const [not, bad] = [labels.indexOf('not'), labels.indexOf('bad')]
    const [whole = 0, withoutNot = 0] = await logitsOf(MINILM, 'POSITIVE', TEXT, 'The film is bad at all.')
    const [withoutBad = 0, withoutBoth = 0] = await logitsOf(MINILM, 'POSITIVE', 'The film is not at all.', 'The film is at all.')
    expect(answer.values[not]?.[bad]).toBeCloseTo(whole - withoutNot - withoutBad + withoutBoth, 3)
    expect(answer.values[bad]?.[not]).toBe(answer.values[not]?.[bad])
    expect(answer.values.map((row, at) => row[at])).toEqual(labels.map(() => null))
  })

  it('are listed with the strongest first, and told apart where they are called the same', async () => {
    const { lines } = await explained(...GPT2, '--text', 'the cat the dog', '--pairs', '--space', 'probability')
    expect(lines[0]).toMatch(/pairs for "\w+" at position 6 \(g\): 0\.\d{4} of probability; taken away by deleting\n/)
    expect(lines[0]).toContain('"the" (0) with')
    const sizes = Array.from(lines[0]?.matchAll(/\n +(-?\d\.\d{4}) {2}"/g) ?? [], ([, number]) => Math.abs(Number(number)))
    expect(sizes).toHaveLength(10)
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one))
  })
})

describe('a probability', { timeout: 60_000 }, () => {
  it('of a vocabulary is explained by what needs no gradient, and the others say what does not', async () => {
    const ask = [...GPT2, '--text', 'the cat', '--space', 'probability'] as const
    const answer = await asked<MethodAnswer>(...ask, '--method', 'exact-shapley')
    const { prediction } = await asked<TextAnswer>(...GPT2, '--text', 'the cat')
    expect(answer).toMatchObject({ space: 'probability', unit: 'probability' })
    expect(answer.output).toBeCloseTo(prediction?.[0]?.candidates[0]?.probability ?? 0, 5)
    expect(answer.sum).toBeCloseTo(answer.expected_sum ?? 0, 4)
    expect(await refused(...ask, '--method', 'saliency')).toEqual({
      kind: 'no-gradients',
      message: expect.stringMatching(/^saliency needs gradients\. The model gives .* not of a probability\. Without: leave-one-out, /),
    })
  })

  it('rather than itself is refused', async () => {
    const same = ['--text', 'a cat', '--method', 'leave-one-out', '--target', 'POSITIVE', '--foil', 'positive'] as const
    expect((await refused(...MINILM, ...same)).message).toBe('"POSITIVE" rather than itself is always zero.')
  })

  it('of a class has gradients', async () => {
    const text = ['--text', 'A great film.'] as const
    const answer = await asked<MethodAnswer>(...MINILM, ...text, '--method', 'integrated-gradients', '--space', 'log-probability')
    expect(answer).toMatchObject({ unit: 'nats', doubts: [] })
    const { prediction } = await asked<TextAnswer>(...MINILM, ...text)
    expect(answer.output).toBeCloseTo(Math.log(prediction?.[0]?.candidates[0]?.probability ?? 0), 5)
  })
})

describe('the arguments', () => {
  const text = ['--model', 'x', '--text', 'a'] as const
  it.each([
    [[...text, '--edits', 'mask,burn'], '--edits takes mask, delete, neighbour, random, swap, typo, not burn.'],
    [[...text, '--edits', 'mask', '--pairs'], '--edits and --pairs exclude each other.'],
    [[...text, '--flip', '--method', 'lime'], '--method and --flip exclude each other.'],
    [[...text, '--method', 'lime', '--words', 'b'], '--method and --words exclude each other.'],
    [[...text, '--what', 'card', '--words', 'b'], '--words goes with --text, and without --what.'],
    [[...text, '--words', 'b'], '--at is missing'],
    [[...text, '--words', ' , ', '--at', '1'], '--words takes words'],
    [[...text, '--edits', 'mask', '--at', '1'], '--at goes with --words.'],
    [[...text, '--edits', 'mask', '--sort', 'size'], '--sort takes text, change, attention, similarity, not size.'],
    [[...text, '--flip', '--goal', 'win'], '--goal takes flip, halve, not win.'],
    [[...text, '--flip', '--moves', 'swap'], '--moves takes delete, mask, replace, not swap.'],
    [[...text, '--flip', '--foil', 'b'], '--foil goes with --method, --edits, --pairs, --lens, --logit-attribution, --ablate, --patch.'],
    [[...text, '--goal', 'flip'], '--goal goes with --flip.'],
    [[...text, '--space', 'probability'], '--space goes with'],
    [[...text, '--pairs', '--space', 'odds'], '--space takes score, probability, log-probability, not odds.'],
    [[...text, '--pairs', '--layer', '1'], '--layer goes with --method.'],
    [[...text, '--what', 'card', '--flip'], '--flip goes with --text, and without --what.'],
  ])('%j are refused in a sentence', (args, message) => {
    expect(() => parseExplainArguments(args)).toThrow(message)
  })
})
