// Which output answers, and what it says: classes, tokens, or nothing but a vector.

import { describe, expect, it } from 'vitest'
import { openModel } from '../open-model.ts'
import { prepareModel } from '../prepare.ts'
import { type ModelBuilder, node } from '../testing/build.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'
import { taskOf } from './answer.ts'

type Head = (b: ModelBuilder, state: string) => void

const product = (b: ModelBuilder, x: string, width: number): string => b.op('MatMul', [x, b.float([ODD.width, width])])
const firstRow = (b: ModelBuilder, x: string): string => b.op('Gather', [x, b.int64([], [0])], { axis: 1 })
const mean = (b: ModelBuilder, x: string): string => b.op('ReduceMean', [x], { axes: [1], keepdims: 0 })
const unit = (b: ModelBuilder, x: string): string =>
  b.op('Div', [x, b.op('Clip', [b.op('ReduceL2', [x], { axes: [1], keepdims: 1 }), b.float([], [1e-12])])])
const pooler = (b: ModelBuilder, x: string): string => b.op('Tanh', [product(b, firstRow(b, x), ODD.width)])
const span = (b: ModelBuilder, x: string, place: number): string => b.op('Gather', [product(b, x, 2), b.int64([], [place])], { axis: -1 })
const give = (b: ModelBuilder, values: readonly string[]): void => {
  for (const value of values) b.output(value)
}

function prepared(head: Head, form: OddTransformer = { norms: 'after' }) {
  const { builder, hiddenStates } = oddTransformer({ ...form, head })
  return { ...prepareModel(builder.bytes()), states: hiddenStates }
}

describe('one number', () => {
  it('for each token, twice: where an answer starts and where it ends', () => {
    const { task, outputs, answerWidth } = prepared((b, x) => give(b, [span(b, x, 0), span(b, x, 1)]))
    expect([task, answerWidth]).toEqual(['span', 2])
    expect(outputs.attentions).toHaveLength(ODD.layers)
  })

  it('for each token makes one class, and for each text, too', () => {
    const squeezed = (b: ModelBuilder, x: string): string => b.op('Squeeze', [product(b, x, 1), b.int64([1], [-1])])
    const tokens = prepared((b, x) => give(b, [squeezed(b, x)]))
    const text = prepared((b, x) => give(b, [squeezed(b, b.op('Tanh', [firstRow(b, x)]))]))
    expect([tokens.task, tokens.answerWidth]).toEqual(['token-classifier', 1])
    expect([text.task, text.answerWidth]).toEqual(['classifier', 1])
  })
})

describe('the logits', () => {
  it('are taken where they stand beside other outputs, before or after', () => {
    const named = (b: ModelBuilder, x: string): void => {
      b.add(node('MatMul', [b.op('Tanh', [firstRow(b, x)]), b.float([ODD.width, 3])], ['logits']))
      give(b, [x, 'logits', product(b, x, 5)])
    }
    expect(prepared(named)).toMatchObject({ task: 'classifier', outputs: { logits: 'logits' }, answerWidth: 3 })
  })
})

describe('what is no scores of classes', () => {
  const vectors: readonly (readonly [string, Head])[] = [
    ['a mean of the tokens', (b, x) => b.output(mean(b, x))],
    ['a mean of unit length', (b, x) => b.output(unit(b, mean(b, x)))],
    ['the row of one token', (b, x) => b.output(firstRow(b, x))],
    ['a pooler, before the state', (b, x) => give(b, [pooler(b, x), x])],
    ['a mean, after the state', (b, x) => give(b, [x, mean(b, x)])],
  ]
  it.each(vectors)('is %s: the last state answers', (_title, head) => {
    for (const form of [{ norms: 'after' }, { norms: 'before' }] as const) {
      const { task, outputs, states } = prepared(head, form)
      expect(task).toBe('hidden')
      expect(outputs.logits).toBe(states.at(-1))
    }
  })
})

describe('a vector of unit length', () => {
  it('is none for classes, whatever its width', () => {
    const { task, outputs, states } = prepared((b, x) => b.output(unit(b, product(b, mean(b, x), 5))))
    expect(task).toBe('hidden')
    expect(outputs.logits).toBe(states.at(-1))
  })
})

describe('a score for each token', () => {
  const bias = (b: ModelBuilder, x: string, width: number): string => b.op('Add', [x, b.float([width])])

  const heads: readonly (readonly [task: string, title: string, head: Head])[] = [
    ['token-classifier', 'few classes', (b, x) => b.output(bias(b, product(b, x, 3), 3))],
    ['token-classifier', 'probabilities of few classes', (b, x) => b.output(b.op('Softmax', [product(b, x, 3)], { axis: -1 }))],
    ['token-logits', 'the vocabulary', (b, x) => b.output(product(b, x, ODD.vocabulary))],
    ['token-logits', 'a vocabulary that was filled up', (b, x) => b.output(bias(b, product(b, x, 32), 32))],
    ['token-logits', 'a vocabulary that was cut a little', (b, x) => b.output(product(b, x, ODD.vocabulary - 3))],
    ['hidden', 'no scores at all', (b, x) => b.output(x)],
  ]
  it.each(heads)('makes a %s of %s', (task, _title, head) => expect(prepared(head).task).toBe(task))

  it('is none in a state, even where the stream was not found', () => {
    const { model, answer } = openModel(oddTransformer({ norms: 'before', gain: 'power', head: (b, x) => b.output(x) }).builder.bytes())
    expect(taskOf(model.graph, answer, [], 1000, null)).toBe('hidden')
  })
})

describe('scores of classes', () => {
  const heads: readonly (readonly [string, Head])[] = [
    ['of the first token', (b, x) => b.output(product(b, firstRow(b, x), 3))],
    ['of a pooler', (b, x) => b.output(b.op('MatMul', [pooler(b, x), b.float([ODD.width, 3])]))],
    ['of the mean', (b, x) => b.output(product(b, mean(b, x), 3))],
    ['of all tokens, of which one is taken', (b, x) => b.output(firstRow(b, product(b, x, 3)))],
    ['beside the state', (b, x) => give(b, [product(b, firstRow(b, x), 3), x])],
  ]
  it.each(heads)('are recognised %s', (_title, head) => expect(prepared(head).task).toBe('classifier'))
})
