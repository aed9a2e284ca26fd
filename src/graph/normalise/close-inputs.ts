// Files from before IR 4 list every weight as an input with a default value, which keeps the runtime from treating it as a constant.

import type { Pass } from '../rewrite/rewrite.ts'

/** From this version on a constant need not be an input too (ONNX IR specification). */
const IR_WITH_CONSTANTS = 4

export const closeInputs: Pass = {
  name: 'close-inputs',
  run(model) {
    const constants = new Set(model.graph.initializers.map((initializer) => initializer.name))
    const inputs = model.graph.inputs.filter((input) => !constants.has(input.name))
    const closed = model.graph.inputs.length - inputs.length
    if (closed === 0) return { model, changes: [] }
    const irVersion = Math.max(model.irVersion, IR_WITH_CONSTANTS)
    return { model: { ...model, irVersion, graph: { ...model.graph, inputs } }, changes: [`took ${closed} weights out of the inputs`] }
  },
}
