import { describe, expect, it } from 'vitest'
import { cacheLayoutOf, parseConfig } from './config.ts'

describe('cacheLayoutOf', () => {
  it.each<readonly [string, object, object]>([
    ['fewer heads for keys and values', { hidden_size: 32, num_attention_heads: 4, num_key_value_heads: 2 }, { heads: 2, headWidth: 8 }],
    ['a stated width', { hidden_size: 32, num_attention_heads: 4, head_dim: 16 }, { heads: 4, headWidth: 16 }],
    ['older names', { n_embd: 32, n_head: 4 }, { heads: 4, headWidth: 8 }],
    ['other names', { d_model: 32, n_heads: 2, head_dim: null }, { heads: 2, headWidth: 16 }],
    ['nothing', {}, { heads: null, headWidth: null }],
    ['heads that do not part the width', { hidden_size: 30, num_attention_heads: 4 }, { heads: 4, headWidth: null }],
  ])('reads %s', (_title, config, layout) => {
    expect(cacheLayoutOf(parseConfig(config))).toEqual(layout)
  })

  it('refuses what is no configuration', () => {
    expect(() => parseConfig('config')).toThrow(expect.objectContaining({ kind: 'bad-config' }))
    expect(() => parseConfig({ hidden_size: 'wide' })).toThrow(expect.objectContaining({ kind: 'bad-config' }))
  })
})
