// How a text goes on, token by token.

import type { Feature } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import { turnsOf } from '#engine/passes/target-view'
import { uniformAt } from '#methods/generation/sampling'
import { elementAt } from '#tensor/vector'
import type { Branch, Choice, GenerateApi, Generated, GenerateRequest, Step } from '../api.ts'
import { type Branches, createBranches } from './branches.ts'
import { choose, nameOf } from './choice.ts'

export const generateHandlers: Feature<GenerateApi> = (engine) => {
  const known = new WeakMap<LoadedModel, Branches>()

  const branchesOf = (model: LoadedModel): Branches => {
    const { continuing } = model
    if (continuing === null) throw new EngineError('no-such-target', 'The model does not say what comes next.')
    const branches = known.get(model) ?? createBranches(continuing, turnsOf(engine.schedule, 'background'))
    known.set(model, branches)
    return branches
  }
  const idsOf = async ({ input, behind }: Branch, signal: AbortSignal): Promise<readonly number[]> => {
    const { row } = await engine.runOf(input, signal)
    return [...row.tokens.map(({ id }) => id), ...behind]
  }

  return {
    generate: async (request, { signal, progress }) => {
      const { rules, seed, count }: GenerateRequest = request
      const ids = [...(await idsOf(request, signal))]
      const model = await engine.readyModel()
      const { tokenizer, ends, card } = model
      const branches = branchesOf(model)
      const steps: Step[] = []
      const answer = (next: Choice, ended: Generated['ended']): Generated => ({ steps, next, ended, cache: branches.cache })
      for (;;) {
        const begun = performance.now()
        const scores = await branches.scores(ids, signal)
        const { choice, own, id } = choose(scores, rules, uniformAt(seed, ids.length), tokenizer)
        const last = ids.at(-1)
        if (request.behind.length + steps.length > 0 && last !== undefined && ends.has(last)) return answer(choice, 'end-token')
        if (steps.length >= count) return answer(choice, 'count')
        if (ids.length >= card.maxTokens) return answer(choice, 'longest')
        const rank = own.ids.indexOf(id)
        const step: Step = { token: nameOf(id, tokenizer), probability: elementAt(own.probabilities, rank), rank: rank + 1, choice }
        steps.push(step)
        ids.push(id)
        progress({ step, cache: branches.cache, ms: performance.now() - begun })
      }
    },
    typed: async (branch, { signal }) => {
      const { row } = await engine.runOf(branch.input, signal)
      const { tokenizer } = await engine.readyModel()
      const before = row.tokens.map(({ id }) => id)
      const wanted = [...before, ...branch.behind]
      const [start, whole] = [tokenizer.decode(before), tokenizer.decode(wanted)]
      const text = branch.input.text + (whole.startsWith(start) ? whole.slice(start.length) : '')
      const { tokens } = tokenizer.encode(text)
      return { text, same: tokens.length === wanted.length && tokens.every(({ id }, at) => id === wanted[at]) }
    },
  }
}
