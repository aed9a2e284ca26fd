// Fused operators are taken apart into plain ones, which the recognisers and the gradients know and every runtime has kernels for.
// Runs after the operator set is raised and branches are inlined, and before weights are unpacked.

import { type Graph, operatorOf } from '../ir/graph.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { Emitter } from '../rewrite/emitter.ts'
import { type Pass, type PassResult, rewriteOnce, withGraph } from '../rewrite/rewrite.ts'
import { activationLowerings } from './activations.ts'
import { gatherLowerings } from './gather-block-quantized.ts'
import { groupQueryAttentionLowerings } from './group-query-attention.ts'
import type { Lowerings } from './lowering.ts'
import { multiHeadAttentionLowerings } from './multi-head-attention.ts'
import { normLowerings } from './norms.ts'
import { packedAttentionLowerings } from './packed-attention.ts'
import { productLowerings } from './products.ts'
import { rotaryLowerings } from './rotary.ts'
import { standardAttentionLowerings } from './standard-attention.ts'

const LOWERINGS: Lowerings = {
  ...activationLowerings,
  ...normLowerings,
  ...packedAttentionLowerings,
  ...multiHeadAttentionLowerings,
  ...groupQueryAttentionLowerings,
  ...standardAttentionLowerings,
  ...rotaryLowerings,
  ...productLowerings,
  ...gatherLowerings,
}

/**
 * As `operatorOf` names them.
 * @internal for docs/support.md
 */
export const LOWERED_OPERATORS: readonly string[] = Object.keys(LOWERINGS)

export const lowerFused: Pass = {
  name: 'lower-fused-operators',
  run(model) {
    const { graph } = model
    const emitter = new Emitter(graph, model.opsets.get('') ?? 0)
    const counts = new Map<string, number>()
    const dropped = new Set<string>()
    const rewritten = rewriteOnce(graph, (node, index) => {
      const operator = operatorOf(node)
      const lower = Object.hasOwn(LOWERINGS, operator) ? LOWERINGS[operator] : undefined
      if (lower === undefined) return null
      const emitted = emitter.collect(node, () => {
        const values = lower(node, emitter)
        for (const [place, output] of node.outputs.entries()) {
          if (output === '' || (values[place] ?? null) !== null) continue
          if (index.consumers(output).length > 0) emitter.refuse(`output ${place} in use`)
          if (index.isOutput(output)) dropped.add(output)
        }
        return values
      })
      counts.set(operator, (counts.get(operator) ?? 0) + 1)
      return { ...emitted, change: operator }
    })
    const changes = Array.from(counts, ([operator, count]) => `took ${count} ${operator} apart`)
    return withoutCaches(withGraph(model, { graph: rewritten.graph, changes }), graph, dropped)
  },
}

/** Outputs that are not computed any more (key and value caches) go, and so do inputs that lost their last use. */
function withoutCaches({ model, changes }: PassResult, before: Graph, dropped: ReadonlySet<string>): PassResult {
  const { graph } = model
  const isUsed = (of: Graph, name: string): boolean => indexGraph(of).consumers(name).length > 0 || indexGraph(of).isOutput(name)
  const outputs = graph.outputs.filter(({ name }) => !dropped.has(name))
  const inputs = graph.inputs.filter(({ name }) => isUsed(graph, name) || !isUsed(before, name))
  const [lostOutputs, lostInputs] = [graph.outputs.length - outputs.length, graph.inputs.length - inputs.length]
  if (lostOutputs + lostInputs === 0) return { model, changes }
  const record = `left out ${lostInputs} inputs and ${lostOutputs} outputs that only a cache needs`
  return { model: { ...model, graph: { ...graph, inputs, outputs } }, changes: [...changes, record] }
}
