import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { largestGap } from '../../src/engine/testing/reference.ts'
import { relativeGap } from '../../src/engine/testing/relative-gap.ts'
import { parseExplainArguments } from './arguments.ts'
import { UsageError } from './options.ts'
import type { RawAnswer, StoredTensor } from './run-raw.ts'
import { explained } from './testing/explained.ts'

interface ReferenceCase {
  readonly inputs: unknown
  readonly target: { readonly output: string; readonly index: readonly number[] }
  readonly target_value: number
  readonly logits: StoredTensor
  readonly attentions: readonly StoredTensor[]
  readonly hidden_states: readonly StoredTensor[]
  readonly grad_embeddings: StoredTensor
  readonly grad_attentions: readonly StoredTensor[]
  readonly head_ablation_effect: StoredTensor
}

function referenceCase(family: string): ReferenceCase {
  const { cases }: { readonly cases: readonly ReferenceCase[] } = JSON.parse(readFileSync(`fixtures/zoo/${family}/reference.json`, 'utf8'))
  const [first] = cases
  if (!first) throw new Error(`no case of ${family}`)
  return first
}

function inputFile(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'innerscope-')), 'inputs.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function run(...args: readonly string[]) {
  const { code, lines, messages } = await explained(...args)
  return { code, lines, messages, json: lines.map((line) => (line.startsWith('{') ? JSON.parse(line) : null)) }
}

const gapOf = (actual: readonly StoredTensor[], expected: readonly StoredTensor[]): number =>
  largestGap(
    actual.flatMap(({ data }) => data),
    expected.flatMap(({ data }) => data),
  )

describe('the raw form', () => {
  it('gives what is inside the layers: the blocks add up to the stream', async () => {
    const { inputs } = referenceCase('llama')
    const args = ['--model', 'fixtures/zoo/llama', '--file', 'onnx/model.onnx', '--input', inputFile(inputs)]
    const names = ['queries', 'keys', 'values', 'head_outputs', 'attention_outputs', 'mlp_outputs'] as const
    const { code, json } = await run(...args, '--tensors', `hidden_states,${names.join(',')}`)
    expect(code).toBe(0)
    const tensors = json[0].tensors as Record<string, readonly StoredTensor[]>
    const at = (name: string, layer: number): StoredTensor => tensors[name]?.[layer] ?? { dims: [], data: [] }
    expect(names.map((name) => tensors[name]?.length)).toEqual(names.map(() => 2))
    expect(names.map((name) => at(name, 0).dims)).toEqual([...new Array(4).fill([1, 4, 9, 16]), [1, 9, 32], [1, 9, 32]])
    const [before, attention, mlp, after] = [
      at('hidden_states', 0),
      at('attention_outputs', 0),
      at('mlp_outputs', 0),
      at('hidden_states', 1),
    ]
    const sum = before.data.map((value, place) => value + (attention.data[place] ?? Number.NaN) + (mlp.data[place] ?? Number.NaN))
    expect(relativeGap(sum, after.data)).toBeLessThan(1e-5)
  })

  it.each(['bert', 'llama'])('gives the tensors of %s with the names and shapes of its reference', async (family) => {
    const expected = referenceCase(family)
    const target = `logits:${expected.target.index.join(',')}`
    const args = ['--model', `fixtures/zoo/${family}`, '--file', 'onnx/model.onnx', '--input', inputFile(expected.inputs)]
    const { code, json } = await run(...args, '--target', target, '--tensors', 'logits,attentions,hidden_states')
    expect(code).toBe(0)
    const answer: RawAnswer = json[0]
    expect(answer.target?.value).toBeCloseTo(expected.target_value, 4)
    const { logits, attentions, hidden_states } = answer.tensors as Record<string, StoredTensor & readonly StoredTensor[]>
    expect(logits?.dims).toEqual(expected.logits.dims)
    expect(gapOf([logits ?? { dims: [], data: [] }], [expected.logits])).toBeLessThan(1e-4)
    expect(attentions?.map(({ dims }) => dims)).toEqual(expected.attentions.map(({ dims }) => dims))
    expect(gapOf(attentions ?? [], expected.attentions)).toBeLessThan(1e-5)
    expect(gapOf(hidden_states ?? [], expected.hidden_states)).toBeLessThan(1e-4)
  })

  it.each(['bert', 'llama', 'bert_features'])('gives the gradients of %s with the names and shapes of its reference', async (family) => {
    const expected = referenceCase(family)
    const target = `${expected.target.output}:${expected.target.index.join(',')}`
    const args = ['--model', `fixtures/zoo/${family}`, '--file', 'onnx/model.onnx', '--input', inputFile(expected.inputs)]
    const { json } = await run(...args, '--target', target, '--tensors', 'grad_embeddings,grad_attentions')
    const answer: RawAnswer = json[0]
    const { grad_embeddings: words, grad_attentions: layers } = answer.tensors as Record<string, StoredTensor & readonly StoredTensor[]>
    expect(answer.target?.value).toBeCloseTo(expected.target_value, 4)
    expect(words?.dims).toEqual(expected.grad_embeddings.dims)
    expect(layers?.map(({ dims }) => dims)).toEqual(expected.grad_attentions.map(({ dims }) => dims))
    expect(relativeGap(words?.data ?? [], expected.grad_embeddings.data)).toBeLessThan(1e-4)
    for (const [layer, { data }] of expected.grad_attentions.entries()) {
      expect(relativeGap(layers?.[layer]?.data ?? [], data)).toBeLessThan(1e-4)
    }
  })

  it.each(['bert', 'llama', 'deberta_v2'])('gives what every head of %s does for the target', async (family) => {
    const expected = referenceCase(family)
    const target = `${expected.target.output}:${expected.target.index.join(',')}`
    const args = ['--model', `fixtures/zoo/${family}`, '--file', 'onnx/model.onnx', '--input', inputFile(expected.inputs)]
    const { json } = await run(...args, '--target', target, '--tensors', 'head_ablation_effect')
    const { dims, data } = json[0].tensors.head_ablation_effect as StoredTensor
    expect(dims).toEqual(expected.head_ablation_effect.dims)
    expect(relativeGap(data, expected.head_ablation_effect.data)).toBeLessThan(1e-3)
  })

  it('answers every file of a pattern with a line, errors too, and then ends with 1', async () => {
    const { code, json } = await run('--model', 'fixtures/zoo/broken', '--file', '{e,h}*.onnx', '--what', 'card', '--json')
    expect([code, json]).toMatchObject([1, [{ error: { kind: 'file-missing' } }]])
    const found = await run('--model', 'fixtures/zoo/broken', '--file', 'empty*.onnx', '--file', 'h*_page.onnx', '--what', 'card', '--json')
    expect(found.code).toBe(1)
    expect(found.json).toMatchObject([
      { file: 'empty.onnx', error: { kind: 'empty-file' } },
      { file: 'html_page.onnx', error: { kind: 'html-page' } },
    ])
  })

  it.each([
    ['no JSON', 'not JSON'],
    ['no ids', { attention_mask: { dims: [1, 1], data: [1] } }],
    ['two rows', { input_ids: { dims: [2, 1], data: [1, 2] } }],
  ])('refuses inputs with %s', async (_, content) => {
    const { code, json } = await run('--model', 'fixtures/zoo/bert', '--file', 'onnx/model.onnx', '--input', inputFile(content))
    expect([code, json[0].error.kind]).toEqual([1, 'bad-inputs'])
  })

  it('refuses a target that the answer does not have', async () => {
    const input = inputFile(referenceCase('bert').inputs)
    const { json } = await run('--model', 'fixtures/zoo/bert', '--file', 'onnx/model.onnx', '--input', input, '--target', 'logits:0,99')
    expect(json[0].error.kind).toBe('no-such-target')
  })
})

describe('the text form', () => {
  it('tells a person the prediction of two texts', async () => {
    const { code, lines } = await run('--model', 'public/models/minilm-sst2', '--text', 'The film is not bad at all.', '--text-b', 'Awful.')
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/The film is not bad at all\.[\s\S]*0\.99\d+\s+3\.328\s+POSITIVE/)
    expect(lines[1]).toMatch(/Awful\.[\s\S]*NEGATIVE/)
  })

  it('gives the tokens of a folder without a graph', async () => {
    const { code, json, lines } = await run(
      '--model',
      'fixtures/tokenizer-cases/bert-uncased',
      '--what',
      'tokens',
      '--json',
      '--text',
      'Not bad',
    )
    expect([code, lines.length]).toEqual([0, 1])
    const { tokens } = json[0].result
    expect(json[0].model.name).toBe('bert-uncased')
    expect(tokens.at(0)).toMatchObject({ piece: '[CLS]', special: true })
    expect(tokens.at(-1)).toMatchObject({ piece: '[SEP]', special: true })
    expect(tokens.at(1)).toMatchObject({ start: 0, special: false })
    expect(Object.keys(tokens[1])).toEqual(['id', 'piece', 'start', 'end', 'special'])
  })

  it('gives attention as data', async () => {
    const { json } = await run('--model', 'public/models/minilm-sst2', '--text', 'Good.', '--what', 'attention', '--json')
    const { tokens, attention } = json[0].result
    expect(tokens).toEqual(['[CLS]', 'good', '.', '[SEP]'])
    expect([attention.length, attention[0].length, attention[0][0].length]).toEqual([6, 12, 4])
    expect(attention[5][11][3].reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 4)
  })

  it('asks a masked model about its mask, and a decoder about what comes next', async () => {
    const masked = await run('--model', 'fixtures/zoo/bert_mlm', '--file', 'onnx/model.onnx', '--text', 'a [MASK] b', '--json')
    expect(masked.json[0].result.prediction).toMatchObject([{ position: 2 }])
    const next = await run('--model', 'fixtures/zoo/gpt2', '--file', 'onnx/model.onnx', '--text', 'the cat', '--json')
    expect(next.json[0].result.prediction).toMatchObject([{ position: next.json[0].result.tokens.length - 1, candidates: { length: 10 } }])
  })
})

describe('the methods', () => {
  const minilm = ['--model', 'public/models/minilm-sst2', '--text', 'I wanted to love it, but the jokes fall flat.'] as const

  it('give a value for each token, what they add up to and should, and what it cost', { timeout: 60_000 }, async () => {
    const { code, json } = await run(...minilm, '--method', 'integrated-gradients', '--target', 'positive', '--json')
    const { result } = json[0]
    expect(code).toBe(0)
    expect(result).toMatchObject({ target: { index: 1, label: 'POSITIVE' }, foil: null, position: null, signed: true, doubts: [] })
    expect(result.values).toHaveLength(result.tokens.length)
    expect(Math.abs(result.sum - result.expected_sum)).toBeLessThan(0.01 * Math.abs(result.expected_sum))
    expect(result.runs).toBeGreaterThan(12)
  })

  it('explain what the model answers where nothing else is asked, in bars', async () => {
    const { lines } = await run(...minilm, '--method', 'input-x-gradient', '--foil', '1')
    expect(lines[0]).toContain('input-x-gradient of "NEGATIVE" rather than "POSITIVE"')
    expect(lines[0]).toMatch(/█{30} {2}\S+\n|░{30} {2}\S+\n/)
    expect(lines[0]).toMatch(/adds up to -?\d+\.\d{4} logits\n {2}1 run, \d+ ms$/)
  })

  it('tell what they took away at once, and how, and draw it as one', async () => {
    const ask = ['--model', 'public/models/minilm-sst2', '--text', 'Unwatchable. But short.', '--method', 'leave-one-out'] as const
    const { json } = await run(...ask, '--unit', 'sentence', '--absence', 'pad', '--json')
    const { taken_away: taken, values, runs, runs_known_before: known } = json[0].result
    expect(taken).toMatchObject({ unit: 'sentence', absence: 'pad', units: [{ label: 'Unwatchable.' }, { label: 'But short.' }] })
    const [first] = taken.units
    expect(first.value).toBeCloseTo(values[1] * first.tokens.length, 4)
    expect([runs, known]).toEqual([3, 0])
    const { lines } = await run(...ask, '--unit', 'sentence', '--absence', 'pad')
    expect(lines[0]).toMatch(/\n {2}sentences taken away by the padding token\n.*\[CLS\]\n.* Unwatchable\.\n.* But short\.\n.*\[SEP\]\n/)
  })

  it('ask a decoder what comes next, and a masked model about its mask', async () => {
    const next = await run(
      '--model',
      'fixtures/zoo/gpt2',
      '--file',
      'onnx/model.onnx',
      '--text',
      'the cat',
      '--method',
      'saliency',
      '--json',
    )
    const plain = await run('--model', 'fixtures/zoo/gpt2', '--file', 'onnx/model.onnx', '--text', 'the cat', '--json')
    const [{ position, candidates }] = plain.json[0].result.prediction
    expect(next.json[0].result).toMatchObject({ position, signed: false })
    expect(next.json[0].result.output).toBeCloseTo(candidates[0].logit, 3)
    const bert = ['--model', 'fixtures/zoo/bert_mlm', '--file', 'onnx/model.onnx', '--text', 'a [MASK] b'] as const
    const masked = await run(...bert, '--method', 'saliency', '--target', '7', '--foil', '9', '--json')
    expect(masked.json[0].result).toMatchObject({ position: 2, target: { index: 7 }, foil: { index: 9 } })
  })

  it('refuse a class that there is not, naming those that there are', async () => {
    const { code, json } = await run(...minilm, '--method', 'saliency', '--target', 'neutral', '--json')
    expect(code).toBe(1)
    expect(json[0].error).toEqual({ kind: 'no-such-target', message: 'The model has no class neutral; it has NEGATIVE, POSITIVE.' })
  })
})

describe('the arguments', () => {
  it.each([
    [['--model', 'x', '--text', 'a', '--method', 'magic'], '--method takes'],
    [['--model', 'x', '--text', 'a', '--foil', 'b'], '--foil goes'],
    [['--model', 'x', '--input', 'a', '--method', 'saliency'], '--method goes with --text'],
    [['--model', 'x', '--text', 'a', '--what', 'card', '--method', 'saliency'], 'without --what'],
    [[], '--model'],
    [['--model', 'x'], '--text or --input'],
    [['--model', 'x', '--text', 'a', '--input', 'b'], 'exclude'],
    [['--model', 'x', '--text', 'a', '--what', 'everything'], '--what takes'],
    [['--model', 'x', '--input', 'a', '--target', 'logits'], '--target takes'],
    [['--model', 'x', '--input', 'a', '--tensors', 'logits,secrets'], '--tensors knows'],
    [['--model', 'x', '--input', 'a', '--tensors', 'grad_embeddings'], '--target is missing'],
    [['--model', 'x', '--colour', 'blue'], '--colour'],
  ])('%j are refused in a sentence', (args, message) => {
    expect(() => parseExplainArguments(args)).toThrow(UsageError)
    expect(() => parseExplainArguments(args)).toThrow(message)
  })
})
