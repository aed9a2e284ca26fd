// The layer's public face.

export type { ElementType } from './element-type.ts'
export { GraphError, type GraphFault, type OtherFormat } from './errors.ts'
export type { Dimension } from './graph.ts'
export {
  type ExternalData,
  type InputType,
  type PreparedInput,
  type PreparedModel,
  type PreparedOutputs,
  type PrepareOptions,
  prepareModel,
} from './prepare.ts'
export type { PassRecord } from './rewrite.ts'
export type { Violation, ViolationKind } from './violation.ts'
