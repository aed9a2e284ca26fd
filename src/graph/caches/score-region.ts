// The values between an attention's scores and its product with the values: for each token that is read, a number for every token before.

import type { GraphNode } from '../ir/graph.ts'
import { intAttribute, operatorOf } from '../ir/graph.ts'
import type { Attention } from '../recognise/attention.ts'
import { isElementwise, type Stream } from './token-wise.ts'

export interface ScoreRegion {
  /** Its values, which have queries on the last axis but one and keys on the last. */
  readonly values: ReadonlySet<string>
  /** Nodes that make them, the product of queries and keys aside. */
  readonly nodes: ReadonlySet<GraphNode>
  /** A node among them that does something else with them than is known; null where there is none. */
  readonly fault: GraphNode | null
}

/** They keep the last two axes where they are, or act on the last. */
const KEEPS: ReadonlySet<string> = new Set(['Reshape', 'Expand', 'Softmax', 'Concat', 'Slice', 'Unsqueeze', 'Squeeze'])
const LAST = new Set([-1, 2, 3])

export function scoreRegion({ scores, context }: Attention, stream: Stream): ScoreRegion {
  const { index, kindOf, growthOf } = stream
  const values = new Set(scores.outputs)
  const nodes = new Set<GraphNode>()
  if (!isTable(scores.outputs[0] ?? '', growthOf)) return { values, nodes, fault: scores }
  // A set grows while it is walked.
  for (const value of values) {
    for (const node of index.consumers(value)) {
      if (node === context || node.outputs.every((output) => kindOf(output) !== 'stream')) continue
      const operator = operatorOf(node)
      const isKnown =
        isElementwise(node) ||
        (KEEPS.has(operator) &&
          (operator === 'Reshape' || operator === 'Expand' || operator === 'Slice' || LAST.has(intAttribute(node, 'axis', -1))))
      if (!isKnown || !node.outputs.every((output) => output === '' || isTable(output, growthOf))) return { values, nodes, fault: node }
      nodes.add(node)
      for (const output of node.outputs) values.add(output)
    }
  }
  const mixes = (node: GraphNode): boolean => node.inputs.some((input) => kindOf(input) === 'stream' && !values.has(input))
  return { values, nodes, fault: Array.from(nodes).find(mixes) ?? null }
}

/** Whether the last two axes, and no others, grow with the text; the last may have a column for no token. */
function isTable(value: string, growthOf: Stream['growthOf']): boolean {
  const growth = growthOf(value)
  const [queries, keys] = growth?.slice(-2) ?? []
  return (
    growth !== null &&
    queries?.times === 1 &&
    queries.plus === 0 &&
    keys?.times === 1 &&
    growth.slice(0, -2).every(({ times }) => times === 0)
  )
}
