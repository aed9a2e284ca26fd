// Runs seen for targets, kept so that methods share what they run.

import { kindOf } from '#answers/answer-kinds'
import type { AttributionTarget } from '#methods/attribution'
import type { ModelSession } from '../model/model-session.ts'
import { byRun } from './by-run.ts'
import type { TargetPasses } from './forward-passes.ts'
import type { ForwardPass } from './pass-cache.ts'
import { perturbed } from './perturbed-row.ts'
import { type TargetView, viewTarget } from './target-view.ts'

/** @throws EngineError `no-such-target` */
export type ViewRun = (run: ForwardPass, target: AttributionTarget) => Promise<TargetView>

export function createTargetViews(
  readyModel: () => Promise<Pick<ModelSession, 'runsOf' | 'forwardOf' | 'statesOf' | 'removals'>>,
): ViewRun {
  /** Rows that were run for a target: they are not run again, for whatever method and after whatever else was asked. */
  const forwards = byRun<string, TargetPasses>()
  /** What was viewed last: methods with the same target share its first pass, whose tensors are too large to keep more of. */
  let last: { readonly run: ForwardPass; readonly target: string; readonly view: TargetView } | null = null

  return async (run, target) => {
    const model = await readyModel()
    const asked = JSON.stringify(target)
    if (last?.run !== run || last.target !== asked) {
      const view = viewTarget(model, run.row, target)
      const forward = forwards(run).get(asked) ?? knowing(view.forward, run, target)
      forwards(run).set(asked, forward)
      last = { run, target: asked, view: { ...view, forward } }
    }
    return last.view
  }
}

/** Passes that know what the run answered to its own row. */
function knowing(forward: TargetPasses, { row, prediction, precomputed }: ForwardPass, { position }: AttributionTarget): TargetPasses {
  const scores = kindOf(prediction).scores(prediction)
  if (scores !== null && !precomputed) forward.know(perturbed(row, position), scores)
  return forward
}
