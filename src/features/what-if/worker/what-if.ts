// Many edits of an input at once, the smallest that turn its answer over, and what two units of its text do together.

import { kindOf } from '#answers/answer-kinds'
import { rivalOf } from '#answers/rival'
import type { EngineServices, Feature } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { ForwardPass } from '#engine/passes/pass-cache'
import { movedPosition, perturbed } from '#engine/passes/perturbed-row'
import { targetNumber } from '#engine/passes/target-number'
import { gameOf, turnsOf } from '#engine/passes/target-view'
import { hearCancel } from '#engine/passes/yield-to-messages'
import { editContext } from '#engine/text/edit-context'
import type { AttributionTarget } from '#methods/attribution'
import type { Cancel } from '#methods/cancel'
import { doubtsOf } from '#methods/games/as-attribution'
import { MOST_PAIRED_PLAYERS, pairInteractions } from '#methods/games/interaction'
import { transfer } from '#protocol/serve'
import { float64At } from '#tensor/vector'
import { applyEdits } from '#text/edit'
import { TextError } from '#text/text-error'
import type { Interactions, RefusedTrial, WhatIfApi } from '../api.ts'
import { type EditedText, findCounterfactuals } from './find-counterfactuals.ts'
import { editedAnswer, type Measured, refusedTrial, rowOfTrial } from './trial-row.ts'
import { trialsOf } from './trials.ts'

export const whatIfHandlers: Feature<WhatIfApi> = (engine) => {
  const { runOf, explaining, readyModel, schedule } = engine
  return {
    whatIf: async ({ input, target, families, words, unit }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const measure = await measureAfterEdits(engine, run, target, signal)
      const before = (await measure(run)) ?? { run, target, output: Number.NaN }
      const { trials, unfit } = await trialsOf({ families, words, unit }, run.row, await readyModel(), signal)
      const refused: RefusedTrial[] = [...unfit]
      for (const [at, trial] of trials.entries()) {
        await hearCancel(signal)
        try {
          const after = await measure(await runOf({ ...input, edits: [...input.edits, ...trial.edits] }, signal, 'background'))
          if (after === null) refused.push(refusedTrial(trial, 'question-gone'))
          else progress(rowOfTrial(trial, before, after, trials.length - at - 1))
        } catch (error) {
          // An edit that cannot be made, such as of the only token, has no row.
          if (!(error instanceof TextError)) throw error
          refused.push(refusedTrial(trial, String(error.data.reason)))
        }
      }
      return refused
    },
    counterfactuals: async ({ input, target, goal, moves }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const model = await readyModel()
      // The way to the runner-up is steeper than the way from the target alone.
      const foil = rivalOf(run.prediction, target) ?? kindOf(run.prediction).runnerUp(run.prediction, target)
      const view = await explaining(run, { ...target, foil, space: 'score' })
      const context = editContext(model.tokenizer)
      const edited: EditedText = {
        row: (edits) => applyEdits(run.row, edits, context),
        answer: async (edits) => {
          const after = await runOf({ ...input, edits: [...input.edits, ...edits] }, signal, 'background')
          const position = movedPosition(target.position, run.row, after.row)
          return position === undefined ? null : editedAnswer(after, { ...target, position })
        },
      }
      return findCounterfactuals(model, view, run.prediction, { target, goal, moves }, edited, schedule, signal, progress)
    },
    interactions: async ({ input, target, options }, { signal, progress }) => {
      const run = await runOf(input, signal)
      const game = await gameOf(await explaining(run, target), target, options, turnsOf(schedule, 'background'), signal)
      if (game.players > MOST_PAIRED_PLAYERS) {
        const data = { units: game.players, pairs: (game.players * (game.players - 1)) / 2, most: MOST_PAIRED_PLAYERS }
        throw new EngineError('too-many-pairs', `${game.players} units make too many pairs.`, data)
      }
      for await (const { values, left } of pairInteractions(game, signal)) {
        const answer: Interactions = { values: transfer(Float32Array.from(values)), units: game.units, left, doubts: doubtsOf(game) }
        if (left === 0) return answer
        progress(answer)
      }
      throw new EngineError('run-failed', 'The pairs came to no end.')
    },
  }
}

/** The target and its number for a run of edited text; null where an edit took away what the target is asked about. */
async function measureAfterEdits(
  { explaining, schedule }: EngineServices,
  before: ForwardPass,
  target: AttributionTarget,
  cancel: Cancel,
): Promise<(after: ForwardPass) => Promise<Measured | null>> {
  const { forward } = await explaining(before, target)
  const turn = turnsOf(schedule, 'background')
  return async (run) => {
    const { row, prediction } = run
    // The run has told the scores of classes already.
    const scores = kindOf(prediction).scores(prediction)
    if (scores !== null) return { run, target, output: targetNumber(target, kindOf(prediction).activation(prediction), scores) }
    const position = movedPosition(target.position, before.row, row)
    if (position === undefined) return null
    const outputs = await turn(cancel, () => forward.outputs([perturbed(row, position)]))
    return { run, target: { ...target, position }, output: float64At(outputs, 0) }
  }
}
