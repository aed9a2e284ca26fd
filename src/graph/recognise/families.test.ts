// Recognition on graphs built in code: what families have in common and where they differ, without any of their names.

import { describe, expect, it } from 'vitest'
import { runModel } from '#engine/testing/run-model'
import { indexGraph } from '../ir/graph-index.ts'
import { prepareModel } from '../prepare.ts'
import { readModel } from '../proto/read.ts'
import { ODD, type OddTransformer, oddTransformer } from '../testing/odd-transformer.ts'
import { taskOf } from './answer.ts'
import { findAttentions } from './attention.ts'
import { embeddingOutput, findEmbedding } from './embedding.ts'
import { findHiddenStates } from './residual-stream.ts'

const FORMS: readonly (readonly [string, OddTransformer])[] = [
  ['a product for each', {}],
  ['one product taken apart by Split', { projection: 'split' }],
  ['one product taken apart by Slice', { projection: 'slice', bias: 'alibi' }],
  ['repeated key heads', { groups: true, projection: 'split' }],
  ['norms of queries and keys', { headNorms: true, groups: true }],
  ['heads joined to the batch', { joined: true }],
  [
    'capped scores, norms around blocks, gains stored less 1, scaled embeddings',
    { cap: true, norms: 'around', gain: 'plus-one', scaled: true },
  ],
  ['a window', { bias: 'window' }],
  ['slopes on distances', { bias: 'alibi' }],
  ['norms after blocks', { norms: 'after' }],
  ['affine maps after blocks', { norms: 'after', gain: 'affine' }],
  ['norms by a power', { gain: 'power' }],
  ['blocks beside each other, added one after the other', { beside: true }],
  ['rows joined for the second block', { flat: true }],
  ['a bias added after the blocks', { shifted: true }],
  ['rows joined for the second block, norms after blocks', { flat: true, norms: 'after' }],
  ['a pooled head', { head: 'pooled' }],
  ['a pooled head after norms after blocks', { head: 'pooled', norms: 'after', joined: true }],
]

describe('recognition', () => {
  it.each(FORMS)('finds attention, the residual stream and the embedding with %s', (_title, form) => {
    const { builder, probabilities, hiddenStates, embeddings } = oddTransformer(form)
    const { graph } = builder.model()
    const attentions = findAttentions(graph)
    const answer = graph.outputs[0]?.name ?? ''
    expect(attentions.map((attention) => attention.probabilities)).toEqual(probabilities)
    expect(attentions.map(({ heads }) => heads)).toEqual(probabilities.map(() => ODD.heads))
    expect(findHiddenStates(graph, attentions, answer)).toEqual(hiddenStates)
    const embedding = findEmbedding(graph, attentions[0])
    expect(embedding === null ? null : embeddingOutput(embedding, graph)).toBe(embeddings)
    expect(taskOf(graph, answer, hiddenStates, null, null)).toBe(form.head === 'pooled' ? 'classifier' : 'token-logits')
  })

  it.each(FORMS)('computes the same after preparation, with %s', async (_title, form) => {
    const model = oddTransformer(form).builder.model()
    const prepared = prepareModel(oddTransformer(form).builder.bytes())
    expect(prepared.outputs.attentions).toHaveLength(ODD.layers)
    const feeds = { ids: { dims: [1, 5], data: BigInt64Array.of(3n, 1n, 4n, 1n, 5n) } }
    const [plain] = Object.values(await runModel(model, feeds))
    const rewritten = readModel(prepared.bytes, (path) => prepared.externalData.find((file) => file.path === path)?.data).model
    const results = await runModel(rewritten, feeds)
    expect(results[prepared.outputs.logits]).toEqual(plain)
    for (const name of prepared.outputs.attentions) {
      const { data } = results[name] ?? { data: new Float32Array() }
      for (let row = 0; row < data.length; row += 5) expect(data.subarray(row, row + 5).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    }
  })

  it('does not take a longer table of rotations for the embedding', () => {
    const { builder, embeddings } = oddTransformer({})
    const { graph } = builder.model()
    const [first] = findAttentions(graph)
    if (first === undefined) throw new Error('no attention')
    const table = { name: 'rotations', elementType: 'float32', dims: [999, 4], storage: { kind: 'opaque' } } as const
    const lookup = { name: '', opType: 'Gather', domain: '', inputs: ['rotations', 'ids'], outputs: ['turn'], attributes: new Map() }
    const turned = { name: '', opType: 'Mul', domain: '', inputs: [first.query, 'turn'], outputs: ['turned'], attributes: new Map() }
    const place = indexGraph(graph).position(first.scores)
    const scores = { ...first.scores, inputs: ['turned', first.key] }
    const nodes = [...graph.nodes.slice(0, place), lookup, turned, scores, ...graph.nodes.slice(place + 1)]
    const rotated = { ...graph, nodes, initializers: [...graph.initializers, table] }
    expect(findEmbedding(rotated, findAttentions(rotated)[0])?.outputs).toEqual([embeddings])
  })
})
