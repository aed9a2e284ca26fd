// Writes the table of layers as Biome settings: an override a place and depth, and one Grit plugin for "types only".
import { filesByDepth, type Place, placesWith } from './places.ts'
import { PACKAGE_LIMITS, type PackageLimit } from './table.ts'

const TYPES_ONLY_MESSAGE = 'This layer may import only types from there: write import type.'

/** The plugin's file, beside the settings. */
export const TYPES_ONLY_FILE = 'types-only.grit'

// Tests and what is made for them may reach across layers: they build what they check from several.
const NOT_TESTS = ['!**/*.test.ts', '!**/*.test.tsx', '!**/*.fixture.ts', '!src/**/testing/**']

/**
 * The text of a biome.json that checks the layers and nothing else.
 * @param features names of the folders in src/features
 */
export function biomeSettings(features: readonly string[]): string {
  const places = placesWith(features)
  const overrides = places.flatMap((place) =>
    filesByDepth(place).map(({ includes, climbing }) => ({
      includes: [...includes, ...NOT_TESTS],
      linter: restrict([...arrowPatterns(place, climbing, places), ...packagePatterns(({ layers }) => layers.includes(place.like))]),
    })),
  )
  // A single file that may import a limited package.
  const files = [...new Set(PACKAGE_LIMITS.flatMap((limit) => limit.files))].map((file) => {
    const place = places.findLast(({ path }) => file.startsWith(path))
    const climbing = place ? filesByDepth(place)[file.slice(place.path.length).split('/').length - 1]?.climbing : undefined
    const isAllowed = (limit: PackageLimit): boolean =>
      limit.files.includes(file) || (place !== undefined && limit.layers.includes(place.like))
    return {
      includes: [file],
      linter: restrict([...(place && climbing ? arrowPatterns(place, climbing, places) : []), ...packagePatterns(isAllowed)]),
    }
  })
  const settings = {
    root: true,
    formatter: { enabled: false },
    assist: { enabled: false },
    linter: { rules: { preset: 'none', suspicious: { noImportCycles: { level: 'error', options: { ignoreTypes: false } } } } },
    overrides: [...overrides, ...files, { includes: ['**', ...NOT_TESTS], plugins: [`./${TYPES_ONLY_FILE}`] }],
  }
  return `${JSON.stringify(settings, undefined, 2)}\n`
}

/** The text of the plugin that finds values imported where only types may be. */
export function typesOnlyPlugin(features: readonly string[]): string {
  const places = placesWith(features)
  const clauses = places
    .filter(({ types }) => types.length > 0)
    .map(({ path, types }) => {
      const sources = types.flatMap((name) => placeOf(places, name).specifiers ?? [])
      return `    and { $filename <: r".*/${regexOf(path)}${path.endsWith('/') ? '.*' : ''}", $source <: r"[\\"'](?:${sources.map(regexOf).join('|')})[\\"']" }`
    })
  return `engine biome(1.0)
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

/** A regular expression for a path whose end may be `**`. */
const regexOf = (path: string): string => path.replace(/\./g, '\\.').replace(/\*\*$/, '.*')

function restrict(patterns: readonly object[]): object {
  return { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } }
}

function arrowPatterns({ name, values, types }: Place, climbing: readonly string[], places: readonly Place[]): readonly object[] {
  const allowed = [name, ...values, ...types].flatMap((other) => placeOf(places, other).specifiers ?? [])
  const list = [...values, ...types.map((type) => `types of ${type}`)].join(', ') || 'nothing of ours'
  return [
    { group: ['#*/**', ...allowed.map((specifier) => `!${specifier}`)], message: `${name} may import ${list}.` },
    { group: ['**/*.fixture', '**/*.fixture.ts', '**/testing/**'], message: 'Only tests import what is made for them.' },
    { group: climbing, message: `This path leads out of ${name}: other places are imported as #place/...` },
  ]
}

function placeOf(places: readonly Place[], name: string): Place {
  const place = places.find((candidate) => candidate.name === name)
  if (!place) throw new Error(`The table of layers names ${name}, which is no place.`)
  return place
}

function packagePatterns(isAllowed: (limit: PackageLimit) => boolean): readonly object[] {
  return PACKAGE_LIMITS.filter((limit) => !isAllowed(limit)).map(({ packages, layers, files }) => ({
    group: packages.flatMap((name) => [name, `${name}/**`]),
    message: `${packages.join(' and ')}: only in ${[...layers, ...files].join(', ')}.`,
  }))
}
