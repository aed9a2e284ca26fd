// A file that gives probabilities is opened at its scores, in whatever form the activation is written.

import { describe, expect, it } from 'vitest'
import { runModel } from '#engine/testing/run-model'
import { openModel } from '../open-model.ts'
import { tapModel } from '../prepare.ts'
import type { ModelBuilder } from '../testing/build.ts'
import { ODD, oddTransformer } from '../testing/odd-transformer.ts'

type Close = (b: ModelBuilder, scores: string) => string

const IDS = { dims: [1, 4], data: BigInt64Array.of(3n, 7n, 1n, 5n) }
const last = { axis: -1 }
const one = (b: ModelBuilder): string => b.float([], [1])
const sum = (b: ModelBuilder, x: string): string => b.op('ReduceSum', [x, b.int64([1], [-1])], { keepdims: 1 })
const exponential = (b: ModelBuilder, x: string): string => b.op('Exp', [x])
const shifted: Close = (b, x) => b.op('Sub', [x, b.op('ReduceMax', [x], { axes: [-1], keepdims: 1 })])
const ratio: Close = (b, x) => {
  const grown = exponential(b, x)
  return b.op('Div', [grown, sum(b, grown)])
}
const logistic: Close = (b, x) => b.op('Div', [one(b), b.op('Add', [one(b), exponential(b, b.op('Neg', [x]))])])

const CLOSINGS: readonly (readonly [activation: 'softmax' | 'sigmoid', title: string, close: Close])[] = [
  ['softmax', 'Softmax', (b, x) => b.op('Softmax', [x], last)],
  ['softmax', 'LogSoftmax', (b, x) => b.op('LogSoftmax', [x], last)],
  ['softmax', 'the logarithm of a Softmax', (b, x) => b.op('Log', [b.op('Softmax', [x], last)])],
  ['softmax', 'exponentials over their sum', ratio],
  ['softmax', 'exponentials over their sum, less the largest', (b, x) => ratio(b, shifted(b, x))],
  ['softmax', 'a Softmax that is copied', (b, x) => b.op('Cast', [b.op('Cast', [b.op('Softmax', [x], last)], { to: 10 })], { to: 1 })],
  ['softmax', 'the largest probability', (b, x) => b.op('ReduceMax', [b.op('Softmax', [x], last), b.int64([1], [-1])], { keepdims: 0 })],
  ['softmax', 'the probability of one class', (b, x) => b.op('Gather', [b.op('Softmax', [x], last), b.int64([], [1])], last)],
  ['sigmoid', 'Sigmoid', (b, x) => b.op('Sigmoid', [x])],
  ['sigmoid', 'a logistic function', logistic],
]

const OTHERS: readonly (readonly [string, Close])[] = [
  ['nothing', (_b, x) => x],
  ['an activation that makes no probability', (b, x) => b.op('Tanh', [x])],
  ['a softmax over texts', (b, x) => b.op('Softmax', [x], { axis: 0 })],
  ['a gate', (b, x) => b.op('Mul', [x, b.op('Sigmoid', [x])])],
]

const classes = (b: ModelBuilder, state: string, width: number): string => {
  const first = b.op('Gather', [state, b.int64([], [0])], { axis: 1 })
  return b.op('MatMul', [b.op('Tanh', [first]), b.float([ODD.width, width])])
}
const perToken = (b: ModelBuilder, state: string, width: number): string => b.op('MatMul', [state, b.float([ODD.width, width])])

const HEADS = [
  ['classifier', classes, 3],
  ['token-classifier', perToken, 3],
  ['token-logits', perToken, ODD.vocabulary],
] as const

describe.each(HEADS)('a %s', (task, scoresOf, width) => {
  const closedBy = (close: Close) => {
    const head = (b: ModelBuilder, state: string): void => void b.output(close(b, scoresOf(b, state, width)))
    return openModel(oddTransformer({ norms: 'after', head }).builder.bytes())
  }
  const scores = async (opened: ReturnType<typeof openModel>): Promise<Float32Array | undefined> => {
    const { model, outputs } = tapModel(opened)
    return (await runModel(model, { ids: IDS }))[outputs.logits]?.data
  }

  it.each(CLOSINGS)('closed %s by %s answers with its scores', async (activation, _title, close) => {
    const opened = closedBy(close)
    expect([opened.parts.task, opened.activation]).toEqual([task, activation])
    const [plain, found] = [await scores(closedBy((_b, x) => x)), await scores(opened)]
    expect(found).toHaveLength(plain?.length ?? 0)
    expect(found).toEqual(plain)
    expect(opened.passes.filter(({ pass }) => pass === 'closing-activation')).toHaveLength(1)
  })

  it.each(OTHERS)('is not closed by %s', (_title, close) => {
    const opened = closedBy(close)
    expect([opened.parts.task, opened.activation]).toEqual([task, null])
    expect(opened.passes.filter(({ pass }) => pass === 'closing-activation')).toEqual([])
  })
})

describe('several outputs', () => {
  it('are answered by the scores among them, wherever they stand', () => {
    const given = (order: (scores: string, probabilities: string, state: string) => readonly string[]) => {
      const head = (b: ModelBuilder, state: string): void => {
        const scores = classes(b, state, 3)
        for (const value of order(scores, b.op('Softmax', [scores], last), state)) b.output(value)
      }
      const { model, answer, parts } = openModel(oddTransformer({ norms: 'after', head }).builder.bytes())
      return { operator: model.graph.nodes.find(({ outputs }) => outputs.includes(answer))?.opType, task: parts.task }
    }
    const expected = { operator: 'MatMul', task: 'classifier' }
    expect(given((scores, probabilities) => [scores, probabilities])).toEqual(expected)
    expect(given((scores, probabilities) => [probabilities, scores])).toEqual(expected)
    expect(given((_scores, probabilities, state) => [probabilities, state])).toEqual(expected)
  })
})
