// Where a model's activations can be changed, by what a part is replaced that is switched off, and what is patched.

/** Heads have an axis of their own where `byHead`; the others are the stream before a layer, and what its blocks add to it. */
export const ACTIVATION_SITES = {
  residual: { byHead: false },
  attention: { byHead: false },
  mlp: { byHead: false },
  query: { byHead: true },
  key: { byHead: true },
  value: { byHead: true },
  /** Probabilities x values, before the output projection. */
  head: { byHead: true },
} as const

export type ActivationSite = keyof typeof ACTIVATION_SITES

/** Zero, the mean over the text's positions, or what another text of the same length gives. */
export const ABLATION_KINDS = ['zero', 'mean', 'resample'] as const
export type AblationKind = (typeof ABLATION_KINDS)[number]

/** Denoising puts A's activations into B's run: what suffices. Noising puts B's into A's: what is needed. */
export const PATCH_DIRECTIONS = ['denoise', 'noise'] as const
export type PatchDirection = (typeof PATCH_DIRECTIONS)[number]

/** A map of what is patched. */
interface PatchRow {
  readonly site: ActivationSite
  /** What a row of the map is: a layer by itself at each position, or each head of it. */
  readonly across: 'positions' | 'heads'
  /** At which positions heads are patched: all, or the one that the model is asked at. */
  readonly at: 'all' | 'asked'
}

export const PATCH_MAP_IDS = ['residual', 'attention', 'mlp', 'heads', 'heads-asked', 'queries', 'keys', 'values'] as const
export type PatchMapId = (typeof PATCH_MAP_IDS)[number]

export const PATCH_MAPS: Readonly<Record<PatchMapId, PatchRow>> = {
  residual: { site: 'residual', across: 'positions', at: 'all' },
  attention: { site: 'attention', across: 'positions', at: 'all' },
  mlp: { site: 'mlp', across: 'positions', at: 'all' },
  heads: { site: 'head', across: 'heads', at: 'all' },
  'heads-asked': { site: 'head', across: 'heads', at: 'asked' },
  queries: { site: 'query', across: 'heads', at: 'all' },
  keys: { site: 'key', across: 'heads', at: 'all' },
  values: { site: 'value', across: 'heads', at: 'all' },
}
