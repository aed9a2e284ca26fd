// Scores at chosen positions are the rows of all scores, and models whose head is none of that kind get no such input.

import { describe, expect, it } from 'vitest'
import { largestGap } from '#engine/testing/reference'
import { runModel } from '#engine/testing/run-model'
import { zooFiles } from '#engine/testing/zoo'
import { measurePositions } from '#engine/testing/zoo-positions'
import { openModel } from '../open-model.ts'
import { tapModel } from '../prepare.ts'
import { writeModel } from '../proto/write.ts'
import type { ModelBuilder } from '../testing/build.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'

const IDS = { dims: [2, 5], data: BigInt64Array.of(3n, 1n, 4n, 1n, 5n, 9n, 2n, 6n, 5n, 3n) }
const FORMS: readonly (readonly [string, OddTransformer])[] = [
  ['norms before blocks', {}],
  ['norms after blocks', { norms: 'after' }],
  ['norms around blocks, scaled embeddings', { norms: 'around', gain: 'plus-one', scaled: true }],
  ['blocks beside each other', { beside: true }],
]

/** The plain decoder with other operators between its last state and its head. */
function withBefore(build: (b: ModelBuilder, state: string) => string): Uint8Array {
  const { builder } = oddTransformer({})
  const before = builder.model().graph.nodes
  const head = before.at(-1)
  const hidden = build(builder, head?.inputs[0] ?? '')
  const model = builder.model()
  const nodes = [...before.slice(0, -1), ...model.graph.nodes.slice(before.length)]
  const moved = head === undefined ? [] : [{ ...head, inputs: [hidden, head.inputs[1] ?? ''] }]
  return writeModel({ ...model, graph: { ...model.graph, nodes: [...nodes, ...moved] } })
}

const gelu = (b: ModelBuilder, x: string): string =>
  b.op('Mul', [x, b.op('Add', [b.op('Erf', [b.op('MatMul', [x, b.float([ODD.width, ODD.width])])]), b.float([], [1])])])

const OTHER_HEADS: readonly (readonly [string, (b: ModelBuilder, state: string) => string])[] = [
  ['that reads the last token only', (b, x) => b.op('Slice', [x, b.int64([1], [-1]), b.int64([1], [9]), b.int64([1], [1])])],
  [
    'that reads tokens backwards',
    (b, x) => b.op('Slice', [x, b.int64([1], [-1]), b.int64([1], [-9]), b.int64([1], [1]), b.int64([1], [-1])]),
  ],
  ['that sums earlier tokens', (b, x) => b.op('CumSum', [x, b.int64([], [1])])],
]

describe('the output head at chosen positions', () => {
  it.each(FORMS)('gives the rows that were asked for, with %s', async (_title, form) => {
    const bytes = oddTransformer(form).builder.bytes()
    const { model, positionsInput, outputs } = tapModel(openModel(bytes), { pickPositions: true })
    expect(positionsInput).toBe('innerscope.positions')
    const whole = (await runModel(tapModel(openModel(bytes)).model, { ids: IDS }))[outputs.logits]
    const positions = { dims: [3], data: BigInt64Array.of(4n, 0n, 4n) }
    const picked = (await runModel(model, { ids: IDS, 'innerscope.positions': positions }))[outputs.logits]
    const row = (at: number) => Array.from(whole?.data.subarray(at * ODD.vocabulary, (at + 1) * ODD.vocabulary) ?? [])
    expect(picked?.dims).toEqual([2, 3, ODD.vocabulary])
    expect(largestGap(picked?.data ?? [], [4, 0, 4, 9, 5, 9].flatMap(row))).toBeLessThan(1e-6)
  })

  const positionsOf = (bytes: Uint8Array) => tapModel(openModel(bytes), { pickPositions: true }).positionsInput

  it('may have operators on each token before its product', () => expect(positionsOf(withBefore(gelu))).not.toBeNull())

  it.each(OTHER_HEADS)('is not for a head %s', (_title, build) => expect(positionsOf(withBefore(build))).toBeNull())

  it('is not for one answer to all tokens', () => expect(positionsOf(oddTransformer({ head: 'pooled' }).builder.bytes())).toBeNull())

  it('is only added where it is asked for', () => {
    const opened = openModel(oddTransformer({}).builder.bytes())
    expect(tapModel(opened).positionsInput).toBeNull()
    expect(tapModel(opened, { pickPositions: true }).inputs.map(({ name }) => name)).toEqual(['ids'])
  })

  const quick = zooFiles.filter(({ family, variant }) => variant === 'model.onnx' && ['bert_mlm', 'gpt2', 'llama'].includes(family))

  it.each(quick)('is that of $family at other positions', async (file) => expect(await measurePositions(file)).toBeLessThan(1e-6))
})
