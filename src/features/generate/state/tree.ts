// What was generated behind one text, as a tree: branches share their beginnings.

import type { CacheRefusal } from '#protocol/model-api'
import type { CacheUse, Choice, Generated, NamedToken, Step } from '../api.ts'

/** Ids of the tokens behind the text, with dots; '' is the text itself. */
export type NodeKey = string

export interface TreeNode extends Step {
  readonly key: NodeKey
  readonly parent: NodeKey
}

export interface Tree {
  /** In the order in which they were made; parents stand before their children. */
  readonly nodes: ReadonlyMap<NodeKey, TreeNode>
  /** Where the reader is. */
  readonly at: NodeKey
  /** Nodes that the reader wants to find again. */
  readonly marked: ReadonlySet<NodeKey>
  /** null before the first token. */
  readonly cache: CacheUse | null
  /** Name and file of the model that it comes from; null before the first token. */
  readonly model: string | null
  /** Why it is none, where one was tried. */
  readonly lacking: CacheRefusal | null
  /** Why the last run ended; null before its end. */
  readonly ended: Generated['ended'] | null
  /** Of the last token. */
  readonly ms: number | null
}

export const EMPTY_TREE: Tree = {
  nodes: new Map(),
  at: '',
  marked: new Set(),
  cache: null,
  model: null,
  lacking: null,
  ended: null,
  ms: null,
}

export function keyOf(ids: readonly number[]): NodeKey {
  return ids.join('.')
}

export function idsIn(key: NodeKey): readonly number[] {
  return key === '' ? [] : key.split('.').map(Number)
}

/** The tree with a token behind a node, and the reader there; a token that stands there already is taken. */
export function withStep(tree: Tree, parent: NodeKey, step: Step): Tree {
  const key = keyOf([...idsIn(parent), step.token.id])
  const nodes = tree.nodes.has(key) ? tree.nodes : new Map(tree.nodes).set(key, { ...step, key, parent })
  return { ...tree, nodes, at: key, ended: null }
}

/** A candidate as the step that takes it; null for one that the choice does not name. */
export function stepOf(choice: Choice, { id }: Pick<NamedToken, 'id'>): Step | null {
  const at = choice.candidates.findIndex((candidate) => candidate.id === id)
  const candidate = choice.candidates[at]
  if (candidate === undefined) return null
  const { piece, label, probability } = candidate
  return { token: { id, piece, label }, probability, rank: at + 1, choice }
}

/** Nodes from the first token to this one. */
export function pathTo(tree: Tree, key: NodeKey): readonly TreeNode[] {
  const path: TreeNode[] = []
  for (let node = tree.nodes.get(key); node !== undefined; node = tree.nodes.get(node.parent)) path.unshift(node)
  return path
}

/** The last node of each branch, in the order of the text's places: first what was made first. */
export function leavesOf(tree: Tree): readonly TreeNode[] {
  const parents = new Set(Array.from(tree.nodes.values(), ({ parent }) => parent))
  return Array.from(tree.nodes.values()).filter(({ key }) => !parents.has(key))
}

/** The leaf that a node leads to, by its first child each time. */
export function leafBehind(tree: Tree, key: NodeKey): NodeKey {
  let at = key
  for (;;) {
    const child = Array.from(tree.nodes.values()).find(({ parent }) => parent === at)
    if (child === undefined) return at
    at = child.key
  }
}

/** Without a branch, down to where another one leaves it, or where the reader marked it. */
export function pruned(tree: Tree, leaf: NodeKey): Tree {
  const nodes = new Map(tree.nodes)
  const marked = new Set(tree.marked)
  let at = leaf
  for (let node = nodes.get(at); node !== undefined; node = nodes.get(at)) {
    const { key, parent } = node
    const hasOthers = Array.from(nodes.values()).some((other) => other.parent === key)
    if (hasOthers || (key !== leaf && marked.has(key))) break
    nodes.delete(key)
    marked.delete(key)
    at = parent
  }
  const isGone = tree.at !== '' && !nodes.has(tree.at)
  return { ...tree, nodes, marked, at: isGone ? at : tree.at, ended: null }
}

export function withMark(tree: Tree, key: NodeKey): Tree {
  const marked = new Set(tree.marked)
  if (!marked.delete(key)) marked.add(key)
  return { ...tree, marked }
}
