import { describe, expect, test } from 'vitest'
import { walkList, walkMatrix } from './keyboard.ts'

const extent = { rows: 4, columns: 6, headings: true }

describe('walkMatrix', () => {
  test('arrows move by one and stop at the edges', () => {
    expect(walkMatrix({ row: 1, column: 1 }, 'ArrowRight', false, extent)).toEqual({ row: 1, column: 2 })
    expect(walkMatrix({ row: 3, column: 5 }, 'ArrowDown', false, extent)).toEqual({ row: 3, column: 5 })
  })

  test('steps onto headings, never onto the corner', () => {
    expect(walkMatrix({ row: 0, column: 0 }, 'ArrowLeft', false, extent)).toEqual({ row: 0, column: -1 })
    expect(walkMatrix({ row: 0, column: -1 }, 'ArrowUp', false, extent)).toEqual({ row: 0, column: -1 })
    expect(walkMatrix({ row: 0, column: 0 }, 'ArrowLeft', false, { ...extent, headings: false })).toEqual({ row: 0, column: 0 })
  })

  test('Home and End run along the row, with ctrl over the matrix', () => {
    expect(walkMatrix({ row: 2, column: 3 }, 'Home', false, extent)).toEqual({ row: 2, column: 0 })
    expect(walkMatrix({ row: 2, column: 3 }, 'End', true, extent)).toEqual({ row: 3, column: 5 })
    expect(walkMatrix({ row: 2, column: 3 }, 'PageUp', false, extent)).toEqual({ row: 0, column: 3 })
  })

  test('other keys do not move', () => expect(walkMatrix({ row: 0, column: 0 }, 'Tab', false, extent)).toBeNull())
})

describe('walkList', () => {
  test('rows of a flowing grid', () => {
    expect(walkList(1, 'ArrowDown', 10, 4)).toBe(5)
    expect(walkList(7, 'ArrowDown', 10, 4)).toBe(7)
    expect(walkList(2, 'ArrowUp', 10, 4)).toBe(2)
    expect(walkList(2, 'End', 10, 4)).toBe(9)
    expect(walkList(2, 'x', 10, 4)).toBeNull()
  })
})
