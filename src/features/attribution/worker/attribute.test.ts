// Attributions in a session of calls: turns, cancels, and what is kept.

import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import { EngineError } from '#engine/error'
import type { TargetPasses } from '#engine/passes/forward-passes'
import type { GradientPasses } from '#engine/passes/gradient-passes'
import { createSchedule } from '#engine/passes/schedule'
import { type TargetView, viewTarget } from '#engine/passes/target-view'
import { rowOf } from '#engine/testing/run.fixture'
import { context, inputOf, never, toyModel } from '#engine/testing/toy-model.fixture'
import { loaded } from '#features/worker.fixture.ts'
import type { EngineApi } from '#features/worker.ts'
import type { Attribution, AttributionTarget } from '#methods/attribution'
import type { PointGradient } from '#methods/method'
import { overChannel } from '#protocol/channel.fixture'
import { attribute } from './attribute.ts'

const TARGET: AttributionTarget = { index: 1, foil: null, position: null, space: 'score' }
const EMBEDDINGS = Float32Array.of(1, 2, -1, 3)
const OPTIONS = DEFAULT_OPTIONS

/** A quadratic model of two tokens; tells of each batch how many rows it has. */
function quadraticRuns(rows: number, onBatch: (size: number) => void = () => undefined): GradientPasses {
  const at = (x: Float32Array): PointGradient => ({
    output: x.reduce((sum, value) => sum + value * value, 0),
    gradient: x.map((v) => 2 * v),
  })
  const batch = (points: readonly Float32Array[]): readonly PointGradient[] => {
    onBatch(points.length)
    return points.map(at)
  }
  return {
    tokens: 2,
    rows: () => rows,
    input: async () => ({ ...at(EMBEDDINGS), embeddings: EMBEDDINGS }),
    gradients: async (points) => batch(points),
    baseline: async () => new Float32Array(EMBEDDINGS.length),
    randomWords: async () => new Float32Array(EMBEDDINGS.length),
    attention: async () => ({ output: 0, layers: [], readOut: Float32Array.of(1, 0) }),
    residual: async () => ({ output: 0, states: [] }),
  }
}

const forward: TargetPasses = {
  outputs: async () => new Float64Array(),
  answers: async () => [],
  batches: () => [],
  passes: () => 0,
  know: () => undefined,
}
const explainedBy = (gradients: GradientPasses): TargetView => ({
  row: rowOf(''),
  gradients,
  embeddings: null,
  states: null,
  forward,
  removals: { mask: 0, pad: null, neighbour: null, labelOf: String },
})

const integrated = (runs: GradientPasses, signal: AbortSignal = never, parts: Attribution[] = [], schedule = createSchedule()) =>
  attribute(
    explainedBy(runs),
    { method: 'integrated-gradients', target: TARGET, options: OPTIONS, reference: null },
    schedule,
    signal,
    (part) => void parts.push(part),
  )

describe('an attribution', () => {
  it('names its method and target, and sends all parts but the last, which it returns', async () => {
    const parts: Attribution[] = []
    const answer = await integrated(quadraticRuns(8), never, parts)
    expect(answer).toMatchObject({ method: 'integrated-gradients', target: TARGET, left: 0, expectedSum: 15, runs: 5, doubts: [] })
    expect(Array.from(answer.values, (value) => value.toFixed(3))).toEqual(['5.000', '10.000'])
    expect(parts.map(({ left }) => left)).toEqual([2])
  })

  it('asks for as many rows at a time as is good for the model', async () => {
    const sizes: number[] = []
    await integrated(quadraticRuns(1, (size) => sizes.push(size)))
    await integrated(quadraticRuns(2, (size) => sizes.push(size)))
    expect(sizes).toEqual([1, 1, 1, 1, 2, 2])
  })

  it('lets what is urgent pass between two batches', async () => {
    const order: string[] = []
    const schedule = createSchedule()
    const runs = quadraticRuns(1, () => {
      order.push('batch')
      if (order.length === 2)
        void schedule.add(
          'live',
          () => true,
          async () => void order.push('live'),
        )
    })
    await integrated(runs, never, [], schedule)
    expect(order.slice(0, 4)).toEqual(['batch', 'batch', 'live', 'batch'])
  })

  it('ends with the batch under way when a cancel arrives as a message', async () => {
    const stop = new AbortController()
    let batches = 0
    const runs = quadraticRuns(1, () => {
      batches++
      // As a message does, it comes when the event loop turns.
      if (batches === 1) setTimeout(() => stop.abort())
    })
    await expect(integrated(runs, stop.signal)).rejects.toMatchObject({ kind: 'cancelled' })
    expect(batches).toBeLessThanOrEqual(2)
  })
})

describe('the engine', () => {
  const asked = { input: inputOf('not bad'), target: TARGET, options: OPTIONS, reference: null }
  async function engineWith(made: string[]) {
    return loaded({
      ...toyModel(),
      runsOf: (row, target) => {
        made.push(`${row.tokens.length} ${target.index}`)
        return quadraticRuns(8, () => made.push('batch'))
      },
    })
  }

  it('keeps finished attributions with their run, whole after they were sent', async () => {
    const made: string[] = []
    const { engine } = await engineWith(made)
    const client = overChannel<EngineApi>(engine)
    const first = await client.call('attribute', { ...asked, method: 'integrated-gradients' })
    first.values.fill(0)
    made.length = 0
    for (let time = 0; time < 2; time++) {
      const again = await client.call('attribute', { ...asked, method: 'integrated-gradients' })
      expect(Array.from(again.values, Math.round)).toEqual([5, 10])
    }
    expect(made).toEqual([])
    client.end()
  })

  it('makes one view of a model for methods with the same target, and another for another', async () => {
    const made: string[] = []
    const { engine } = await engineWith(made)
    await engine.attribute({ ...asked, method: 'saliency' }, context)
    await engine.attribute({ ...asked, method: 'input-x-gradient' }, context)
    await engine.attribute({ ...asked, target: { ...TARGET, index: 0 }, method: 'saliency' }, context)
    expect(made).toEqual(['4 1', '4 0'])
  })

  it('runs no row twice for a target, whatever was asked meanwhile', async () => {
    const rows: number[] = []
    const forwardOf = (): TargetPasses => {
      const known = new Set<string>()
      return {
        passes: () => known.size,
        know: () => undefined,
        answers: async () => [],
        batches: (asked) => [asked.filter(({ key }) => !known.has(key))],
        outputs: async (asked) => {
          const fresh = asked.filter(({ key }) => !known.has(key))
          for (const { key } of fresh) known.add(key)
          if (fresh.length > 0) rows.push(fresh.length)
          return Float64Array.from(asked, ({ ids }) => ids[0] ?? 0)
        },
      }
    }
    const { engine } = await loaded({ ...toyModel(), forwardOf })
    const exact = await engine.attribute({ ...asked, method: 'exact-shapley' }, context)
    const all = rows.reduce((sum, count) => sum + count, 0)
    await engine.attribute({ ...asked, target: { ...TARGET, index: 0 }, method: 'leave-one-out' }, context)
    const other = rows.reduce((sum, count) => sum + count, 0) - all
    const kernel = await engine.attribute({ ...asked, method: 'kernel-shap' }, context)
    expect(all).toBeGreaterThan(3)
    expect(other).toBeGreaterThan(0)
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(all + other)
    // Each tells of all that its values are made of, whoever had it run.
    expect([exact.runs, exact.known]).toEqual([all, 0])
    expect([kernel.runs, kernel.known]).toEqual([all, all])
  })

  it('says so where a model has no gradients', async () => {
    const { engine } = await loaded(toyModel())
    await expect(engine.attribute({ ...asked, method: 'saliency' }, context)).rejects.toMatchObject({ kind: 'no-gradients' })
  })
})

describe('a model seen for a target', () => {
  const refusal = new EngineError('no-such-target', 'The model has no such answer to explain.')
  const shares: AttributionTarget = { ...TARGET, space: 'probability' }

  it('has no gradients where the graph gives none of the shares, and is perturbed all the same', async () => {
    const runsOf = (_: unknown, { space }: AttributionTarget): GradientPasses => {
      if (space !== 'score') throw refusal
      return quadraticRuns(8)
    }
    const view = viewTarget({ ...toyModel(), runsOf }, rowOf(''), shares)
    expect(view.gradients).toBeNull()
    // What the model reads is the same whatever is asked of it.
    expect(await view.embeddings?.()).toEqual(EMBEDDINGS)
    const asked = { method: 'saliency' as const, target: shares, options: OPTIONS, reference: null }
    await expect(attribute(view, asked, createSchedule(), never, () => undefined)).rejects.toMatchObject({ kind: 'no-gradients-of-shares' })
  })
})
