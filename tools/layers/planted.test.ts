import { expect, it } from 'vitest'
import { compare, expected } from './planted.ts'

it('finds the marked lines', () => {
  expect(expected({ 'src/a.ts': "import 'x'\nimport 'y' // planted: layer\n", 'src/b.ts': '// nothing planted' })).toEqual(
    new Set(['src/a.ts:2 layer']),
  )
})

it('tells what was missed and what was reported for nothing', () => {
  const planted = new Set(['a:1 layer', 'b:1 cycle'])
  expect(compare(planted, planted)).toEqual([])
  expect(compare(planted, new Set(['b:1 cycle', 'c:1 layer']))).toEqual([
    'planted, but not reported: a:1 layer',
    'reported, but allowed: c:1 layer',
  ])
  expect(compare(new Set(), new Set())).toHaveLength(1)
})
