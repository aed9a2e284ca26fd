// What an attribution can be asked besides its target: the values of each option, the usual one first. They are the values in links.

/** Of what the target is a number: a score as the model gives it, or what it means as a share. */
export const TARGET_SPACES = ['score', 'probability', 'log-probability'] as const
export type TargetSpace = (typeof TARGET_SPACES)[number]

/**
 * What stands for a text that says nothing, as word embeddings in every place: zeros, the mask token, the padding token, the mean of the
 * vocabulary, or the tokens of another text.
 */
export const BASELINES = ['zero', 'mask', 'pad', 'mean', 'reference'] as const
export type Baseline = (typeof BASELINES)[number]

/**
 * How a unit is taken away: its tokens become mask or padding tokens, go, become zero embeddings, or the nearest other word of the
 * model's own table.
 */
export const REMOVALS = ['mask', 'delete', 'pad', 'zero', 'neighbour'] as const
export type Removal = (typeof REMOVALS)[number]

/** What is taken away at once. */
export const UNITS = ['token', 'word', 'sentence'] as const
export type Unit = (typeof UNITS)[number]

export interface AttributionOptions {
  /** Where integrated gradients begin. */
  readonly baseline: Baseline
  /** Point of the residual stream whose gradients are taken: 0 for the embeddings, n for what layer n leaves. */
  readonly layer: number
  readonly removal: Removal
  readonly unit: Unit
  /** Length of the noise on a token's embedding, as a share of a typical embedding's. */
  readonly noise: number
  /** Units that LIME's linear model may use; 0 for all. */
  readonly features: number
}

export const DEFAULT_OPTIONS: AttributionOptions = { baseline: 'zero', layer: 0, removal: 'mask', unit: 'token', noise: 0.5, features: 0 }
