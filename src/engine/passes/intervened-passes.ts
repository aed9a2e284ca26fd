// Runs of a row with activations changed, and what the activations are.

import type { Activation as ScoreActivation } from '#answers/answer-kind'
import type { ActivationSite } from '#catalogue/interventions'
import { ACTIVATION_SITES } from '#catalogue/interventions'
import type { PreparedModel } from '#graph/prepare'
import type { Activation, ActivationChange } from '#methods/intervention/activation-change'
import type { TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import type { GraphSession } from '../runtime/session.ts'
import { isOpenSite } from './activation-feeds.ts'
import { assertScores } from './assert-numbers.ts'
import { type InputConvention, inputRow } from './feeds.ts'
import { createRowBatches } from './row-batches.ts'

/** A graph whose activations are open, started. */
export interface IntervenedSession {
  readonly session: GraphSession
  readonly plan: Pick<PreparedModel, 'inputs' | 'ports' | 'outputs' | 'positionsInput' | 'interventions'>
}

export interface IntervenableSession extends IntervenedSession {
  readonly layout: InputConvention
  readonly activation: ScoreActivation
  /** Shape of the answer to one row, [1,C], [1,T,C] or [1,P,C]. */
  readonly answer: readonly number[]
}

export interface IntervenedPasses {
  /** Sites that are open in every layer. */
  readonly sites: ReadonlySet<ActivationSite>
  readonly layers: number
  readonly activation: ScoreActivation
  /** Classes, or tokens of the vocabulary. */
  readonly width: number
  /** Whether there is one answer for the text, and not one for each token. */
  readonly isWhole: boolean
  /** Of each layer; one pass, which is kept for some texts. @throws EngineError `site-closed`, `run-failed` */
  activations(row: TokenRow, site: ActivationSite): Promise<readonly Activation[]>
  /**
   * Scores [C] where the model is asked, one for each set of changes; one batch where the model takes it.
   * @param position null for a model with one answer
   * @throws EngineError `site-closed`, `run-failed`, `not-a-number`
   */
  scores(row: TokenRow, position: number | null, changes: readonly (readonly ActivationChange[])[]): Promise<readonly Float32Array[]>
  /** How many sets of changes the next batch should have at most. */
  most(): number
}

/** Sites of texts that are kept: some of two texts. */
const MOST_KEPT = 8

export function createIntervenedPasses(graph: IntervenableSession): IntervenedPasses {
  const { plan, session, layout, activation, answer } = graph
  const ports = plan.interventions.activations ?? null
  const { logits, hiddenStates, parts } = plan.outputs
  const batches = createRowBatches({ session, plan, gradients: null, layout })
  const width = answer.at(-1) ?? 0
  const kept = new Map<string, Promise<readonly Activation[]>>()
  const namesOf = (site: ActivationSite): readonly (string | null)[] => {
    const taps = {
      residual: hiddenStates.slice(0, -1),
      attention: parts?.attentionOutputs,
      mlp: parts?.mlpOutputs,
      query: parts?.queries,
      key: parts?.keys,
      value: parts?.values,
      head: parts?.headOutputs,
    }
    return taps[site] ?? []
  }
  const sites = (Object.keys(ACTIVATION_SITES) as readonly ActivationSite[]).filter((site) => {
    const names = namesOf(site)
    return ports !== null && isOpenSite(ports, site) && names.length > 0 && !names.includes(null)
  })
  const read = async ({ tokens }: TokenRow, site: ActivationSite): Promise<readonly Activation[]> => {
    const names = namesOf(site).filter((name) => name !== null)
    if (!sites.includes(site)) throw new EngineError('site-closed', `The model's ${site} is not open.`, { site })
    const { byHead } = ACTIVATION_SITES[site]
    const results = await session.run(batches.feeds([{ ...inputRow(tokens), position: 0, embeddings: null }]), names)
    return names.map((name) => {
      const { dims, data } = results[name] ?? { dims: [], data: new Float32Array() }
      const found = { heads: byHead ? (dims.at(-3) ?? 0) : 1, tokens: dims.at(-2) ?? 0, width: dims.at(-1) ?? 0, data }
      if (found.tokens !== tokens.length || found.heads * found.tokens * found.width !== data.length)
        throw new EngineError('run-failed', 'A layer gave no output of the text’s length.')
      return found
    })
  }
  return {
    sites: new Set(sites),
    layers: plan.outputs.attentions.length,
    activation,
    width,
    isWhole: answer.length === 2,
    activations: (row, site) => {
      const key = JSON.stringify([site, inputRow(row.tokens)])
      const found = kept.get(key) ?? read(row, site)
      kept.delete(key)
      kept.set(key, found)
      found.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
      return found
    },
    scores: async ({ tokens }, position, sets) => {
      const rows = sets.map((changes) => ({ ...inputRow(tokens), position, embeddings: null, changes }))
      const answers = await batches.run(rows, [logits])
      return answers.map((outputs) => {
        const all = outputs(logits)
        if (all.length % width !== 0) throw new EngineError('run-failed', 'A batch gave no answer for each of its rows.')
        const start = all.length === width ? 0 : (position ?? 0) * width
        const scores = all.slice(start, start + width)
        assertScores(scores)
        return scores
      })
    },
    most: () => batches.most(),
  }
}
