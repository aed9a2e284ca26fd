import { describe, expect, it } from 'vitest'
import type { PreparedInput } from '#graph/model-inputs'
import { buildFeeds } from './feeds.ts'

const layout = { heads: 3, headWidth: 16 }
const row = { ids: [5, 6, 7], mask: [1, 1, 0], types: [0, 1, 1] }

function feed(name: string, elementType: PreparedInput['elementType'], dims: PreparedInput['dims']) {
  return buildFeeds([{ name, elementType, dims }], row, layout)[name]
}

describe('buildFeeds', () => {
  it.each([
    ['input_ids', 'int64', BigInt64Array.of(5n, 6n, 7n)],
    ['attention_mask', 'int32', Int32Array.of(1, 1, 0)],
    ['attention_mask', 'float32', Float32Array.of(1, 1, 0)],
    ['token_type_ids', 'int64', BigInt64Array.of(0n, 1n, 1n)],
    ['position_ids', 'int64', BigInt64Array.of(0n, 1n, 2n)],
    ['input_ids:0', 'int32', Int32Array.of(5, 6, 7)],
    ['input_mask:0', 'int32', Int32Array.of(1, 1, 0)],
    ['segment_ids:0', 'int32', Int32Array.of(0, 1, 1)],
    ['task_type_ids', 'int64', BigInt64Array.of(0n, 0n, 0n)],
  ] as const)('fills %s of type %s', (name, elementType, data) => {
    expect(feed(name, elementType, ['batch', 'tokens'])).toEqual({ dims: [1, 3], data })
  })

  it('gives ones and zeros where the row says nothing', () => {
    const inputs = ['attention_mask', 'token_type_ids'].map((name) => ({ name, elementType: 'int32' as const, dims: ['b', 't'] }))
    const feeds = buildFeeds(inputs, { ids: [4, 9] }, layout)
    expect(Object.values(feeds).map(({ data }) => data.join())).toEqual(['1,1', '0,0'])
  })

  it.each<readonly [string, PreparedInput['dims'], readonly number[]]>([
    ['of known heads', ['batch_size', 4, 'past_sequence_length', 8], [1, 4, 0, 8]],
    ['of open width', ['batch_size', 4, 'past_sequence_length', 'kv_cache_dim'], [1, 4, 0, 16]],
    ['of open heads', ['batch', 'heads', 'past', 8], [1, 3, 0, 8]],
    ['of joined keys and values', [2, 'batch', 4, 'past_seq_len', 8], [2, 1, 4, 0, 8]],
    ['with heads behind the positions', ['batch', 'past_seq', 'heads', 8], [1, 0, 3, 8]],
    ['with heads joined to the batch', ['batch_size x num_heads', 16, 'past_sequence_length'], [3, 16, 0]],
    ['of one head for all', ['batch_size', 'past_sequence_length', 16], [1, 0, 16]],
    ['with the width before the positions', ['batch', 4, 8, 'past_sequence_length'], [1, 4, 8, 0]],
  ])('gives a cache %s no positions', (_title, dims, expected) => {
    expect(feed('past_key_values.0.key', 'float32', dims)).toEqual({ dims: expected, data: new Float32Array() })
    expect(feed('past_key_values.0.key', 'float16', dims)).toEqual({ dims: expected, data: new Uint16Array(), type: 'float16' })
  })

  it('switches the cache branch off and asks for all logits', () => {
    expect(feed('use_cache_branch', 'bool', [1])).toEqual({ dims: [1], data: Uint8Array.of(0), type: 'bool' })
    expect(feed('num_logits_to_keep', 'int64', [])).toEqual({ dims: [], data: BigInt64Array.of(0n) })
  })

  it('fills more axes where they say nothing of who sees whom', () => {
    expect(feed('position_ids', 'int64', [3, 'batch', 'tokens'])?.dims).toEqual([3, 1, 3])
    expect(feed('position_ids', 'int64', [3, 'batch', 'tokens'])?.data).toEqual(BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 2n, 0n, 1n, 2n))
    expect(feed('attention_mask', 'int64', ['batch', 1, 1, 'tokens'])).toEqual({ dims: [1, 1, 1, 3], data: BigInt64Array.of(1n, 1n, 0n) })
    expect(feed('cache_position', 'int64', ['tokens'])).toEqual({ dims: [3], data: BigInt64Array.of(0n, 1n, 2n) })
    expect(feed('bbox', 'int64', ['batch', 'tokens', 4])).toEqual({ dims: [1, 3, 4], data: new BigInt64Array(12) })
  })

  it('starts positions where the family does', () => {
    const inputs = ['position_ids', 'cache_position'].map((name) => ({ name, elementType: 'int64' as const, dims: ['b', 't'] }))
    const feeds = buildFeeds(inputs, row, { ...layout, positionStart: 2 })
    expect([feeds.position_ids?.data, feeds.cache_position?.data]).toEqual([BigInt64Array.of(2n, 3n, 4n), BigInt64Array.of(0n, 1n, 2n)])
  })

  it('counts the tokens where a graph asks for it', () => {
    const asked = ['total_sequence_length', 'seqlens_k', 'past_sequence_length'].map((name) => feed(name, 'int32', [1])?.data)
    expect(asked).toEqual([Int32Array.of(3), Int32Array.of(2), Int32Array.of(0)])
  })

  it('starts a state that is no list of positions with zeros', () => {
    expect(feed('past_conv.0', 'float32', ['batch', 8, 3])).toEqual({ dims: [1, 8, 3], data: new Float32Array(24) })
  })

  it.each([
    ['inputs_embeds', 'embeddings in place of token ids'],
    ['encoder_hidden_states', 'second half'],
    ['pixel_values', 'pictures'],
    ['past_key_values.0.key', 'cannot be made empty'],
  ])('says why %s is not filled', (name, reason) => {
    expect(() => feed(name, 'float32', ['batch', 4, 64, 8])).toThrow(reason)
  })

  it.each<readonly [string, PreparedInput['elementType'], PreparedInput['dims']]>([
    ['attention_mask', 'bool', ['batch', 1, 'tokens', 'tokens']],
    ['attention_mask', 'bool', [1, 1, 'tokens', 'tokens']],
    ['attention_mask', 'float32', ['batch', 1, 1, 'tokens']],
    ['pixel_values', 'float32', ['batch', 3, 224, 224]],
    ['past_key_values.0.key', 'int64', ['b', 4, 'p', 8]],
    ['encoder_hidden_states', 'float32', ['b', 't', 8]],
    ['constructor', 'int64', ['b', 't']],
  ])('does not know how to fill %s of type %s', (name, elementType, dims) => {
    expect(() => feed(name, elementType, dims)).toThrow(expect.objectContaining({ kind: 'unknown-input', data: { name } }))
  })

  it.each([
    ['heads', { heads: null, headWidth: 8 }, 'num_attention_heads'],
    ['width', { heads: 2, headWidth: null }, 'head_dim'],
  ])('names the field of the configuration that leaves the %s of a cache open', (_title, open, field) => {
    const inputs = [{ name: 'past.0', elementType: 'float32' as const, dims: ['b', null, 'past_length', 'width'] }]
    const lacking = { heads: 'num_attention_heads', headWidth: 'head_dim' }
    expect(() => buildFeeds(inputs, row, { ...open, lacking })).toThrow(
      expect.objectContaining({ kind: 'config-field', data: { field, name: 'past.0' } }),
    )
  })

  it('does not guess the width of a cache', () => {
    const inputs = [{ name: 'past.0', elementType: 'float32' as const, dims: ['b', 4, 'past_length', 'width'] }]
    expect(() => buildFeeds(inputs, row, { heads: null, headWidth: null })).toThrow(expect.objectContaining({ kind: 'unknown-input' }))
  })
})
