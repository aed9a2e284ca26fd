import { describe, expect, it } from 'vitest'
import { modelFilesOf } from './model-files-of.ts'

const MB = 1e6
const listed = (files: Readonly<Record<string, number | null>>) =>
  modelFilesOf(Object.entries(files).map(([path, size]) => ({ path, size, sha256: null, version: null })))
const paths = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path)

describe('modelFilesOf', () => {
  it('gives each graph the data files that are named after it, and adds up their bytes', () => {
    const { models } = listed({
      'onnx/model.onnx': 1,
      'onnx/model.onnx_data': 20,
      'onnx/model.onnx_data_1': 300,
      'onnx/model_q4.onnx': 2,
      'onnx/model_q4.onnx_data': 30,
      'other/model.onnx': 3,
      'other/model.onnx.data': null,
      'model.onnx_data': 9,
      'small.onnx': 4,
      'small.data': 40,
    })
    expect(models.map(({ path, bytes, files }) => [path, bytes, ...paths(files).slice(1)])).toEqual([
      ['onnx/model.onnx', 321, 'onnx/model.onnx_data', 'onnx/model.onnx_data_1'],
      ['onnx/model_q4.onnx', 32, 'onnx/model_q4.onnx_data'],
      ['other/model.onnx', null, 'other/model.onnx.data'],
      ['small.onnx', 44, 'small.data'],
    ])
  })

  it.each([
    ['onnx/model.onnx', 'fp32'],
    ['onnx/model_fp16.onnx', 'fp16'],
    ['onnx/model_quantized.onnx', 'q8'],
    ['onnx/decoder_model_merged_q4f16.onnx', 'q4f16'],
    ['onnx/model_qint8_avx512_vnni.onnx', 'int8'],
    ['onnx/model_bnb4.onnx', 'bnb4'],
    ['cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx', 'q4'],
    ['int4/model_fp16.onnx', 'fp16'],
    ['onnx/model_fp16_q4.onnx', 'q4'],
  ])('reads the precision of %s', (path, precision) => {
    expect(listed({ [path]: 1 }).models[0]?.precision).toBe(precision)
  })

  it('marks what is a part by its name, or stands beside its other half', () => {
    const wholes = (...files: string[]) =>
      listed(Object.fromEntries(files.map((path) => [path, 1])))
        .models.filter(({ whole }) => whole)
        .map(({ path }) => path)
    expect(wholes('onnx/decoder_model.onnx', 'onnx/decoder_model_merged.onnx', 'onnx/decoder_with_past_model.onnx')).toEqual([
      'onnx/decoder_model.onnx',
      'onnx/decoder_model_merged.onnx',
    ])
    expect(wholes('onnx/encoder_model.onnx', 'onnx/decoder_model_merged_q4.onnx')).toEqual([])
    expect(wholes('onnx/embed_tokens.onnx', 'onnx/vision_encoder.onnx', 'onnx/decoder_model_merged.onnx')).toEqual([])
    expect(wholes('onnx/encoder_model.onnx', 'model.onnx')).toEqual(['model.onnx'])
  })

  it('takes side files from the top, or from the nearest folder where the top has none', () => {
    const { models, sideFiles } = listed({
      'config.json': 1,
      'cpu/config.json': 1,
      'cpu/tokenizer.json': 1,
      'cpu/int4/tokenizer.json': 1,
      'cpu/int4/model.onnx': 1,
      'gpu/model.onnx': 1,
    })
    expect(paths(sideFiles)).toEqual(['config.json'])
    expect(models.map(({ files }) => paths(files))).toEqual([['cpu/int4/model.onnx', 'cpu/int4/tokenizer.json'], ['gpu/model.onnx']])
  })

  it('suggests a small float32, else eight bits, else four; never a part, nor what is too large', () => {
    const sizes = { 'model_q4.onnx': 100 * MB, 'model_fp16.onnx': 300 * MB, 'model.onnx': 600 * MB }
    const suggested = (files: Readonly<Record<string, number | null>>) => listed(files).suggested
    expect(suggested({ ...sizes, 'model_quantized.onnx': 150 * MB })).toBe('model_quantized.onnx')
    expect(suggested(sizes)).toBe('model_q4.onnx')
    expect(suggested({ 'model.onnx': 40 * MB, 'model_quantized.onnx': 10 * MB })).toBe('model.onnx')
    expect(suggested({ 'model_int8.onnx': 10 * MB, 'model_int8_odd.onnx': 9 * MB })).toBe('model_int8.onnx')
    expect(suggested({ 'one_int8.onnx': 10 * MB, 'two_int8.onnx': 9 * MB })).toBe('two_int8.onnx')
    expect(suggested({ 'encoder_model.onnx': MB, 'model.onnx': 2 ** 31 + 1 })).toBeNull()
    expect(listed({ 'model.onnx': 1, 'model.onnx_data': 2 ** 31 + 1 }).models[0]?.tooLarge).toBe(true)
  })
})
