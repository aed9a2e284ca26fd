// What the command answers for heads of every kind, as the page does: both ask the same engine.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SMALL, type SmallHead, smallModel, tokenizerOf, WORDS } from '#engine/testing/small-model.fixture'
import { explained } from './testing/explained.ts'

type Head = (given: SmallHead) => void
interface Candidate {
  readonly label: string
  readonly logit: number
  readonly probability: number | null
}

function folderOf(head: Head, config: object, words?: Float32Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'innerscope-answers-'))
  mkdirSync(join(folder, 'onnx'))
  writeFileSync(join(folder, 'onnx/model.onnx'), smallModel(head, words))
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'bert', ...config }))
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerOf(SMALL.vocabulary)))
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ mask_token: '[MASK]', pad_token: '[PAD]' }))
  return folder
}

const run = (folder: string, ...args: readonly string[]) => explained('--model', folder, '--text', 'not a bad one', ...args)

async function answersOf(head: Head, config: object) {
  const folder = folderOf(head, config)
  const { code, lines } = await run(folder, '--json')
  expect(code).toBe(0)
  const { answer, prediction } = JSON.parse(lines[0] ?? '').result
  const [first] = prediction
  return { folder, answer, prediction, candidates: (first?.candidates ?? []) as readonly Candidate[] }
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))
const softmax = (logits: readonly number[]): readonly number[] => {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
  return logits.map((logit) => Math.exp(logit) / total)
}
const shares = (candidates: readonly Candidate[]) => candidates.map(({ probability }) => probability)
const logits = (candidates: readonly Candidate[]) => candidates.map(({ logit }) => logit)
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5))

const classes =
  (count: number): Head =>
  ({ b, first, linear }) =>
    void b.output(linear(first, count))
const LABELS = { id2label: { 0: 'RED', 1: 'GREEN', 2: 'BLUE' } }

describe('classes', () => {
  it('exclude each other', async () => {
    const { candidates } = await answersOf(classes(3), LABELS)
    expect(candidates.map(({ label }) => label).sort()).toEqual(['BLUE', 'GREEN', 'RED'])
    expect(shares(candidates)).toEqual(near(softmax(logits(candidates))))
  })

  it('stand each for itself where the configuration says so', async () => {
    const { candidates } = await answersOf(classes(3), { ...LABELS, problem_type: 'multi_label_classification' })
    expect(shares(candidates)).toEqual(near(logits(candidates).map(sigmoid)))
  })

  it('are numbers of a regression', async () => {
    const { folder, candidates } = await answersOf(classes(3), { ...LABELS, problem_type: 'regression' })
    expect(shares(candidates)).toEqual([null, null, null])
    const { code, messages } = await run(folder, '--method', 'leave-one-out', '--space', 'probability')
    expect([code, messages.at(-1)]).toEqual([1, 'The model answers with a number that is no share: its --space is score.'])
  })

  it('of tokens have their labels', async () => {
    const { answer, prediction, candidates } = await answersOf(({ b, state, linear }) => void b.output(linear(state, 3)), LABELS)
    expect([answer, prediction.map(({ position }: { readonly position: number }) => position)]).toEqual(['tags', [1, 2, 3, 4]])
    expect(candidates.map(({ label }) => label).sort()).toEqual(['BLUE', 'GREEN', 'RED'])
    expect(shares(candidates)).toEqual(near(softmax(logits(candidates))))
  })
})

describe('one number', () => {
  const cases: readonly (readonly [string, object, isShare: boolean, label: string])[] = [
    ['without labels', {}, false, 'score'],
    ['with the library’s own label', { id2label: { 0: 'LABEL_0' } }, false, 'LABEL_0'],
    ['of a regression', { id2label: { 0: 'LABEL_0' }, problem_type: 'regression' }, false, 'LABEL_0'],
    ['of a class', { id2label: { 0: 'TOXIC' }, problem_type: 'single_label_classification' }, true, 'TOXIC'],
    ['of an independent class', { id2label: { 0: 'TOXIC' }, problem_type: 'multi_label_classification' }, true, 'TOXIC'],
    ['that tells two classes apart', { id2label: { 0: 'NO', 1: 'YES' }, problem_type: 'single_label_classification' }, true, 'YES'],
  ]
  it.each(cases)('%s is what it is', async (_title, config, isShare, label) => {
    const plain = await answersOf(classes(1), config)
    const [only] = plain.candidates
    expect([plain.candidates.length, only?.label]).toEqual([1, label])
    expect(only?.probability).toEqual(isShare ? expect.closeTo(sigmoid(only?.logit ?? 0), 5) : null)
    const flat = await answersOf(({ b, first, linear }) => void b.output(b.op('Squeeze', [linear(first, 1), b.int64([1], [-1])])), config)
    expect(flat.candidates).toEqual(plain.candidates)
  })

  it('of a class has effects on its probability', async () => {
    const folder = folderOf(classes(1), { problem_type: 'single_label_classification' })
    const { lines } = await run(folder, '--method', 'leave-one-out', '--space', 'probability', '--json')
    const { output, values } = JSON.parse(lines[0] ?? '').result
    expect(output).toBeGreaterThan(0)
    expect(output).toBeLessThan(1)
    expect(values.filter((value: number) => Math.abs(value) > 1e-6).length).toBeGreaterThan(1)
  })
})

describe('a file that gives probabilities', () => {
  const closed =
    (operator: 'Softmax' | 'LogSoftmax' | 'Sigmoid', columns: number, of: 'first' | 'state'): Head =>
    (given) => {
      const scores = given.linear(given[of], columns)
      given.b.output(given.b.op(operator, [scores], operator === 'Sigmoid' ? {} : { axis: -1 }))
    }
  it.each(['Softmax', 'LogSoftmax', 'Sigmoid'] as const)('is answered by its scores behind %s', async (operator) => {
    const found = await answersOf(closed(operator, 3, 'first'), LABELS)
    const plain = await answersOf(classes(3), operator === 'Sigmoid' ? { ...LABELS, problem_type: 'multi_label_classification' } : LABELS)
    expect(found.candidates).toEqual(plain.candidates)
  })

  it('is answered so for tokens, too', async () => {
    const found = await answersOf(closed('Sigmoid', 3, 'state'), LABELS)
    expect(shares(found.candidates)).toEqual(near(logits(found.candidates).map(sigmoid)))
    const vocabulary = await answersOf(closed('Softmax', SMALL.vocabulary, 'state'), {})
    const plain = await answersOf(({ b, state, linear }) => void b.output(linear(state, SMALL.vocabulary)), {})
    expect(vocabulary.prediction).toEqual(plain.prediction)
  })
})

describe('where an answer starts and ends', () => {
  const ends: Head = ({ b, state, linear }) => {
    const both = linear(state, 2)
    for (const place of [0, 1]) b.output(b.op('Gather', [both, b.int64([], [place])], { axis: -1 }))
  }
  it('is a span of the text', async () => {
    const { folder, answer, candidates } = await answersOf(ends, {})
    expect(answer).toBe('span')
    expect('not a bad one').toContain(candidates[0]?.label)
    const { lines } = await run(folder, '--method', 'leave-one-out', '--json')
    expect(JSON.parse(lines[0] ?? '').result).toMatchObject({ target: { index: 0 }, space: 'score' })
    const gradients = await run(folder, '--method', 'input-x-gradient', '--target', 'end', '--json')
    expect([gradients.code, JSON.parse(gradients.lines[0] ?? '').result.target]).toEqual([0, { index: 1, label: 'end' }])
  })
})

describe('what is not a number', () => {
  const words = (value: number, token: string): Float32Array => {
    const table = Float32Array.from({ length: SMALL.vocabulary * SMALL.width }, (_, at) => Math.sin(at))
    const row = WORDS.indexOf(token) * SMALL.width
    return table.fill(value, row, row + SMALL.width)
  }
  const refused = async (folder: string, ...args: readonly string[]) => {
    const { code, lines } = await run(folder, ...args, '--json')
    return [code, JSON.parse(lines[0] ?? '').error?.kind]
  }

  it.each([
    ['of a word in the text', Number.NaN, 'bad'],
    ['that is infinite', Number.POSITIVE_INFINITY, 'bad'],
    ['in every text', Number.NaN, '[CLS]'],
  ])('%s ends in one error, whatever is asked', async (_title, value, token) => {
    const folder = folderOf(classes(2), {}, words(value, token))
    const questions = [
      ['--what', 'attention'],
      ['--method', 'integrated-gradients'],
      ['--method', 'interpolated-shapley'],
      ['--edits', 'delete'],
    ]
    for (const args of [[], ...questions]) expect(await refused(folder, ...args)).toEqual([1, 'not-a-number'])
  })

  it('is found on the way, too', async () => {
    const folder = folderOf(classes(2), {}, words(Number.NaN, '[MASK]'))
    expect((await run(folder)).code).toBe(0)
    for (const method of ['leave-one-out', 'lime', 'interpolated-shapley', 'kernel-shap', 'sampled-shapley']) {
      expect(await refused(folder, '--method', method, '--absence', 'mask')).toEqual([1, 'not-a-number'])
    }
    expect(await refused(folder, '--method', 'integrated-gradients', '--baseline', 'mask')).toEqual([1, 'not-a-number'])
    expect(await refused(folder, '--flip', '--moves', 'mask')).toEqual([1, 'not-a-number'])
  })
})
