import { describe, expect, it } from 'vitest'
import type { DifferenceState } from '#state/app-state'
import { alignedFrame } from '#state/layout/frame'
import { answerOf } from '#state/state.fixture'
import { attributionChanges } from './attribution-changes.ts'

describe('tokens whose attribution changed', () => {
  // [CLS] not bad [SEP] against [CLS] so bad [SEP] with the last word gone, too.
  const [a, reference] = [answerOf('not bad'), answerOf('so')]
  const difference = { alignment: { a: Int32Array.of(0, 1, 2, 3), b: Int32Array.of(0, 1, -1, 2) } } as unknown as DifferenceState

  it('are those of both texts, strongest change first', () => {
    const frame = alignedFrame('difference', a, reference, difference, true)
    const found = attributionChanges(frame, a, reference, Float32Array.of(1, 2, 9, 4), Float32Array.of(1.5, -1, 4))
    expect(found.map(({ labels, before, after, slot }) => [...labels, before, after, slot])).toEqual([
      ['not', 'so', 2, -1, 1],
      ['[CLS]', '[CLS]', 1, 1.5, 0],
      ['[SEP]', '[SEP]', 4, 4, 3],
    ])
  })
})
