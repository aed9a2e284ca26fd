// The table of layers, laid out for the features that there are: every place, what it may import, and by which paths.
import { type Arrows, FEATURE_PARTS, LAYERS } from './table.ts'

export interface Place {
  /** Such as `engine` or `features/attention/panel`; others name it in their arrows. */
  readonly name: string
  /** The layer whose packages it may import. */
  readonly like: string
  /** A folder, with `/` at its end, or a single file; from the root of the project. */
  readonly path: string
  /** How others import from it: a pattern of specifiers; null where nobody does. */
  readonly specifiers: string | null
  readonly values: readonly string[]
  readonly types: readonly string[]
  /** Patterns of what it may reach by relative paths outside itself, from the folder that it lies in. */
  readonly near: readonly string[]
}

/** Every place; one that lies in another comes after it. */
export function placesWith(features: readonly string[]): readonly Place[] {
  const layers = Object.entries(LAYERS).map(([name, arrows]): Place => {
    const path = pathOf(name)
    const isFile = !path.endsWith('/')
    return {
      name,
      like: name,
      path,
      specifiers: path.startsWith('src/') ? path.replace('src/', '#').replace(/\/$/, '/**') : null,
      values: [...(name === 'catalogue' ? [] : ['catalogue']), ...spread(arrows.values, features)],
      types: spread(arrows.types, features),
      near: isFile
        ? arrows.values.filter((value) => value.startsWith('features/each/')).map((value) => inFeature(value.replace('features/each', '*')))
        : (NEAR[name] ?? []),
    }
  })
  return [
    ...layers,
    ...features.flatMap((feature) => Object.entries(FEATURE_PARTS).map(([part, arrows]) => partPlace(feature, part, arrows, features))),
  ]
}

/** The command uses what other tools do. */
const NEAR: Readonly<Record<string, readonly string[]>> = { explain: ['*.ts'] }

function pathOf(layer: string): string {
  if (layer.startsWith('features/')) return `src/${layer}.ts`
  if (layer === 'explain') return 'tools/explain/'
  return layer === 'workers' ? 'workers/' : `src/${layer}/`
}

function partPlace(feature: string, part: string, arrows: Arrows & { readonly like: string | null }, features: readonly string[]): Place {
  const name = `features/${feature}/${part}`
  const inherited = arrows.like === null ? { values: [], types: [] } : LAYERS[arrows.like]
  if (!inherited) throw new Error(`The table of layers has no ${arrows.like}.`)
  const values = spread([...inherited.values, ...arrows.values], features, feature)
  const own = [...values, ...arrows.types].filter((value) => value.startsWith(`features/${feature}/`))
  return {
    name,
    like: arrows.like ?? name,
    path: `src/features/${inFeature(`${feature}/${part}`).replace(/\*\*$/, '')}`,
    specifiers: `#features/${inFeature(`${feature}/${part}`)}`,
    values: ['catalogue', ...values],
    types: spread([...inherited.types, ...arrows.types], features, feature).filter((type) => type !== name && !values.includes(type)),
    near: own.map((value) => inFeature(value.split('/').at(-1) ?? '')),
  }
}

/** `attention/state` -> `attention/state/**`; `attention/api` -> `attention/api.ts`, which is the one file. */
const inFeature = (path: string): string => (path.endsWith('api') ? `${path}.ts` : `${path}/**`)

/** Names with the features put in. */
function spread(names: readonly string[], features: readonly string[], feature?: string): readonly string[] {
  return names.flatMap((name) => {
    if (name.startsWith('features/each/')) return features.map((each) => name.replace('each', each))
    return feature === undefined ? [name] : [name.replace(/^own/, `features/${feature}`)]
  })
}

/** How many folders below a place the rules reach. */
const DEPTH = 2

export interface PlaceFiles {
  /** Patterns of files from the root of the project. */
  readonly includes: readonly string[]
  /** Patterns of relative paths that lead out of the place. */
  readonly climbing: readonly string[]
}

/** The files of a place by their depth in it, since that says where a relative path leads. */
export function filesByDepth({ path, near }: Place): readonly PlaceFiles[] {
  if (!path.endsWith('/'))
    return [{ includes: [path], climbing: ['../**', './../**', './*/**', ...near.map((pattern) => `!./${pattern}`)] }]
  return Array.from({ length: DEPTH + 1 }, (_, depth) => {
    const up = '../'.repeat(depth + 1)
    return { includes: [`${path}${'*/'.repeat(depth)}*`], climbing: [`${up}**`, `./${up}**`, ...near.map((pattern) => `!${up}${pattern}`)] }
  })
}

/** Whether the rules of a place hold for a file. */
export function isCovered({ path }: Place, file: string): boolean {
  if (!path.endsWith('/')) return file === path
  return file.startsWith(path) && file.slice(path.length).split('/').length <= DEPTH + 1
}
