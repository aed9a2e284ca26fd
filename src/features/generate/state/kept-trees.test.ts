import { expect, it } from 'vitest'
import { createKeptTrees } from './kept-trees.ts'
import { EMPTY_TREE } from './tree.ts'

const inputOf = (text: string) => ({ text, edits: [] })

it('a text has the tree that its model made, and the last eight are kept', () => {
  const trees = createKeptTrees()
  const tree = { ...EMPTY_TREE, model: 'one' }
  trees.keep(inputOf('a'), tree)
  expect(trees.of(inputOf('a'), 'one')).toBe(tree)
  expect(trees.of(inputOf('a'), 'two')).toBeNull()
  expect(trees.of({ ...inputOf('a'), chat: true }, 'one')).toBeNull()
  for (const text of 'bcdefgh') trees.keep(inputOf(text), tree)
  expect(trees.of(inputOf('a'), 'one')).toBe(tree)
  trees.keep(inputOf('a'), tree)
  trees.keep(inputOf('i'), tree)
  expect([trees.of(inputOf('a'), 'one'), trees.of(inputOf('b'), 'one')]).toEqual([tree, null])
})
