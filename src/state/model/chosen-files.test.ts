import { describe, expect, it } from 'vitest'
import { filesOfGraph, readChosen, withChosen } from './chosen-files.ts'

const files = (...paths: readonly string[]) => paths.map((path) => ({ path, blob: new Blob([path]) }))

describe('readChosen', () => {
  it('says what is missing', () => {
    expect(readChosen([])).toEqual({ graphs: [], missing: ['graph', 'tokenizer', 'config'], name: '' })
    expect(readChosen(files('model.onnx', 'tokenizer.json'))).toEqual({ graphs: ['model.onnx'], missing: ['config'], name: 'model' })
  })

  it('takes the name of the folder, and the graph that reads whole texts first', () => {
    const folder = files(
      'tiny/onnx/decoder_with_past_model.onnx',
      'tiny/onnx/decoder_model.onnx',
      'tiny/tokenizer.json',
      'tiny/config.json',
    )
    expect(readChosen(folder)).toEqual({
      graphs: ['tiny/onnx/decoder_model.onnx', 'tiny/onnx/decoder_with_past_model.onnx'],
      missing: [],
      name: 'tiny',
    })
  })
})

describe('filesOfGraph', () => {
  it('leaves other graphs out', () => {
    const all = files('a.onnx', 'a.onnx_data', 'b.onnx', 'tokenizer.json')
    expect(filesOfGraph(all, 'a.onnx').map(({ path }) => path)).toEqual(['a.onnx', 'a.onnx_data', 'tokenizer.json'])
  })

  it('leaves weights of other libraries out, and takes those of the graph however they are called', () => {
    const all = files('m/model.onnx', 'm/weights.bin', 'm/model.safetensors', 'm/pytorch_model-00001-of-2.bin', 'm/tf_model.h5')
    expect(filesOfGraph(all, 'm/model.onnx').map(({ path }) => path)).toEqual(['m/model.onnx', 'm/weights.bin'])
  })
})

describe('withChosen', () => {
  const chosenAfter = (before: readonly string[], further: readonly string[]) =>
    withChosen(files(...before), files(...further)).map(({ path }) => path)

  it('takes another folder in place of the one before', () => {
    expect(chosenAfter(['one/model.onnx', 'one/tokenizer.json'], ['two/config.json'])).toEqual(['two/config.json'])
  })

  it('takes another graph in place of the model before', () => {
    expect(chosenAfter(['model.onnx', 'tokenizer.json'], ['other.onnx'])).toEqual(['other.onnx'])
  })

  it('completes a model that lacks files, in either order', () => {
    expect(chosenAfter(['model.onnx'], ['tokenizer.json', 'config.json'])).toEqual(['model.onnx', 'tokenizer.json', 'config.json'])
    expect(chosenAfter(['tokenizer.json'], ['model.onnx', 'tokenizer.json'])).toEqual(['model.onnx', 'tokenizer.json'])
  })
})
