// The longest row and the first position, for models of the zoo and graphs that are built here.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeInputs } from '#graph/model-inputs'
import { openModel } from '#graph/open-model'
import { ModelBuilder } from '#graph/testing/build'
import { parseConfig } from './config.ts'
import { rowLimits } from './row-limits.ts'

function limitsOfFile(file: string, config: object, tokenizerConfig: object) {
  const { model, parts } = openModel(new Uint8Array(readFileSync(`fixtures/zoo/${file}`)))
  return rowLimits(model.graph, describeInputs(model.graph), parts.vocabulary, parseConfig(config), tokenizerConfig)
}

/** A table of `rows` positions that are an input, moved by `moved` in the graph. */
function limitsOfTable(rows: number, config: object, tokenizerConfig: object, moved = 0) {
  const b = new ModelBuilder()
  b.input('input_ids', 'int64', ['batch', 'tokens'])
  const fed = b.input('position_ids', 'int64', ['batch', 'tokens'])
  b.output(b.op('Gather', [b.float([rows, 4]), moved === 0 ? fed : b.op('Add', [fed, b.int64([], [moved])])]))
  const { graph } = b.model()
  const { statedTokens, convention } = rowLimits(graph, describeInputs(graph), 100, parseConfig(config), tokenizerConfig)
  return [statedTokens, convention.positionStart ?? 0]
}

describe('rowLimits', () => {
  it.each<readonly [string, string, object, object, number | null]>([
    ['positions counted behind the padding', 'roberta/onnx/model.onnx', { model_type: 'roberta', max_position_embeddings: 66 }, {}, 64],
    ['the same without any word of it', 'roberta/onnx/model.onnx', {}, {}, 64],
    ['a list of positions', 'bert/onnx/model.onnx', {}, {}, 64],
    ['a fused embedding', 'bert/onnx/model_fused.onnx', {}, {}, 64],
    ['fed positions', 'gpt2/onnx/model.onnx', {}, {}, 64],
    ['rotations in a table', 'llama/onnx/model_genai.onnx', { num_attention_heads: 4, num_key_value_heads: 2, hidden_size: 32 }, {}, 64],
    ['a shorter length that the tokenizer names', 'bert/onnx/model.onnx', {}, { model_max_length: 32 }, 32],
    ['relative positions, which have no end', 't5_encoder/onnx/model.onnx', {}, {}, null],
    ['a length by another name', 't5_encoder/onnx/model.onnx', { n_positions: 48 }, {}, 48],
  ])('reads %s', (_title, file, config, tokenizerConfig, expected) => {
    expect(limitsOfFile(file, config, tokenizerConfig).statedTokens).toBe(expected)
  })

  it.each<
    readonly [string, readonly [rows: number, config: object, tokenizerConfig: object, moved?: number], readonly [number | null, number]]
  >([
    ['from 0', [512, { model_type: 'bert' }, { model_max_length: 512 }], [512, 0]],
    ['behind the padding by family', [514, { model_type: 'xlm-roberta', pad_token_id: 1 }, {}], [512, 2]],
    ['behind another padding', [514, { model_type: 'esm', pad_token_id: 3 }, {}], [510, 4]],
    ['behind the padding by the size of the table', [130, { model_type: 'new', pad_token_id: 1 }, { model_max_length: 128 }], [128, 2]],
    ['from 0 where the graph moves them', [130, { model_type: 'opt', pad_token_id: 1 }, { model_max_length: 1e30 }, 2], [128, 0]],
    [
      'from 0 where the tokenizer is shorter for other reasons',
      [512, { model_type: 'bert', pad_token_id: 0 }, { model_max_length: 256 }],
      [256, 0],
    ],
  ])('starts positions %s', (_title, asked, expected) => {
    expect(limitsOfTable(...asked)).toEqual(expected)
  })

  it.each([null, undefined, 1e30, 'none', -1, Number.NaN, [512]])('takes a model_max_length of %j for none', (length) => {
    expect(limitsOfTable(40, {}, { model_max_length: length })).toEqual([40, 0])
  })

  it('takes the length of a family without a table less the rows before its first token', () => {
    const { graph } = new ModelBuilder().model()
    const config = parseConfig({ model_type: 'camembert', max_position_embeddings: 514 })
    expect(rowLimits(graph, [], null, config, {}).statedTokens).toBe(512)
  })
})
