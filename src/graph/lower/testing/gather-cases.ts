// GatherBlockQuantized in every packing.

import type { ElementType } from '../../ir/element-type.ts'
import { type FusedCase, half, integers, wave } from './fused-case.ts'

const [tableRows, block] = [5, 16]
const ids = integers('int64', [2, 3], [4, 0, 2, 2, 1, 3])

interface Packing {
  readonly type: ElementType
  readonly bits: number
  readonly width: number
  readonly zeros?: boolean
  readonly scales?: 'float16'
}

function gather(title: string, { type, bits, width, zeros = false, scales = undefined }: Packing): FusedCase {
  const blocks = Math.ceil(width / block)
  return {
    title: `GatherBlockQuantized, ${title}`,
    feeds: { ids },
    ...(scales === 'float16' ? { tolerance: 2e-3 } : {}),
    build(graph) {
      const lookup = graph.input('ids', 'int64', ['b', 't'])
      const table = (name: string, columns: number): string => {
        // Tables of bytes state their width in bytes; rows of 4-bit types may begin within one.
        const dims = [tableRows, type === 'uint8' ? Math.ceil((columns * bits) / 8) : columns]
        const length = type === 'uint8' ? tableRows * (dims[1] ?? 0) : Math.ceil((tableRows * columns) / 2)
        const bytes = Uint8Array.from({ length }, (_, place) => (place * 37 + name.length * 11) % 256)
        return graph.constant({ name, elementType: type, dims, storage: { kind: 'bytes', bytes } })
      }
      const scaleTable =
        scales === 'float16' ? half(graph, [tableRows, blocks], 2) : graph.float([tableRows, blocks], wave([tableRows, blocks], 2))
      const inputs = [table('table', width), lookup, scaleTable, ...(zeros ? [table('zeros', blocks)] : [])]
      const attributes = { block_size: block, gather_axis: 0, quantize_axis: 1, ...(type === 'uint8' ? { bits } : {}) }
      graph.output(graph.op('com.microsoft:GatherBlockQuantized', inputs, attributes), scales ?? 'float32')
    },
  }
}

export const gatherCases: readonly FusedCase[] = [
  gather('signed', { type: 'int4', bits: 4, width: 48 }),
  gather('unsigned', { type: 'uint4', bits: 4, width: 48 }),
  gather('signed with zero points', { type: 'int4', bits: 4, width: 48, zeros: true }),
  gather('unsigned with zero points', { type: 'uint4', bits: 4, width: 32, zeros: true }),
  gather('rows that begin within a byte', { type: 'int4', bits: 4, width: 33 }),
  gather('a last block that is shorter', { type: 'uint4', bits: 4, width: 40 }),
  gather('bytes of two', { type: 'uint8', bits: 4, width: 48 }),
  gather('bytes of two with zero points', { type: 'uint8', bits: 4, width: 48, zeros: true }),
  gather('bytes of one', { type: 'uint8', bits: 8, width: 48 }),
  gather('bytes of one with zero points', { type: 'uint8', bits: 8, width: 48, zeros: true }),
  gather('bytes of four', { type: 'uint8', bits: 2, width: 48 }),
  gather('float16', { type: 'uint8', bits: 4, width: 48, scales: 'float16' }),
]
