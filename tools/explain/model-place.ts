// Where the headless command finds a model: a folder of this machine, or a hub.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, posix, relative, resolve, sep } from 'node:path'
import { EngineError } from '#engine/error'

/** The bytes of a file of the model, by its path with `/`; undefined where there is none. */
export type ReadFile = (path: string) => Uint8Array | undefined

export interface ModelPlace {
  readonly name: string
  /** Paths of the graphs that are asked for. */
  readonly graphs: readonly string[]
  /** Makes a graph ready to be read, with all that belongs to it. @throws EngineError */
  open(graph: string): Promise<ReadFile>
}

/**
 * A folder in hub layout.
 * @param patterns of graphs below it; none for the only one that it has
 * @throws EngineError `file-missing`
 */
export function folderPlace(folder: string, patterns: readonly string[]): ModelPlace {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw noFolder(folder)
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.onnx'))
    .sort()
  return {
    name: basename(resolve(folder)),
    graphs: chosenGraphs(folder, all, patterns, (pattern) => {
      const path = relative(folder, resolve(folder, pattern)).split(sep).join('/')
      return existsSync(join(folder, path)) ? path : null
    }),
    open: async () => fileReader(folder),
  }
}

/** A folder that may hold no graph. @throws EngineError `file-missing` */
export function tokenizerFolder(folder: string): ModelPlace {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw noFolder(folder)
  return { name: basename(resolve(folder)), graphs: [], open: async () => fileReader(folder) }
}

function noFolder(folder: string): EngineError {
  return new EngineError('file-missing', `There is no folder ${folder}.`, { path: folder })
}

/** Files below a folder, and none beside it. */
function fileReader(folder: string): ReadFile {
  return (path) => {
    const place = resolve(folder, path)
    if (relative(resolve(folder), place).startsWith('..') || !existsSync(place)) return undefined
    return new Uint8Array(readFileSync(place))
  }
}

/**
 * The graphs that some patterns name.
 * @param all paths of all graphs
 * @param exact the path of a file that is called so, whatever its ending; null for none
 * @param preferred what is taken where there are several and none is named
 * @throws EngineError `file-missing`
 */
export function chosenGraphs(
  place: string,
  all: readonly string[],
  patterns: readonly string[],
  exact: (pattern: string) => string | null,
  preferred: string | null = null,
): readonly string[] {
  if (patterns.length === 0) {
    const only = preferred ?? (all.length === 1 ? all[0] : undefined)
    if (only !== undefined) return [only]
    throw new EngineError('file-missing', `${place} has ${all.length} ONNX files: name one with --file.`, { path: place })
  }
  return patterns.flatMap((pattern) => {
    const path = exact(pattern)
    if (path !== null) return [path]
    const found = all.filter((candidate) => globOf(pattern.replace(/^\.\//, '')).test(candidate))
    if (found.length === 0) throw new EngineError('file-missing', `${place} has no file ${pattern}.`, { path: pattern })
    return found
  })
}

/** `*` and `?` stay within a folder, `**` goes through them. */
function globOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*|\?)/).map((part) => {
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : part.replace(/[\\^$.|+()[\]{}]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}

/** A second file of the model, which must lie in its folder. */
export function besides(read: ReadFile, file: string, location: string): Uint8Array | undefined {
  const inside = posix.normalize(location)
  return inside.startsWith('..') ? undefined : read(posix.join(posix.dirname(file), inside))
}

/** A JSON file at the top or, where that has none, in the graph's folder or the nearest above it. @throws EngineError `bad-config` */
export function readJson(read: ReadFile, graph: string, name: string): object | null {
  let bytes = read(name)
  for (let folder = posix.dirname(graph); !bytes && folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
    bytes = read(posix.join(folder, name))
  }
  if (!bytes) return null
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below, in one sentence for both.
  }
  throw new EngineError('bad-config', `${name} is not a JSON object.`, { file: name })
}
