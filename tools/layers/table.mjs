// The allowed arrows between the layers, once; Biome's rules (biome.layers.json, types-only.grit) are written from here.

/**
 * @typedef {object} Layer
 * @property {readonly string[]} values layers it may import anything from
 * @property {readonly string[]} types layers it may import only types from
 */

const CORE = ['tensor', 'graph', 'autodiff', 'methods', 'metrics', 'probes', 'text', 'protocol', 'share']

/** @type {Readonly<Record<string, Layer>>} */
export const LAYERS = {
  tensor: { values: [], types: [] },
  i18n: { values: [], types: [] },
  ui: { values: [], types: [] },
  graph: { values: ['tensor'], types: [] },
  autodiff: { values: ['graph', 'tensor'], types: [] },
  text: { values: ['tensor'], types: [] },
  methods: { values: ['tensor', 'text'], types: [] },
  metrics: { values: ['tensor', 'text'], types: ['methods'] },
  probes: { values: ['tensor', 'text'], types: ['methods'] },
  protocol: { values: [], types: ['methods', 'metrics', 'probes', 'text', 'tensor'] },
  share: { values: ['text'], types: ['methods'] },
  engine: { values: CORE, types: [] },
  workers: { values: ['engine', 'protocol'], types: [] },
  state: { values: ['protocol', 'share'], types: CORE.filter((layer) => layer !== 'protocol' && layer !== 'share') },
  views: { values: ['tensor'], types: [] },
  panels: { values: ['state', 'views', 'ui', 'i18n', 'tensor'], types: CORE.filter((layer) => layer !== 'tensor') },
  lessons: { values: [], types: ['state', 'i18n'] },
  app: { values: ['state', 'panels', 'lessons', 'ui', 'i18n', 'protocol'], types: [] },
}

/**
 * @typedef {object} PackageLimit
 * @property {readonly string[]} packages
 * @property {readonly string[]} layers layers that may import them
 * @property {readonly string[]} files single files that may, besides
 */

/** @type {readonly PackageLimit[]} */
export const PACKAGE_LIMITS = [
  { packages: ['onnxruntime-web'], layers: [], files: ['src/engine/runtime/session.ts'] },
  { packages: ['@huggingface/tokenizers', '@huggingface/transformers'], layers: ['engine'], files: [] },
  { packages: ['d3'], layers: ['views'], files: [] },
  { packages: ['zustand'], layers: ['state'], files: [] },
  { packages: ['react', 'react-dom'], layers: ['panels', 'ui', 'app'], files: ['src/main.tsx'] },
  { packages: ['react-aria-components'], layers: ['ui', 'panels'], files: [] },
]

/**
 * Where a layer lives.
 * @param {string} layer
 */
export const folderOf = (layer) => (layer === 'workers' ? 'workers' : `src/${layer}`)
