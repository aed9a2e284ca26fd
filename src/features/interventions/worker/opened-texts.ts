// The texts of a question, the number that is measured in them, and the runs that change what a layer gives.

import type { ActivationSite } from '#catalogue/interventions'
import type { EngineServices } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import type { IntervenedPasses } from '#engine/passes/intervened-passes'
import { targetNumber } from '#engine/passes/target-number'
import type { Turn } from '#engine/passes/token-game'
import type { AttributionTarget } from '#methods/attribution'
import type { Activation, ActivationChange } from '#methods/intervention/activation-change'
import type { ModelInput } from '#protocol/prediction'
import { elementAt } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import type { MeasuredAim } from '../api.ts'

export interface OpenedTexts {
  readonly model: LoadedModel
  readonly passes: IntervenedPasses
  readonly own: OpenedText
  /** @throws EngineError `no-other-text`, `other-length` */
  other(): Promise<OpenedText>
  readonly aim: MeasuredAim
  /** What a class or a token is called. */
  labelOf(index: number): string
  /** The target's number in scores [C]. */
  numberIn(scores: Float32Array): number
}

export interface OpenedText {
  readonly row: TokenRow
  activations(site: ActivationSite): Promise<readonly Activation[]>
  /** Scores [C] for each set of changes, a batch each time the runtime is free. */
  scores(changes: readonly (readonly ActivationChange[])[]): Promise<readonly Float32Array[]>
}

interface Texts {
  readonly input: ModelInput
  readonly reference: ModelInput | null
  readonly target: AttributionTarget
}

/** @throws EngineError `no-interventions`, `no-such-target`; as `runOf` */
export async function openTexts(
  engine: EngineServices,
  { input, reference, target }: Texts,
  signal: AbortSignal,
  turnOf: Turn,
): Promise<OpenedTexts> {
  const { row } = await engine.runOf(input, signal)
  const model = await engine.readyModel()
  const { intervening } = model
  if (intervening === null)
    throw new EngineError('no-interventions', 'The activations of this model cannot be opened here.', { task: model.card.task })
  const turn = <Result>(job: () => Promise<Result>): Promise<Result> => turnOf(signal, job)
  const passes = await turn(intervening)
  const { index, foil, position } = target
  if (index >= passes.width || (foil ?? 0) >= passes.width || (position === null) !== passes.isWhole)
    throw new EngineError('no-such-target', 'The model has no such answer to measure.', { index })
  const { labels } = model.card
  const labelOf = (at: number): string =>
    labels.length === passes.width ? elementAt(labels, at) : (model.tokenizer.labelOf(at) ?? `#${at}`)
  const opened = (of: TokenRow): OpenedText => ({
    row: of,
    activations: (site) => turn(() => passes.activations(of, site)),
    scores: async (changes) => {
      const found: Float32Array[] = []
      while (found.length < changes.length) {
        const next = changes.slice(found.length, found.length + passes.most())
        found.push(...(await turn(() => passes.scores(of, position, next))))
      }
      return found
    },
  })
  return {
    model,
    passes,
    own: opened(row),
    labelOf,
    aim: { target: labelOf(index), foil: foil === null ? null : labelOf(foil) },
    other: async () => {
      if (reference === null) throw new EngineError('no-other-text', 'There is no text B.')
      const { row: rowB } = await engine.runOf(reference, signal)
      const [a, b] = [row.tokens.length, rowB.tokens.length]
      if (a !== b) throw new EngineError('other-length', `A has ${a} tokens and B has ${b}.`, { a, b })
      return opened(rowB)
    },
    numberIn: (scores) => targetNumber(target, passes.activation, scores),
  }
}
