// The graphs that a backend may start for one model: with gradients where they are wanted and can be had, and without.

import { addGradients, type GradientOptions, type GradientPlan } from '#autodiff/add-gradients'
import { GradientError } from '#autodiff/gradient-error'
import type { PartName } from '#graph/instrument/expose-parts'
import { GraphError } from '#graph/ir/errors'
import type { OpenedModel } from '#graph/open-model'
import { type InstrumentedModel, type PreparedModel, type PrepareOptions, tapModel, writeInstrumented } from '#graph/prepare'
import { type ModelCard, SMALL_MODEL_BYTES, type WeightForm } from '#protocol/model-api'

/** A graph that can be started, with all that is known of it. */
export interface ModelVariant extends PreparedModel {
  /** How the graph is asked for gradients; null where it has none. */
  readonly gradients: GradientPlan | null
  /** What the model's card says of gradients where this variant is started. */
  readonly offered: ModelCard['gradients']
}

/** What the graph is given whether or not it gets gradients. */
export function tapsFor({ parts }: OpenedModel): PrepareOptions {
  return { pickPositions: true, interventions: ['valueMasks'], partsOnRequest: true, ...(parts.head === null ? {} : { taps: READ }) }
}

/** What the graph is given whose activations can be changed. */
export const INTERVENED = {
  pickPositions: true,
  interventions: ['activations'],
  taps: new Set(['attentionOutputs', 'mlpOutputs', 'queries', 'keys', 'values', 'headOutputs']),
} as const satisfies PrepareOptions

/** What a language model's stream is read by. */
const READ: ReadonlySet<PartName> = new Set(['joinedHeads', 'mlpOutputs', 'streamEnd'])

/**
 * The fullest first; each is made when the one before it did not start.
 * @param packed the model with its weights as the file has them
 * @param wanted whether the reader wants gradients: 'if-small' of a model whose weights are below SMALL_MODEL_BYTES
 */
export function* variantsOf(
  packed: InstrumentedModel,
  form: WeightForm,
  wanted: 'yes' | 'if-small' | 'no',
  activation: NonNullable<GradientOptions['activation']>,
): Generator<ModelVariant, void, undefined> {
  const plain = form === 'packed' ? packed : tapModel(packed.opened, { ...tapsFor(packed.opened), weights: form })
  const isAsked = wanted === 'yes' || (wanted === 'if-small' && plain.weights.bytes <= SMALL_MODEL_BYTES)
  const added = isAsked ? differentiate(plain, activation) : null
  if (added !== null && 'plan' in added) {
    yield { ...writeInstrumented(added.model), gradients: added.plan, offered: 'yes' }
  }
  const missing = added !== null && 'missing' in added ? added.missing : []
  yield { ...writeInstrumented(plain), gradients: null, offered: isAsked ? { missing } : 'on-request' }
}

/** The model with a backward part, or the operators that stand in its way. */
function differentiate(
  tapped: InstrumentedModel,
  activation: NonNullable<GradientOptions['activation']>,
): ReturnType<typeof addGradients> | { readonly missing: readonly string[] } {
  try {
    return addGradients(tapped, { wanted: ['embeddings', 'attentions', 'hiddenStates'], activation })
  } catch (error) {
    if (error instanceof GradientError) return { missing: operatorsOf(error) }
    // A model that can be looked at is not refused for the sake of its gradients.
    if (error instanceof GraphError) return { missing: [] }
    throw error
  }
}

function operatorsOf({ fault }: GradientError): readonly string[] {
  switch (fault.kind) {
    case 'no-gradient-rule':
      return fault.operators
    case 'no-gradient-form':
      return [fault.operator]
    case 'old-operators':
    case 'nothing-to-differentiate':
      return []
  }
}
