import { describe, expect, it } from 'vitest'
import { rowOf } from '../../state/state.fixture.ts'
import { changeMarks } from './change-marks.ts'

const tokens = (text: string) => rowOf(text).tokens

describe('marks of what differs', () => {
  // [CLS] the film is not bad [SEP]
  //  0    1   2    3  -   4    5
  const alignment = { a: Int32Array.of(0, 1, 2, 3, 4, 5, 6), b: Int32Array.of(0, 1, 2, 3, -1, 4, 5) }
  const [a, b] = [tokens('the film is not bad'), tokens('the film was bad')]

  it('name the other token where one stands, and none where the other side has a gap', () => {
    const { replaced, missing } = changeMarks('a', alignment, a, b)
    expect([...replaced]).toEqual([
      [4, null],
      [3, 'was'],
    ])
    expect(missing.size).toBe(0)
  })

  it('put what is missing before the token that follows it', () => {
    const { replaced, missing } = changeMarks('b', alignment, b, a)
    expect([...replaced]).toEqual([[3, 'is']])
    expect([...missing]).toEqual([[4, ['not']]])
  })

  it('keep missing tokens in order, also at the end of the row', () => {
    const longer = { a: Int32Array.of(0, 1, -1, -1), b: Int32Array.of(0, 1, 2, 3) }
    expect([...changeMarks('a', longer, tokens('w').slice(0, 2), tokens('w x y').slice(0, 4)).missing]).toEqual([[2, ['x', 'y']]])
  })

  it('are none where nothing is typed', () => {
    const emptied = { a: Int32Array.of(0, -1, 1), b: Int32Array.of(0, 1, 2) }
    const { missing, replaced } = changeMarks('a', emptied, tokens(''), tokens('x'))
    expect([missing.size, replaced.size]).toEqual([0, 0])
  })

  it('are none before both sides are aligned', () => {
    const { replaced, missing } = changeMarks('a', null, a, b)
    expect(replaced.size + missing.size).toBe(0)
  })
})
