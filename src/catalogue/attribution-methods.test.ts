import { describe, expect, it } from 'vitest'
import { ATTRIBUTION_METHODS, isOffered, METHOD_GROUPS, needsGradients, optionsInUse, usedOptions } from './attribution-methods.ts'
import { DEFAULT_OPTIONS } from './attribution-options.ts'

describe('the methods', () => {
  it('are in one group each, and say which options they use', () => {
    const all = METHOD_GROUPS.flatMap(({ methods }): readonly string[] => methods)
    expect(new Set(all).size).toBe(all.length)
    expect(all.toSorted()).toEqual([...ATTRIBUTION_METHODS].toSorted())
    expect([...optionsInUse(['saliency', 'lime'])]).toEqual(['removal', 'unit', 'features'])
    expect([...optionsInUse(['rollout'])]).toEqual([])
  })

  it('are told apart by the options that they use alone', () => {
    expect(usedOptions('lime', DEFAULT_OPTIONS)).toEqual([null, null, 'mask', 'token', null, 0])
    expect(usedOptions('saliency', DEFAULT_OPTIONS)).toEqual([null, null, null, null, null, null])
  })

  it('are offered where the model has value vectors that they need', () => {
    expect(ATTRIBUTION_METHODS.filter((method) => !isOffered(method, { values: false }))).toEqual(['value-zeroing'])
    expect(ATTRIBUTION_METHODS.every((method) => isOffered(method, { values: true }))).toBe(true)
  })

  it('need the graph with gradients for gradients, attention and embeddings, not for taking units away', () => {
    expect(ATTRIBUTION_METHODS.filter((method) => !needsGradients(method))).toEqual([
      'leave-one-out',
      'interpolated-shapley',
      'sliding-window',
      'lime',
      'partition-shapley',
      'kernel-shap',
      'sampled-shapley',
      'exact-shapley',
      'value-zeroing',
    ])
  })
})
