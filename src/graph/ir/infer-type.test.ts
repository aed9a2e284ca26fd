import { describe, expect, it } from 'vitest'
import { ModelBuilder, node } from '../testing/build.ts'
import { inferElementType } from './infer-type.ts'

describe('inferElementType', () => {
  it('follows values back to what the file says', () => {
    const builder = new ModelBuilder()
    const ids = builder.input('ids', 'int64', ['n'])
    const rows = builder.op('Gather', [builder.float([4, 2]), ids])
    const half = builder.op('Cast', [rows], { to: 10 })
    const mask = builder.op('Greater', [rows, half])
    const places = 'places'
    builder.add(node('TopK', [rows, builder.int64([1], [2])], ['largest', places]))
    const values = [
      [rows, 'float32'],
      [builder.op('Shape', [rows]), 'int64'],
      [builder.op('Softmax', [half]), 'float16'],
      [mask, 'bool'],
      [builder.op('Where', [mask, half, half]), 'float16'],
      [builder.op('ConstantOfShape', [ids]), 'float32'],
      [builder.op('DequantizeLinear', [ids, half]), 'float16'],
      [builder.op('If', [mask]), null],
      [builder.op('com.example:Mix', [half]), null],
      [places, 'int64'],
      ['nothing', null],
    ] as const
    const { graph } = builder.model()
    expect(values.map(([value]) => inferElementType(graph, value))).toEqual(values.map(([, type]) => type))
  })
})
