// Why a graph has no gradient, as data: the page says in the reader's language which methods that costs.

export type GradientFault =
  /** Operators between the wanted values and the target that have no row in the table, as `operatorOf` names them. */
  | { readonly kind: 'no-gradient-rule'; readonly operators: readonly string[] }
  /** An operator has a rule, but not for this use of it. */
  | { readonly kind: 'no-gradient-form'; readonly operator: string; readonly node: string; readonly part: string }
  /** The graph could not be raised to an operator set that the rules write. */
  | { readonly kind: 'old-operators'; readonly version: number; readonly needed: number }
  /** The graph gives no value of this kind to differentiate. */
  | { readonly kind: 'nothing-to-differentiate'; readonly what: string }

/** The only error this layer throws on purpose. The message is English, for logs; the page writes its own from `kind` and `data`. */
export class GradientError extends Error {
  override readonly name = 'GradientError'
  readonly kind: GradientFault['kind']
  /** The fault's words and numbers; lists are joined. */
  readonly data: Readonly<Record<string, string | number>>
  readonly fault: GradientFault

  constructor(fault: GradientFault) {
    super(messageOf(fault))
    this.kind = fault.kind
    this.fault = fault
    const { kind: _, ...rest } = fault
    this.data = Object.fromEntries(
      Object.entries<string | number | readonly string[]>(rest).map(([key, value]) => [
        key,
        typeof value === 'object' ? value.join(', ') : value,
      ]),
    )
  }
}

function messageOf(fault: GradientFault): string {
  switch (fault.kind) {
    case 'no-gradient-rule':
      return `The model has no gradient here: ${fault.operators.join(', ')} cannot be differentiated.`
    case 'no-gradient-form':
      return `The operator ${fault.operator} (node "${fault.node}") has a form that cannot be differentiated: ${fault.part}.`
    case 'old-operators':
      return `The model's operators are of version ${fault.version}; gradients need ${fault.needed} or later.`
    case 'nothing-to-differentiate':
      return `The model has no ${fault.what} to take a gradient of.`
  }
}
