// The allowed arrows between the layers, and between the parts of a feature, once; Biome's rules are made from here.

/** Names in arrows are places; `features/each/api` is that part of every feature, `own/state` that of the same one. */
export interface Arrows {
  /** Places it may import anything from. */
  readonly values: readonly string[]
  /** Places it may import only types from. */
  readonly types: readonly string[]
}

const CORE = ['tensor', 'graph', 'autodiff', 'methods', 'metrics', 'probes', 'text', 'answers', 'protocol', 'share']
const CORE_AND_CALLS = [...CORE, 'features/each/api']
const without = (...names: readonly string[]): readonly string[] => CORE.filter((layer) => !names.includes(layer))

/** Folders of `src`, the two registries of features, `workers`, and the command. All may import `catalogue` too, which is data. */
export const LAYERS: Readonly<Record<string, Arrows>> = {
  catalogue: { values: [], types: [] },
  tensor: { values: [], types: [] },
  i18n: { values: [], types: [] },
  ui: { values: [], types: [] },
  graph: { values: ['tensor'], types: [] },
  autodiff: { values: ['graph', 'tensor'], types: [] },
  text: { values: ['tensor'], types: [] },
  methods: { values: ['tensor', 'text'], types: [] },
  metrics: { values: ['tensor', 'text'], types: ['methods'] },
  probes: { values: ['tensor', 'text'], types: ['methods'] },
  answers: { values: ['tensor'], types: ['methods', 'text'] },
  protocol: { values: [], types: ['answers', 'methods', 'metrics', 'probes', 'text', 'tensor'] },
  share: { values: ['text'], types: ['methods'] },
  engine: { values: CORE, types: [] },
  state: { values: ['answers', 'protocol', 'share', 'tensor'], types: without('answers', 'protocol', 'share', 'tensor') },
  views: { values: ['tensor'], types: [] },
  panels: { values: ['panels/shared', 'state', 'views', 'ui', 'i18n', 'answers', 'tensor'], types: without('answers', 'tensor') },
  'panels/shared': { values: ['state', 'views', 'ui', 'i18n', 'answers', 'tensor'], types: without('answers', 'tensor') },
  lessons: { values: [], types: ['share'] },
  'features/worker': { values: ['features/each/worker', 'engine', ...CORE_AND_CALLS], types: [] },
  'features/page': {
    values: [
      'features/each/state',
      'features/each/panel',
      'features/each/words',
      'features/each/api',
      'panels/shared',
      'state',
      'ui',
      'i18n',
      'protocol',
      'share',
    ],
    types: without('protocol', 'share'),
  },
  app: {
    values: ['features/page', 'state', 'panels', 'panels/shared', 'ui', 'i18n', 'protocol'],
    // The table of all calls, which the page's client is typed with.
    types: ['features/worker'],
  },
  workers: { values: ['features/worker', 'engine', 'protocol'], types: [] },
  explain: { values: ['features/worker', 'features/each/worker', 'engine', ...CORE_AND_CALLS], types: [] },
}

/** The parts of a feature: `api.ts`, and its folders. Each may import what the layer may that it is like, and more. */
export const FEATURE_PARTS: Readonly<Record<string, Arrows & { readonly like: string | null }>> = {
  api: { like: null, values: [], types: CORE_AND_CALLS },
  worker: { like: 'engine', values: ['engine', 'features/each/api'], types: [] },
  state: { like: 'state', values: ['state', 'features/each/api'], types: ['lessons'] },
  panel: { like: 'panels', values: ['own/state', 'features/each/api', 'lessons'], types: [] },
  words: { like: 'i18n', values: ['i18n'], types: [] },
}

export interface PackageLimit {
  readonly packages: readonly string[]
  /** Layers that may import them, and the parts of features that are like these. */
  readonly layers: readonly string[]
  /** Single files that may, besides. */
  readonly files: readonly string[]
}

export const PACKAGE_LIMITS: readonly PackageLimit[] = [
  { packages: ['onnxruntime-web'], layers: [], files: ['src/engine/runtime/session.ts'] },
  { packages: ['@huggingface/tokenizers', '@huggingface/transformers', '@mlc-ai/web-tokenizers'], layers: ['engine'], files: [] },
  { packages: ['d3'], layers: ['views'], files: [] },
  { packages: ['katex'], layers: ['panels'], files: [] },
  { packages: ['zustand'], layers: ['state'], files: [] },
  { packages: ['react', 'react-dom'], layers: ['panels', 'panels/shared', 'ui', 'features/page', 'app'], files: ['src/main.tsx'] },
  { packages: ['react-aria-components'], layers: ['ui', 'panels', 'panels/shared'], files: [] },
]
