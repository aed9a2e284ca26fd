import { describe, expect, it } from 'vitest'
import type { AttributionTarget } from '#methods/attribution'
import { EngineError } from '../error.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { toyModel } from '../testing/toy-model.fixture.ts'
import { viewTarget } from './target-view.ts'

const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }

describe('a model seen for a target', () => {
  it('is refused where there is no such answer', () => {
    const runsOf = (): never => {
      throw new EngineError('no-such-target', 'The model has no such answer to explain.')
    }
    expect(() => viewTarget({ ...toyModel(), runsOf }, rowOf(''), TARGET)).toThrow('no such answer')
  })
})
