// Rotary embedding and GroupQueryAttention, which has one inside.

import { type ModelBuilder, node } from '../../testing/build.ts'
import { type CaseFeed, declare, type FusedCase, float, half, integers, plainCase, reals, wave } from './fused-case.ts'

const [batch, time, headWidth] = [2, 5, 32]
const places = integers('int64', [batch, time], [0, 1, 2, 3, 4, 7, 3, 2, 2, 0])
const tables = { cos: reals([9, 16], 5), sin: reals([9, 16], 6) }
const narrow = { cos: reals([9, 8], 5), sin: reals([9, 8], 6) }
const rows = reals([batch, time, 3 * headWidth], 1)
const open = reals([batch, 3, time, headWidth], 1)

const microsoft = (title: string, attributes: Readonly<Record<string, number>>, inputs: Readonly<Record<string, CaseFeed>>): FusedCase =>
  plainCase(`RotaryEmbedding, ${title}`, 'com.microsoft:RotaryEmbedding', attributes, inputs)
const standard = (title: string, attributes: Readonly<Record<string, number>>, inputs: Readonly<Record<string, CaseFeed>>): FusedCase =>
  plainCase(`RotaryEmbedding of ai.onnx, ${title}`, 'RotaryEmbedding', attributes, inputs, { opset: 23 })

const values = { cos: reals([batch, time, 16], 5), sin: reals([batch, time, 16], 6) }
const [cos, sin] = [tables.cos, tables.sin]

export const rotaryCases: readonly FusedCase[] = [
  microsoft('open heads', {}, { open, places, ...tables }),
  microsoft('joined heads', { num_heads: 3 }, { rows, places, ...tables }),
  microsoft('neighbours', { interleaved: 1 }, { open, places, ...tables }),
  microsoft('joined heads, neighbours', { interleaved: 1, num_heads: 3 }, { rows, places, ...tables }),
  microsoft('a first place', {}, { open, first: integers('int64', [1], [3]), ...tables }),
  microsoft('a part of each head', { num_heads: 3, rotary_embedding_dim: 16 }, { open, places, ...narrow }),
  microsoft('a part of joined heads', { num_heads: 3, rotary_embedding_dim: 16 }, { rows, places, ...narrow }),
  {
    title: 'RotaryEmbedding, float16',
    feeds: { open: { ...open, type: 'float16' }, places },
    tolerance: 2e-3,
    build(graph) {
      const inputs = declare(graph, { open: { ...open, type: 'float16' }, places })
      graph.output(graph.op('com.microsoft:RotaryEmbedding', [...inputs, half(graph, [9, 16], 5), half(graph, [9, 16], 6)]), 'float16')
    },
  },
  standard('tables', {}, { open, ...tables, places }),
  standard('values', {}, { open, ...values }),
  standard('values, joined heads, neighbours', { num_heads: 3, interleaved: 1 }, { rows, ...values }),
  standard('a part of each head', { rotary_embedding_dim: 16 }, { open, ...narrow, places }),
  {
    title: 'RotaryEmbedding, joined heads of a width that the tables tell',
    feeds: { rows, places },
    build(graph) {
      const [x = '', at = ''] = declare(graph, { rows, places })
      const inputs = [x, at, graph.float([9, 16], wave([9, 16], 5)), graph.float([9, 16], wave([9, 16], 6))]
      graph.output(graph.op('com.microsoft:RotaryEmbedding', inputs))
    },
  },
]

const [heads, groups] = [4, 2]
const query = reals([batch, time, heads * headWidth], 1)
const key = reals([batch, time, groups * headWidth], 2)
const value = reals([batch, time, groups * headWidth], 3)
const packed = reals([batch, time, (heads + 2 * groups) * headWidth], 4)
const last = integers('int32', [batch], [4, 4])
const total = integers('int32', [1], [5])
const bias = reals([batch, heads, time, time], 7)

/** The runtime reads only the first place where there is no cache, so the places of a test are in a row. */
const later = integers('int64', [batch, time], [3, 4, 5, 6, 7, 3, 4, 5, 6, 7])

interface GroupedParts {
  readonly attributes?: Readonly<Record<string, number | ReturnType<typeof float>>>
  readonly packed?: boolean
  readonly rotary?: Readonly<Record<'cos' | 'sin', CaseFeed>>
  readonly more?: Readonly<Record<string, CaseFeed>>
  readonly last?: CaseFeed
  readonly cache?: boolean
}

/** Inputs in the operator's order; the rotary tables are constants, as in every file. */
function grouped(title: string, form: GroupedParts, more: Partial<FusedCase> = {}): FusedCase {
  const own = form.packed === true ? { packed } : { query, key, value }
  const empty = { type: 'float32', dims: [batch, groups, 0, headWidth], data: [] } as const
  const caches = form.cache === true ? { pastKey: empty, pastValue: empty } : {}
  const feeds = { ...own, ...caches, last: form.last ?? last, total, ...form.more }
  return {
    title: `GroupQueryAttention, ${title}`,
    feeds,
    build(graph) {
      declare(graph, feeds)
      const table = (feed: CaseFeed | undefined): string => (feed === undefined ? '' : graph.float(feed.dims, feed.data))
      const given = (name: string): string => (name in feeds ? name : '')
      const inputs = [
        ...(form.packed === true ? ['packed', '', ''] : ['query', 'key', 'value']),
        ...['pastKey', 'pastValue', 'last', 'total'].map(given),
        ...[table(form.rotary?.cos), table(form.rotary?.sin), given('places'), given('bias'), given('sinks')],
      ]
      const attributes = { num_heads: heads, kv_num_heads: groups, do_rotary: form.rotary === undefined ? 0 : 1, ...form.attributes }
      graph.add(node('com.microsoft:GroupQueryAttention', inputs, ['output', 'presentKey', 'presentValue'], attributes))
      graph.output('output')
    },
    ...more,
  }
}

/** Norms of queries and keys by the operator itself, or by others before it. */
function normedHeads(graph: ModelBuilder, where: 'inside' | 'before'): void {
  declare(graph, { query, key, value, last, total })
  const [queryGain, keyGain] = [graph.float([headWidth], wave([headWidth], 8)), graph.float([headWidth], wave([headWidth], 9))]
  const table = ({ dims, data }: CaseFeed): string => graph.float(dims, data)
  const normed = (x: string, count: number, gain: string, epsilon: number): string => {
    const open = graph.op('Reshape', [x, graph.int64([4], [0, 0, count, headWidth])])
    const norm = graph.op('SimplifiedLayerNormalization', [open, gain], { epsilon: float(epsilon), axis: -1 })
    return graph.op('Reshape', [norm, graph.int64([3], [0, 0, count * headWidth])])
  }
  const parts = where === 'inside' ? ['query', 'key'] : [normed('query', heads, queryGain, 0.3), normed('key', groups, keyGain, 0.02)]
  const inputs = [...parts, 'value', '', '', 'last', 'total', table(cos), table(sin)]
  if (where === 'inside') inputs.push('', '', '', '', '', queryGain, keyGain)
  const epsilons = where === 'inside' ? { q_norm_epsilon: float(0.3), qk_norm_epsilon: float(0.02) } : {}
  const attributes = { num_heads: heads, kv_num_heads: groups, do_rotary: 1, ...epsilons }
  graph.add(node('com.microsoft:GroupQueryAttention', inputs, ['output', 'presentKey', 'presentValue'], attributes))
  graph.output('output')
}

const rowWidth = heads * headWidth
/** Rows past the end of a sequence hold what was in memory. */
const firstThree = (place: number): boolean => place >= time * rowWidth || place < 3 * rowWidth

export const groupQueryAttentionCases: readonly FusedCase[] = [
  grouped('parts', {}),
  grouped('all in one', { packed: true }),
  grouped('an empty cache', { packed: true, rotary: tables, cache: true }),
  grouped('turned halves', { rotary: { cos, sin } }),
  grouped('turned neighbours, all in one', { packed: true, rotary: tables, attributes: { rotary_interleaved: 1 } }),
  grouped('a part of each head turned', { rotary: narrow }),
  grouped('places given', { rotary: tables, more: { places: later } }),
  grouped('a window', { attributes: { local_window_size: 2 } }),
  grouped('a cap and its own scale', { attributes: { softcap: float(1.5), scale: float(0.7) } }),
  grouped('an additive bias', { more: { bias } }),
  grouped('sinks', { more: { sinks: reals([heads], 9) } }),
  grouped('sinks, a window and turned halves', {
    rotary: tables,
    attributes: { local_window_size: 2 },
    more: { sinks: reals([heads], 9) },
  }),
  grouped('a sink of 0', { packed: true, attributes: { smooth_softmax: 1 } }),
  {
    title: 'GroupQueryAttention, norms of heads',
    feeds: { query, key, value, last, total },
    build: (graph) => normedHeads(graph, 'inside'),
    instead: (graph) => normedHeads(graph, 'before'),
  },
  grouped('a padded row', { rotary: tables, last: integers('int32', [batch], [2, 4]) }, { counts: firstThree }),
  {
    title: 'GroupQueryAttention, float16',
    feeds: { packed: { ...packed, type: 'float16' }, last, total },
    tolerance: 2e-3,
    build(graph) {
      declare(graph, { packed: { ...packed, type: 'float16' }, last, total })
      const inputs = ['packed', '', '', '', '', 'last', 'total', half(graph, [9, 16], 5), half(graph, [9, 16], 6)]
      const attributes = { num_heads: heads, kv_num_heads: groups, do_rotary: 1 }
      graph.add(node('com.microsoft:GroupQueryAttention', inputs, ['output', 'presentKey', 'presentValue'], attributes))
      graph.output('output', 'float16')
    },
  },
]
