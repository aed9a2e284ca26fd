// What a gradient rule is: one function an operator, in the tables of the files in rules/.

import type { RuleContext } from './scene.ts'

/**
 * Emits the gradients of the node's inputs, in their order, from those of its outputs; null for an input that is not needed or
 * does not change the outputs. A gradient has its input's shape.
 * @throws GradientError no-gradient-form for what the rule does not cover
 */
export type GradientRule = (scene: RuleContext) => readonly (string | null)[]

/** Rules by operator, as `operatorOf` names them. */
export type GradientRules = Readonly<Record<string, GradientRule>>
