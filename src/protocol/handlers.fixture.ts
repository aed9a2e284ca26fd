// Handlers for tests: what a test does not give fails when it is called.

import type { EngineHandlers } from './serve.ts'

const unused = (): Promise<never> => Promise.reject(new Error('not used here'))

export function handlersWith(handlers: Partial<EngineHandlers>): EngineHandlers {
  return {
    load: unused,
    run: unused,
    attention: unused,
    answer: unused,
    attribute: unused,
    gradientAttention: unused,
    whatIf: unused,
    counterfactuals: unused,
    interactions: unused,
    focus: unused,
    difference: unused,
    ...handlers,
  }
}
