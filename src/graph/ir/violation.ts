// One broken rule of the graph's specification, see spec.ts.

export type ViolationKind =
  | 'duplicate-value'
  | 'undefined-input'
  | 'used-before-defined'
  | 'undefined-output'
  | 'duplicate-output'
  | 'missing-opset'
  | 'unused-initializer'
  | 'initializer-size'
  | 'empty-operator'

export interface Violation {
  readonly kind: ViolationKind
  /** Name of the node, or of its first output where it has none; null when the fault is not at a node. */
  readonly node: string | null
  /** The value, tensor or domain at fault. */
  readonly subject: string
  readonly message: string
}
