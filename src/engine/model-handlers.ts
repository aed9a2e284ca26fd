// Loading a model, and its answers at positions that are asked for one by one.

import { kindOf } from '#answers/answer-kinds'
import type { PositionAnswer } from '#answers/position-answer'
import type { ModelApi } from '#protocol/model-api'
import type { Feature } from './engine-services.ts'
import { byRun } from './passes/by-run.ts'

export const modelHandlers: Feature<ModelApi> = ({ load, runOf, readyModel, schedule }) => {
  const answers = byRun<number, PositionAnswer | null>()
  return {
    load,
    answer: async ({ input, position }, { signal }) => {
      const run = await runOf(input, signal)
      const { prediction } = run
      const own = kindOf(prediction).at(prediction, position)
      if (own !== undefined) return own
      const known = answers(run)
      const found = known.get(position)
      if (found !== undefined) return found
      const { answerAt } = await readyModel()
      const answer = await schedule.add(
        'live',
        () => !signal.aborted,
        () => answerAt(run.row, position),
      )
      known.set(position, answer)
      return answer
    },
  }
}
