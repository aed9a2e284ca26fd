// Activations, norms, products.

import { node } from '../../testing/build.ts'
import type { FusedCase } from './fused-case.ts'
import { float, half, integers, plainCase, reals, text } from './fused-case.ts'

const x = reals([2, 5, 12], 1)
const wide = { ...x, data: x.data.map((value) => value * 12) }
const width = reals([12], 2)
const halfX = reals([2, 3, 12], 1, 'float16')

export const activationCases: readonly FusedCase[] = [
  plainCase('Gelu', 'com.microsoft:Gelu', {}, { x: wide }),
  plainCase('BiasGelu', 'com.microsoft:BiasGelu', {}, { x, bias: width }),
  plainCase('FastGelu', 'com.microsoft:FastGelu', {}, { x: wide }),
  plainCase('FastGelu with bias', 'com.microsoft:FastGelu', {}, { x, bias: width }),
  plainCase('QuickGelu', 'com.microsoft:QuickGelu', {}, { x: wide }),
  plainCase('QuickGelu with alpha', 'com.microsoft:QuickGelu', { alpha: float(1.1) }, { x }),
  plainCase('Gelu of ai.onnx', 'Gelu', {}, { x: wide }),
  plainCase('Gelu of ai.onnx, tanh', 'Gelu', { approximate: text('tanh') }, { x: wide }),
  plainCase('Gelu of ai.onnx, float16', 'Gelu', { approximate: text('none') }, { x: halfX }, { tolerance: 2e-3 }),
]

const skip = reals([2, 5, 12], 3)
const epsilon = float(1e-5)

/** All outputs that are computed: the norm and the sum. */
function residualNorm(operator: string, parts: readonly ('beta' | 'bias' | null)[], title: string): FusedCase {
  return {
    title: `${operator}, ${title}`,
    feeds: { x, skip },
    build(graph) {
      const inputs = [graph.input('x', 'float32', ['b', 't', 12]), graph.input('skip', 'float32', ['b', 't', 12]), graph.float([12])]
      for (const part of parts) inputs.push(part === null ? '' : graph.float([12]))
      const [norm, sum] = [`${operator} norm`, `${operator} sum`]
      graph.add(node(`com.microsoft:${operator}`, inputs, [norm, '', '', sum], { epsilon }))
      graph.output(norm)
      graph.output(sum)
    },
  }
}

const ids = integers('int32', [2, 5], [1, 4, 0, 2, 2, 3, 3, 1, 0, 4])
const kinds = integers('int32', [2, 5], [0, 0, 1, 1, 1, 0, 1, 1, 0, 0])
const mask = integers('int32', [2, 5], [1, 1, 1, 0, 0, 1, 1, 1, 1, 0])

function embedding(title: string, withKinds: boolean, withMask: boolean, withPlaces: boolean): FusedCase {
  const places = integers('int32', [2, 5], [3, 1, 2, 0, 4, 4, 3, 2, 1, 0])
  return {
    title: `EmbedLayerNormalization, ${title}`,
    feeds: { ids, ...(withKinds ? { kinds } : {}), ...(withMask ? { mask } : {}), ...(withPlaces ? { places } : {}) },
    build(graph) {
      const given = (name: string, present: boolean): string => (present ? graph.input(name, 'int32', ['b', 't']) : '')
      const [first, second] = [given('ids', true), given('kinds', withKinds)]
      const tables = [graph.float([5, 12]), graph.float([7, 12]), withKinds ? graph.float([2, 12]) : '']
      const last = [given('mask', withMask), given('places', withPlaces)]
      const inputs = [first, second, ...tables, graph.float([12]), graph.float([12]), ...last]
      graph.add(
        node('com.microsoft:EmbedLayerNormalization', inputs, ['norm', 'counts', 'sum'], { epsilon, mask_index_type: withMask ? 1 : 0 }),
      )
      graph.output('norm')
      graph.output('sum')
      if (withMask) graph.output(graph.op('Cast', ['counts'], { to: 1 }))
    },
  }
}

export const normCases: readonly FusedCase[] = [
  residualNorm('SkipLayerNormalization', ['beta', 'bias'], 'everything'),
  residualNorm('SkipLayerNormalization', ['beta'], 'no bias'),
  residualNorm('SkipLayerNormalization', [null, 'bias'], 'no beta'),
  residualNorm('SkipSimplifiedLayerNormalization', [], 'no bias'),
  residualNorm('SkipSimplifiedLayerNormalization', ['bias'], 'everything'),
  plainCase(
    'a skip that is broadcast',
    'com.microsoft:SkipLayerNormalization',
    { epsilon },
    { x, row: reals([1, 5, 12], 3), gamma: width },
  ),
  plainCase('SimplifiedLayerNormalization', 'SimplifiedLayerNormalization', { epsilon, axis: -1, stash_type: 1 }, { x, gamma: width }),
  {
    title: 'SkipSimplifiedLayerNormalization, float16',
    feeds: { x: halfX, skip: reals([2, 3, 12], 5, 'float16') },
    tolerance: 2e-3,
    build(graph) {
      const inputs = ['x', 'skip'].map((name) => graph.input(name, 'float16', ['b', 't', 12]))
      graph.add(
        node('com.microsoft:SkipSimplifiedLayerNormalization', [...inputs, half(graph, [12], 2)], ['y', '', '', 'sum'], { epsilon }),
      )
      graph.output('y', 'float16')
      graph.output('sum', 'float16')
    },
  },
  plainCase('RMSNormalization', 'RMSNormalization', { epsilon }, { x, gamma: width }, { opset: 23 }),
  plainCase('RMSNormalization over two axes', 'RMSNormalization', { epsilon, axis: 1 }, { x, gamma: reals([5, 12], 2) }, { opset: 23 }),
  embedding('words and places', false, false, false),
  embedding('with kinds', true, false, false),
  embedding('with a mask that is counted', true, true, false),
  embedding('with places given', true, false, true),
]

const a = reals([2, 3, 4, 5], 1)

function product(
  title: string,
  attributes: Readonly<Record<string, number>>,
  left: readonly number[],
  right: readonly number[],
): FusedCase {
  return plainCase(title, 'com.microsoft:FusedMatMul', { alpha: float(0.3), ...attributes }, { a: reals(left, 1), b: reals(right, 2) })
}

export const productCases: readonly FusedCase[] = [
  plainCase('FusedMatMul without anything', 'com.microsoft:FusedMatMul', {}, { a, b: reals([2, 3, 5, 6], 2) }),
  product('FusedMatMul, right swapped', { transB: 1 }, [2, 3, 4, 5], [2, 3, 6, 5]),
  product('FusedMatMul, left swapped', { transA: 1 }, [2, 3, 5, 4], [2, 3, 5, 6]),
  product('FusedMatMul, both swapped', { transA: 1, transB: 1 }, [3, 5, 4], [3, 6, 5]),
  product('FusedMatMul, batch moved', { transBatchA: 1, transBatchB: 1 }, [4, 3, 5], [5, 3, 6]),
  product('FusedMatMul, batch moved and swapped', { transBatchA: 1, transA: 1 }, [5, 3, 4], [3, 5, 6]),
]
