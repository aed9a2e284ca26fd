// What is read inside a language model, asked on the command line.

import { describe, expect, it } from 'vitest'
import { parseExplainArguments } from './arguments.ts'
import { UsageError } from './options.ts'
import { explained } from './testing/explained.ts'

const LLAMA = ['--model', 'fixtures/zoo/llama', '--file', 'onnx/model.onnx', '--text', 'the film is not the film']

async function resultOf(...args: readonly string[]) {
  const { code, lines } = await explained(...LLAMA, ...args, '--json')
  expect(code).toBe(0)
  return JSON.parse(lines[0] ?? '').result
}

describe('inside', () => {
  it('the lens has a row a layer and one more at every position, and its own gradients', async () => {
    const result = await resultOf('--lens', '--target', '5', '--foil', '7', '--at', '2')
    expect([result.position, result.target.index, result.foil.index]).toEqual([2, 5, 7])
    expect(result.logit_lens.map((rows: readonly unknown[]) => rows.length)).toEqual(new Array(result.tokens.length).fill(3))
    expect(result.jacobian_lens.scale_held).toHaveLength(3)
    const { lines } = await explained(...LLAMA, '--lens')
    expect(lines[0]).toMatch(/layer .* Jacobian {2}top token\n {6}0 /)
  })

  it('the shares of a logit add up to it', async () => {
    const result = await resultOf('--logit-attribution', '--foil', '7')
    expect(result.sum).toBeCloseTo(result.difference, 4)
    const all = [result.embedding, result.constant, ...result.heads.flat(), ...result.mlps, ...result.biases]
    expect(all.reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(result.difference, 3)
    const { lines } = await explained(...LLAMA, '--logit-attribution')
    expect(lines[0]).toMatch(/sum -?\d.*; the model itself: -?\d/)
  })

  it('heads are listed by a role, of the text or of random tokens said twice', async () => {
    const { roles, copies, tokens } = await resultOf('--head-roles', 'induction')
    expect(copies).toBe(tokens.length - new Set(tokens).size)
    expect(roles.induction.flat()).toHaveLength(8)
    const random = await resultOf('--head-roles', 'induction', '--seed', '3')
    expect([random.tokens.length, random.copies]).toEqual([48, 24])
    expect(random.tokens.slice(24)).toEqual(random.tokens.slice(0, 24))
    expect(await resultOf('--head-roles', 'induction', '--seed', '3')).toEqual(random)
    const { roles: more } = await resultOf('--head-roles', 'copying')
    // Without the template's first one.
    const places = new Set(tokens).size - 1
    expect(more.copying.flat()).toHaveLength(8)
    expect(more.copying.flat().every((share: number) => Math.abs(share * places - Math.round(share * places)) < 1e-3)).toBe(true)
  })

  it('the way from a token to the answer, and a head on it', async () => {
    const result = await resultOf('--path', '--at', '2', '--head', '1.3')
    expect(result.layers).toHaveLength(2)
    const { head, tokens } = result
    expect([head.form, head.head_width, head.shares_with, head.weights.length]).toEqual(['plain', 16, [2], tokens.length])
    expect(head.q_dot_k[1] * head.factor * head.factor_before).toBeCloseTo(head.scores[1], 4)
    expect(head.scores[3]).toBeNull()
    const powers = head.scores.map((score: number | null) => (score === null ? 0 : Math.exp(score)))
    const sum = powers.reduce((all: number, power: number) => all + power, 0)
    expect(powers[1] / sum).toBeCloseTo(head.weights[1], 4)
    expect(head.recomputed_error.output).toBeLessThan(1e-5)
    const { lines } = await explained(...LLAMA, '--path', '--head', '0.0')
    expect(lines[0]).toMatch(/layer .* stream .* MLP .* cosine .*\n {6}0 /)
    expect(lines[0]).toMatch(/recomputed from q, k and v: weights within \d/)
  })

  it('a classifier has a way, too', async () => {
    const args = ['--model', 'fixtures/zoo/bert', '--file', 'onnx/model.onnx', '--text', 'the film', '--path']
    const { code, lines } = await explained(...args)
    expect([code, /at position 1 \(\[CLS\]/.test(lines[0] ?? '')]).toEqual([0, true])
  })

  it.each([
    [['--path', '--head', '3'], '--head takes a layer and a head from 0, such as 2.5; not 3.'],
    [['--lens', '--head', '3.1'], '--head goes with --path.'],
    [['--lens', '--generate', '3'], '--generate and --lens exclude each other.'],
    [['--lens', '--space', 'probability'], '--space goes with --method, --edits, --flip, --pairs.'],
    [
      ['--head-roles', 'best'],
      '--head-roles takes previousToken, self, firstToken, delimiters, duplicateToken, induction, distance, entropy, copying, not best.',
    ],
    [['--seed', '3'], '--seed goes with --generate, --head-roles.'],
  ])('%s is refused', (args, message) => {
    expect(() => parseExplainArguments([...LLAMA, ...args])).toThrow(new UsageError(message))
  })

  it('a classifier has nothing of it', async () => {
    const args = ['--model', 'fixtures/zoo/bert', '--file', 'onnx/model.onnx', '--text', 'the film', '--lens']
    const { code, messages } = await explained(...args)
    expect([code, messages.at(-1)]).toEqual([1, 'The final norm and the output head of this model were not recognised.'])
  })
})
