import { expect, it } from 'vitest'
import type { Choice, Step } from '../api.ts'
import { EMPTY_TREE, idsIn, keyOf, leafBehind, leavesOf, pathTo, pruned, stepOf, type Tree, withMark, withStep } from './tree.ts'

const named = (id: number) => ({ id, piece: `p${id}`, label: `l${id}` })
const CHOICE: Choice = {
  candidates: [1, 2, 3].map((id) => ({ ...named(id), probability: 0.5 / id, shaped: 0, final: 0 })),
  others: 0,
  entropy: 0,
  kept: 3,
  cuts: [],
  drawn: named(1),
}
const step = (id: number): Step => ({ token: named(id), probability: 0.5, rank: 1, choice: CHOICE })
const grown = (tree: Tree, from: readonly number[], ids: readonly number[]): Tree =>
  ids.reduce((before, id, at) => withStep(before, keyOf([...from, ...ids.slice(0, at)]), step(id)), tree)
const text = (tree: Tree, key: string): string =>
  pathTo(tree, key)
    .map(({ token }) => token.id)
    .join(' ')

const one = grown(EMPTY_TREE, [], [1, 2, 3])
const two = grown(one, [1], [5, 6])

it('branches share their beginning', () => {
  expect(two.nodes.size).toBe(5)
  expect(two.at).toBe('1.5.6')
  expect(text(two, '1.2.3')).toBe('1 2 3')
  expect(text(two, two.at)).toBe('1 5 6')
  expect(leavesOf(two).map(({ key }) => key)).toEqual(['1.2.3', '1.5.6'])
  expect(leafBehind(two, '1')).toBe('1.2.3')
  expect(leafBehind(EMPTY_TREE, '')).toBe('')
})

it('a token that stands there is taken, and nothing is made twice', () => {
  const again = grown(two, [], [1, 2])
  expect(again.nodes).toBe(two.nodes)
  expect(again.at).toBe('1.2')
})

it('a branch goes down to where another one leaves it', () => {
  const left = pruned(two, '1.5.6')
  expect(Array.from(left.nodes.keys())).toEqual(['1', '1.2', '1.2.3'])
  // The reader stood on it.
  expect(left.at).toBe('1')
  expect(pruned(left, '1.2.3')).toEqual(EMPTY_TREE)
  expect(pruned(withStep(two, '1', step(2)), '1.5.6').at).toBe('1.2')
})

it('what is marked stays', () => {
  const marked = withMark(two, '1.5')
  expect(Array.from(pruned(marked, '1.5.6').nodes.keys())).toContain('1.5')
  expect(withMark(marked, '1.5').marked.size).toBe(0)
})

it('a candidate is a step with its rank', () => {
  expect(stepOf(CHOICE, { id: 2 })).toEqual({ token: named(2), probability: 0.25, rank: 2, choice: CHOICE })
  expect(stepOf(CHOICE, { id: 9 })).toBeNull()
  expect(idsIn(keyOf([4, 5]))).toEqual([4, 5])
  expect(idsIn('')).toEqual([])
})
