// Tables of positions in graphs that are built here, as exporters write them.

import { describe, expect, it } from 'vitest'
import { ModelBuilder } from '../testing/build.ts'
import { findPositionTables, type PositionTable } from './position-tables.ts'

const WIDTH = 4

/** Tables of a graph over [1,T] ids, all 7, and positions that are fed from `start`. */
function tablesOf(build: (b: ModelBuilder, ids: string, positions: string) => string, start = 0): readonly PositionTable[] {
  const b = new ModelBuilder()
  const ids = b.input('input_ids', 'int64', ['batch', 'tokens'])
  const positions = b.input('position_ids', 'int64', ['batch', 'tokens'])
  b.output(build(b, ids, positions))
  return findPositionTables(b.model().graph, (tokens) => {
    const places = Array.from({ length: tokens }, (_, at) => at + start)
    const dims = [1, tokens]
    return new Map([
      ['input_ids', { dims, numbers: places.map(() => 7) }],
      ['position_ids', { dims, numbers: places }],
    ])
  })
}

const table = (b: ModelBuilder, rows: number): string => b.float([rows, WIDTH])
const lengthOf = (b: ModelBuilder, ids: string): string => b.op('Gather', [b.op('Shape', [ids]), b.int64([1], [1])])
const counted = (b: ModelBuilder, ids: string): string => {
  const mask = b.op('Cast', [b.op('Not', [b.op('Equal', [ids, b.int64([], [1])])])], { to: 7 })
  return b.op('Add', [b.op('Mul', [b.op('CumSum', [mask, b.int64([], [1])]), mask]), b.int64([], [1])])
}

describe('findPositionTables', () => {
  it.each<readonly [string, Parameters<typeof tablesOf>[0], readonly PositionTable[]]>([
    ['fed positions', (b, _, fed) => b.op('Gather', [table(b, 40), fed]), [{ rows: 40, offset: 0 }]],
    [
      'positions that the graph moves',
      (b, _, fed) => b.op('Gather', [table(b, 40), b.op('Add', [fed, b.int64([], [2])])]),
      [{ rows: 40, offset: 2 }],
    ],
    ['positions counted without padding', (b, ids) => b.op('Gather', [table(b, 40), counted(b, ids)]), [{ rows: 40, offset: 2 }]],
    [
      'a table that is cut to the length',
      (b, ids) => b.op('Slice', [b.float([1, 40, WIDTH]), b.int64([1], [0]), lengthOf(b, ids), b.int64([1], [1])]),
      [{ rows: 40, offset: 0 }],
    ],
    [
      'a list of positions that is cut to the length',
      (b, ids) => {
        const list = b.int64(
          [1, 40],
          Array.from({ length: 40 }, (_, at) => at),
        )
        return b.op('Gather', [table(b, 50), b.op('Slice', [list, b.int64([1], [0]), lengthOf(b, ids), b.int64([1], [1])])])
      },
      [{ rows: 40, offset: 0 }],
    ],
    ['words', (b, ids) => b.op('Gather', [table(b, 40), ids]), []],
    // Far positions share a row.
    ['positions up to a limit', (b, _, fed) => b.op('Gather', [table(b, 40), b.op('Min', [fed, b.int64([], [20])])]), []],
    // As old rotary embeddings cut their cache along an axis of one, which cuts nothing.
    [
      'a slice of an axis of one',
      (b, ids) => b.op('Slice', [b.float([1, 40]), b.int64([1], [0]), lengthOf(b, ids), b.int64([1], [0])]),
      [],
    ],
  ])('reads %s', (_title, build, expected) => {
    expect(tablesOf(build)).toEqual(expected)
  })

  it('counts where the fed positions start', () => {
    expect(tablesOf((b, _, fed) => b.op('Gather', [table(b, 40), fed]), 2)).toEqual([{ rows: 40, offset: 2 }])
  })
})
