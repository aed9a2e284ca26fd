import { describe, expect, it } from 'vitest'
import { conventionOf, parseConfig } from './config.ts'

describe('conventionOf', () => {
  it.each<readonly [string, object, object]>([
    ['fewer heads for keys and values', { hidden_size: 32, num_attention_heads: 4, num_key_value_heads: 2 }, { heads: 2, headWidth: 8 }],
    ['a stated width', { hidden_size: 32, num_attention_heads: 4, head_dim: 16 }, { heads: 4, headWidth: 16 }],
    ['older names', { n_embd: 32, n_head: 4 }, { heads: 4, headWidth: 8 }],
    ['other names', { d_model: 32, n_heads: 2, head_dim: null }, { heads: 2, headWidth: 16 }],
    ['heads of every layer', { hidden_size: 32, num_attention_heads: [4, 4] }, { heads: 4, headWidth: 8 }],
    ['digits', { hidden_size: '32', num_attention_heads: '4' }, { heads: 4, headWidth: 8 }],
    ['what concerns text alone', { text_config: { hidden_size: 32, num_attention_heads: 4 } }, { heads: 4, headWidth: 8 }],
    ['nothing', {}, { heads: null, headWidth: null, lacking: { heads: 'num_attention_heads', headWidth: 'hidden_size' } }],
    [
      'heads that do not part the width',
      { hidden_size: 30, num_attention_heads: 4 },
      { heads: 4, headWidth: null, lacking: { headWidth: 'head_dim' } },
    ],
    [
      'heads that differ',
      { hidden_size: 32, num_attention_heads: [4, 2] },
      { heads: null, headWidth: null, lacking: { heads: 'num_attention_heads' } },
    ],
    // One of them is not taken for the other.
    [
      'heads for keys that differ',
      { hidden_size: 32, num_attention_heads: 4, num_key_value_heads: [2, 1] },
      { heads: null, headWidth: 8, lacking: { heads: 'num_key_value_heads' } },
    ],
  ])('reads %s', (_title, config, convention) => {
    expect(conventionOf(parseConfig(config))).toMatchObject(convention)
  })
})

describe('parseConfig', () => {
  it.each<readonly [string, object, object]>([
    ['a table', { id2label: { 0: 'no', 1: 'yes' } }, { 0: 'no', 1: 'yes' }],
    ['a list', { id2label: ['no', 'yes'] }, { 0: 'no', 1: 'yes' }],
    ['integers', { id2label: { 0: 0, 1: 5 } }, { 0: '0', 1: '5' }],
    ['nothing', { id2label: null }, {}],
    ['a label that is missing', { id2label: { 0: 'no', 1: null } }, { 0: 'no' }],
    ['a table the other way round', { id2label: { no: 0, yes: 1 } }, { 0: 'no', 1: 'yes' }],
    ['the other table', { id2label: {}, label2id: { no: 0, yes: 1 } }, { 0: 'no', 1: 'yes' }],
    ['words', { id2label: 'no, yes' }, {}],
  ])('reads labels of %s', (_title, config, labels) => {
    expect(parseConfig(config).id2label).toEqual(labels)
  })

  it('does not mind what nobody needs', () => {
    const odd = {
      model_type: 7,
      problem_type: [],
      hidden_size: 'wide',
      max_position_embeddings: -1,
      pad_token_id: null,
      num_attention_heads: {},
    }
    expect(parseConfig(odd)).toMatchObject({ model_type: 'unknown', problem_type: null, hidden_size: null, max_position_embeddings: null })
  })

  it.each(['config', null, 3, ['bert']])('refuses %j, which is no configuration', (value) => {
    expect(() => parseConfig(value)).toThrow(expect.objectContaining({ kind: 'bad-config' }))
  })
})
