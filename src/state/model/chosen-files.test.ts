import { describe, expect, it } from 'vitest'
import { filesOfGraph, readChosen } from './chosen-files.ts'

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
})
