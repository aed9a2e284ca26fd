// Asks the running model what lessons want to know: the same engine that draws the page checks what a lesson claims.

import { kindOf, type Prediction, usualFoil } from '#answers/answer-kinds'
import { DEFAULT_OPTIONS } from '#catalogue/attribution-options'
import type { AttentionApi } from '#features/attention/api.ts'
import type { AttributionApi } from '#features/attribution/api.ts'
import type { InsideApi } from '#features/inside/api.ts'
import type { LessonInput, Measure } from '#lessons/measure'
import type { AttributionTarget } from '#methods/attribution'
import type { WorkerCaller } from '#protocol/client'
import type { TokenRow } from '#text/token'

export interface LessonEngineApi extends AttentionApi, AttributionApi, InsideApi {}

/** @param removal how a unit is taken away, as the page does it for this model */
export function createMeasure(engine: WorkerCaller<LessonEngineApi>, removal: () => 'mask' | 'delete'): Measure {
  const run = async (input: LessonInput) => {
    let found: { readonly row: TokenRow; readonly prediction: Prediction } | null = null
    const onProgress = (part: AttentionApi['run']['progress']): void => {
      if (part.kind === 'prediction') found = part
    }
    await engine.call('run', { input, choice: { heads: [], reduce: 'each' }, thumbnail: 1, sinksAside: false }, { onProgress })
    // Set by a callback, which the compiler does not follow.
    const answered = found as { readonly row: TokenRow; readonly prediction: Prediction } | null
    if (answered === null) throw new Error('the model gave no answer')
    return { ...answered, tokens: answered.row.tokens.map(({ label }) => label) }
  }
  return {
    tokens: async (input) => (await run(input)).tokens,
    answer: async (input) => {
      const { row, prediction } = await run(input)
      const choices = kindOf(prediction).ranked({ prediction, row })[0]?.choices ?? []
      const ranked = choices.map(({ label, probability }) => ({ label, probability: probability ?? Number.NaN }))
      const [best] = ranked
      if (best === undefined) throw new Error('the model gives no answer of its own')
      return { ...best, ranked }
    },
    attention: async (input, { layer, head }) => {
      const choice = { heads: [{ layer: layer - 1, head: head - 1 }], reduce: 'each' as const }
      const [{ tokens }, [matrix]] = await Promise.all([run(input), engine.call('attention', { input, choice })])
      const count = tokens.length
      return {
        tokens,
        weight: (query, key) => {
          const weight = query < 0 || key < 0 || key >= count ? undefined : matrix?.data[query * count + key]
          if (weight === undefined) throw new RangeError(`no attention from ${query} to ${key}`)
          return weight
        },
      }
    },
    role: async (input, role) => (await engine.call('headRoles', { input, random: null })).roles[role],
    contributions: async (input, method) => {
      const { tokens, row, prediction } = await run(input)
      const kind = kindOf(prediction)
      const question = kind.question({ prediction, row, chosen: null }, { token: null, explains: 'itself' })
      if (question === null) throw new Error('the model gives no answer of its own')
      const { best: index, position } = question
      const target: AttributionTarget = { index, position, foil: usualFoil(prediction, { index, position }), space: 'score' }
      const options = { ...DEFAULT_OPTIONS, removal: removal(), unit: 'token' as const }
      const { values } = await engine.call('attribute', { input, target, method, options, reference: null })
      return { tokens, values: Array.from(values) }
    },
  }
}
