// Writes the table of layers as Biome settings: an override a folder, and one Grit plugin for "types only".
import { TYPES_ONLY_MESSAGE } from './lint.mjs'
import { folderOf, LAYERS, PACKAGE_LIMITS } from './table.mjs'

// Tests may reach across layers: they build what they check from several.
const NOT_TESTS = ['!**/*.test.ts', '!**/*.test.tsx']

/**
 * The text of biome.layers.json.
 * @returns {string}
 */
export function biomeSettings() {
  const layers = Object.keys(LAYERS).map((layer) => ({
    includes: [`${folderOf(layer)}/**`, ...NOT_TESTS],
    linter: restrict([...layerPatterns(layer), ...packagePatterns((limit) => limit.layers.includes(layer))]),
  }))
  const files = [...new Set(PACKAGE_LIMITS.flatMap((limit) => limit.files))].map((file) => {
    const layer = Object.keys(LAYERS).find((name) => file.startsWith(`${folderOf(name)}/`))
    const allowed = packagePatterns((limit) => limit.files.includes(file) || (layer !== undefined && limit.layers.includes(layer)))
    return { includes: [file], linter: restrict([...(layer === undefined ? [] : layerPatterns(layer)), ...allowed]) }
  })
  const typesOnly = { includes: ['src/**', ...NOT_TESTS], plugins: ['./tools/layers/types-only.grit'] }
  return `${JSON.stringify({ overrides: [...layers, ...files, typesOnly] }, undefined, 2)}\n`
}

/**
 * The text of types-only.grit.
 * @returns {string}
 */
export function typesOnlyPlugin() {
  const arrows = Object.entries(LAYERS).filter(([, layer]) => layer.types.length > 0)
  const clauses = arrows.map(
    ([name, layer]) => `    and { $filename <: r".*/${folderOf(name)}/.*", $source <: r"[\\"']#(?:${layer.types.join('|')})/.*" }`,
  )
  return `// Written by tools/check-layers.mjs --write from tools/layers/table.mjs.
engine biome(1.0)
language js(typescript)

or {
  \`import { $names } from $source\`,
  \`import * as $names from $source\`,
  \`import $names from $source\`,
  \`export { $names } from $source\`,
  \`export * from $source\`
} as $statement where {
  not $statement <: r"(?:import|export)\\s+type\\s[\\s\\S]*",
  or {
${clauses.join(',\n')}
  },
  register_diagnostic(span = $statement, message = "${TYPES_ONLY_MESSAGE}")
}
`
}

/** @param {readonly object[]} patterns */
function restrict(patterns) {
  return { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } }
}

/** @param {string} layer */
function layerPatterns(layer) {
  const { values, types } = /** @type {import('./table.mjs').Layer} */ (LAYERS[layer])
  const others = Object.keys(LAYERS).filter((name) => name !== layer)
  const allowed = [layer, ...values, ...types]
  const list = [...values, ...types.map((name) => `types of ${name}`)].join(', ') || 'nothing of ours'
  return [
    { group: ['#*/**', ...allowed.map((name) => `!#${name}/**`)], message: `${layer} may import ${list}.` },
    { group: others.map((name) => `**/../${name}/**`), message: 'Another layer is imported as #layer/..., never by a relative path.' },
  ]
}

/** @param {(limit: import('./table.mjs').PackageLimit) => boolean} isAllowed */
function packagePatterns(isAllowed) {
  return PACKAGE_LIMITS.filter((limit) => !isAllowed(limit)).map(({ packages, layers, files }) => ({
    group: packages.flatMap((name) => [name, `${name}/**`]),
    message: `${packages.join(' and ')}: only in ${[...layers.map(folderOf), ...files].join(', ')}.`,
  }))
}
