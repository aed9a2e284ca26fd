// From the outputs that answer to one value of scores: behind an activation that closes the graph, and with an axis for what is answered.

import { int64Constant } from '../ir/constant.ts'
import { type Graph, type GraphNode, operatorOf } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { inferElementType } from '../ir/infer-type.ts'
import { freeNames } from '../ir/names.ts'
import { type FoundAnswer, rankOf } from '../recognise/answer.ts'
import { type ClosingActivation, closingActivation } from '../recognise/closing-activation.ts'
import { type Pass, withGraph } from '../rewrite/rewrite.ts'

export interface OpenAnswer {
  /** The value that answers: scores, or the last hidden state of a model without a head. */
  readonly answer: string
  /** What the file itself takes of these scores; null where it gives the scores. */
  readonly activation: ClosingActivation['activation'] | null
  /** They make the answer the output, or lead to a graph in which it is a value. */
  readonly passes: readonly Pass[]
}

/** @param graph that the passes will run on */
export function openAnswer(graph: Graph, { outputs, isByToken }: FoundAnswer): OpenAnswer {
  const closings = outputs.map((output) => closingActivation(graph, output))
  const scores = outputs.map((output, at) => closings[at]?.scores ?? output)
  const activation = closings[0]?.activation ?? null
  const opening = activation === null ? [] : [withoutActivation(graph, outputs, scores)]
  const [only = ''] = scores
  const lacking = scores.filter((value) => rankOf(graph, value) === (isByToken ? 2 : 1))
  if (lacking.length === 0 && scores.length === 1) return { answer: only, activation, passes: opening }
  const answer = freeNames(graph)('innerscope.scores')
  return { answer, activation, passes: [...opening, withAxis(scores, lacking, answer)] }
}

/** The graph gives the scores in the place of what is made of them. */
function withoutActivation(graph: Graph, outputs: readonly string[], scores: readonly string[]): Pass {
  const index = indexGraph(graph)
  const changes = scores.map((value, at) => {
    const closing = index.consumers(value).map(operatorOf).join(', ')
    return `${outputs[at]} is made by ${closing} of ${value}, which is explained in its place`
  })
  const others = graph.outputs.filter(({ name }) => !outputs.includes(name) && !scores.includes(name))
  const opened = scores.map((name) => ({ name, elementType: inferElementType(graph, name), dims: index.info(name)?.dims ?? null }))
  return {
    name: 'closing-activation',
    run: (model) => withGraph(model, { graph: { ...model.graph, outputs: [...opened, ...others] }, changes }),
  }
}

/**
 * [B] becomes [B,1], [B,T] becomes [B,T,1], and two [B,T] become [B,T,2].
 * @param lacking those of the scores that have no axis for what is answered
 */
function withAxis(scores: readonly string[], lacking: readonly string[], answer: string): Pass {
  return {
    name: 'answer-axis',
    run: (model) => {
      const free = freeNames(model.graph)
      const axes = int64Constant(free('innerscope.answer_axis'), [1], [-1])
      const isAlone = scores.length === 1
      const columns = lacking.map((value) => nodeOf('Unsqueeze', [value, axes.name], isAlone ? answer : free(`${answer}_column`)))
      const joined = scores.map((value) => columns[lacking.indexOf(value)]?.outputs[0] ?? value)
      const beside = nodeOf('Concat', joined, answer, new Map([['axis', { kind: 'int', value: -1n }]]))
      const nodes = [...model.graph.nodes, ...columns, ...(isAlone ? [] : [beside])]
      const initializers = [...model.graph.initializers, ...(columns.length === 0 ? [] : [axes])]
      const change = isAlone ? `${scores[0]} gets an axis for what is answered` : `${scores.join(' and ')} are put beside each other`
      return withGraph(model, { graph: { ...model.graph, nodes, initializers }, changes: [change] })
    },
  }
}

function nodeOf(opType: string, inputs: readonly string[], output: string, attributes: GraphNode['attributes'] = new Map()): GraphNode {
  return { name: '', opType, domain: '', inputs, outputs: [output], attributes }
}
