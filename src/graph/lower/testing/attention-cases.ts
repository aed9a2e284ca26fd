// com.microsoft Attention and MultiHeadAttention, ai.onnx Attention.

import { type AttributeLike, node } from '../../testing/build.ts'
import { type CaseFeed, declare, type FusedCase, float, integers, plainCase, reals, wave } from './fused-case.ts'

const [batch, time, heads, width] = [2, 5, 3, 12]
const x = reals([batch, time, 8], 1)
const bias = reals([3 * width], 3)
const additive = reals([batch, heads, time, time], 4)
const ends = integers('int32', [batch], [3, 5])
const endsAndStarts = integers('int32', [2 * batch], [5, 4, 2, 0])
const rows = integers('int32', [batch, time], [1, 1, 1, 0, 0, 1, 1, 1, 1, 1])
const leftRows = integers('int32', [batch, time], [0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
const squares = integers(
  'int32',
  [batch, time, time],
  wave([batch, time, time], 5).map((value, place) => (value > 0 || place % 6 === 0 ? 1 : 0)),
)

interface PackedInputs {
  readonly x?: CaseFeed
  readonly widths?: readonly number[]
  /** The runtime wants a bias, so zeros stand for none. */
  readonly bias?: 'none' | 'zeros'
  readonly mask?: CaseFeed
  readonly additive?: CaseFeed
}

/** Weights and bias are constants, as in every file. */
function packed(title: string, attributes: Readonly<Record<string, AttributeLike>>, inputs: PackedInputs): FusedCase {
  const { mask, additive, widths = [width, width, width] } = inputs
  const feeds = { x: inputs.x ?? x, ...(mask ? { mask } : {}), ...(additive ? { additive } : {}) }
  const total = widths.reduce((sum, part) => sum + part, 0)
  return {
    title: `Attention, ${title}`,
    feeds,
    build(graph) {
      declare(graph, feeds)
      const bias = wave([total], 3, inputs.bias === 'zeros' ? 0 : 1)
      const weights = [graph.float([8, total], wave([8, total], 2)), inputs.bias === 'none' ? '' : graph.float([total], bias)]
      const rest = [mask ? 'mask' : '', '', additive ? 'additive' : '']
      graph.output(graph.op('com.microsoft:Attention', ['x', ...weights, ...rest], { num_heads: heads, ...attributes }))
    },
  }
}

const earlier = { unidirectional: 1 }

export const packedAttentionCases: readonly FusedCase[] = [
  packed('no mask', {}, {}),
  { ...packed('no bias', {}, { bias: 'none', mask: rows }), instead: packed('', {}, { bias: 'zeros', mask: rows }).build },
  packed('ends of rows', {}, { mask: ends }),
  packed('ends and starts of rows', {}, { mask: endsAndStarts }),
  packed('a mask of keys', {}, { mask: rows }),
  packed('a mask for each query', {}, { mask: squares }),
  packed('another filter', { mask_filter_value: float(-2.5) }, { mask: rows }),
  packed('the lowest filter', { mask_filter_value: float(-3.4028234663852886e38) }, { mask: rows }),
  packed('an additive bias', {}, { additive }),
  packed('mask and additive bias', {}, { mask: rows, additive }),
  packed('one additive bias for all', {}, { additive: reals([1, 1, time, time], 4) }),
  packed('only earlier keys', earlier, {}),
  packed('only earlier keys and a mask', earlier, { mask: rows }),
  packed('only earlier keys, padded on the left', earlier, { mask: leftRows }),
  packed('its own scale', { scale: float(0.7) }, {}),
  packed('narrower values', { qkv_hidden_sizes: [12, 12, 6] }, { widths: [12, 12, 6] }),
  packed('one token', {}, { x: reals([1, 1, 8], 1), mask: integers('int32', [1, 1], [1]) }),
]

const query = reals([batch, time, width], 1)
const key = reals([batch, time, width], 2)
const value = reals([batch, time, width], 3)
const otherKey = reals([batch, 7, width], 2)
const otherValue = reals([batch, 7, 18], 3)

const multi = (title: string, attributes: Parameters<typeof plainCase>[2], inputs: Parameters<typeof plainCase>[3]): FusedCase =>
  plainCase(`MultiHeadAttention, ${title}`, 'com.microsoft:MultiHeadAttention', { num_heads: heads, ...attributes }, inputs)

/** Queries, keys and values side by side, [batch, time, heads, count, head width]. */
function joined(parts: readonly (readonly number[])[]): readonly number[] {
  const headWidth = width / heads
  return Array.from({ length: batch * time * heads }, (_, at) =>
    parts.map((part) => part.slice(at * headWidth, (at + 1) * headWidth)),
  ).flat(2)
}

const all = { type: 'float32', dims: [batch, time, heads, 3, 4], data: joined([query.data, key.data, value.data]) } as const
const keysAndValues = { type: 'float32', dims: [batch, time, heads, 2, 4], data: joined([key.data, value.data]) } as const

function parts(title: string, own: FusedCase): FusedCase {
  const separate = multi('', {}, { query, key, value })
  return { ...own, title: `MultiHeadAttention, ${title}`, instead: separate.build, feeds: { ...own.feeds, query, key, value } }
}

export const multiHeadAttentionCases: readonly FusedCase[] = [
  multi('no mask', {}, { query, key, value }),
  multi('a bias', {}, { query, key, value, bias }),
  multi('ends of rows', {}, [['query', query], ['key', key], ['value', value], null, ['ends', ends]]),
  multi('a mask of keys and a bias', {}, { query, key, value, bias, rows }),
  multi('a mask for each query', {}, [['query', query], ['key', key], ['value', value], null, ['squares', squares]]),
  multi('an additive bias', {}, [['query', query], ['key', key], ['value', value], null, null, ['additive', additive]]),
  multi('only earlier keys', { unidirectional: 1 }, { query, key, value }),
  multi('its own scale', { scale: float(0.7) }, { query, key, value }),
  multi('keys of another length, wider values', {}, { query, key: otherKey, value: otherValue }),
  multi('keys of another length, wider values, a bias', {}, { query, key: otherKey, value: otherValue, bias: reals([42], 4) }),
  multi('keys that are projected already', {}, { query, key: reals([batch, heads, 7, 4], 2), value: reals([batch, heads, 7, 4], 3) }),
  multi('one token', {}, { query: reals([1, 1, 12], 1), key: reals([1, 1, 12], 2), value: reals([1, 1, 12], 3) }),
  parts('all in one', multi('', {}, { all })),
  parts(
    'keys and values in one',
    multi('', {}, [
      ['query', query],
      ['keysAndValues', keysAndValues],
    ]),
  ),
]

const open = (count: number, length: number, seed: number) => reals([batch, count, length, 4], seed)
const seen = { type: 'bool', dims: [batch, 1, time, time], data: squares.data } as const
const masked = reals([time, time], 6)

const standard = (title: string, attributes: Parameters<typeof plainCase>[2], inputs: Parameters<typeof plainCase>[3]): FusedCase =>
  plainCase(`Attention of ai.onnx, ${title}`, 'Attention', attributes, inputs, { opset: 23 })

const openHeads = { query: open(4, time, 1), key: open(4, time, 2), value: open(4, time, 3) }
const rowsOfHeads = { query: reals([batch, time, 16], 1), key: reals([batch, 7, 8], 2), value: reals([batch, 7, 6], 3) }
const grouped = { q_num_heads: 4, kv_num_heads: 2 }

/** The scores on request: raw, capped, with the mask, as probabilities. */
function scores(mode: number): FusedCase {
  const feeds = { ...openHeads, masked }
  return {
    title: `Attention of ai.onnx, scores of mode ${mode}`,
    feeds,
    opset: 23,
    build(graph) {
      const attributes = { softcap: float(1.5), qk_matmul_output_mode: mode }
      graph.add(node('Attention', declare(graph, feeds), ['output', '', '', 'scores'], attributes))
      graph.output('output')
      graph.output('scores')
    },
  }
}

export const standardAttentionCases: readonly FusedCase[] = [
  standard('open heads', {}, openHeads),
  standard('joined heads in groups', grouped, rowsOfHeads),
  standard('a mask of truths', {}, { ...openHeads, seen }),
  standard('a mask of numbers', {}, { ...openHeads, masked }),
  standard('only earlier keys', { is_causal: 1 }, openHeads),
  standard('only earlier keys, joined heads', { is_causal: 1, ...grouped }, rowsOfHeads),
  standard('its own scale and a cap', { scale: float(0.7), softcap: float(1.5) }, { ...openHeads, masked }),
  standard('one token', grouped, { query: reals([1, 1, 16], 1), key: reals([1, 1, 8], 2), value: reals([1, 1, 8], 3) }),
  ...[0, 1, 2, 3].map(scores),
]
