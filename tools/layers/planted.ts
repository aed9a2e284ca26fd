// Proof that the layer rules see something: violations planted in an empty project must all be reported, and nothing else.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { lintLayers } from './lint.ts'
import { type Place, placesWith } from './places.ts'
import { PACKAGE_LIMITS } from './table.ts'

const MARK = /\/\/ planted: (\S+)/

/** The features of the planted project. */
const FEATURES = ['alpha', 'beta']

/** Path -> text; a line that breaks a rule ends in `// planted: <rule>`. */
type Files = Readonly<Record<string, string>>

/**
 * What the rules got wrong on the planted files: each is a sentence; none when they see exactly what they must.
 * @param root the project
 */
export function plantedProblems(root: string): readonly string[] {
  const copy = mkdtempSync(join(tmpdir(), 'innerscope-planted-'))
  try {
    const files = together(readTree(join(root, 'tools/planted')), everyPair(), everyPackage())
    plant(root, copy, files)
    const found = lintLayers(root, copy, ['src', 'workers', 'tools'], FEATURES)
    return compare(expected(files), new Set(found.map(({ file, line, rule }) => `${file}:${line} ${rule}`)))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

export function compare(planted: ReadonlySet<string>, reported: ReadonlySet<string>): readonly string[] {
  if (planted.size === 0) return ['There is no planted violation.']
  const missed = [...planted].filter((place) => !reported.has(place)).map((place) => `planted, but not reported: ${place}`)
  const extra = [...reported].filter((place) => !planted.has(place)).map((place) => `reported, but allowed: ${place}`)
  return [...missed, ...extra]
}

/** Places of the marked lines, as `file:line rule`. */
export function expected(files: Files): ReadonlySet<string> {
  const places = Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const rule = MARK.exec(line)?.[1]
      return rule === undefined ? [] : [`${file}:${index + 1} ${rule}`]
    }),
  )
  return new Set(places)
}

/** Every place imports a value and a type from every other one. */
function everyPair(): Files {
  const places = placesWith(FEATURES)
  return together(
    ...places.flatMap((from) =>
      places.flatMap((to): readonly Files[] => {
        if (to === from || to.specifiers === null || isInside(to, from)) return []
        const may = [...from.values, ...from.types].includes(to.name)
        const value = from.values.includes(to.name) ? '' : ` // planted: ${may ? 'types-only' : 'layer'}`
        const type = may ? '' : ' // planted: layer'
        const source = to.specifiers.replace('**', 'thing')
        const text = `import { value } from '${source}'${value}\nimport type { Type } from '${source}'${type}\nexport const got: Type = value\n`
        return [{ [fileIn(from, `pair-${to.name.replace(/\W+/g, '-')}.ts`)]: text }]
      }),
    ),
  )
}

/** Every place imports every limited package and a path below it. */
function everyPackage(): Files {
  const places = placesWith(FEATURES)
  return together(
    ...PACKAGE_LIMITS.flatMap(({ packages, layers, files }) =>
      packages.flatMap((name) => [
        ...places.map((place) => ({
          [fileIn(place, `package-${name.replace(/\W+/g, '-')}.ts`)]: importing(name, layers.includes(place.like)),
        })),
        ...files.map((file) => ({ [file]: importing(name, true) })),
      ]),
    ),
  )
}

/** Whether a place lies in another one, whose files it may be taken for. */
const isInside = (inner: Place, outer: Place): boolean => inner.name.startsWith(`${outer.name}/`)

/** A file of the place that may be called as wanted, or is the place's only one. */
const fileIn = ({ path }: Place, name: string): string => (path.endsWith('/') ? `${path}${name}` : path)

function importing(name: string, allowed: boolean): string {
  const mark = allowed ? '' : ' // planted: layer'
  return `import '${name}'${mark}\nimport '${name}/below'${mark}\n`
}

/** One set of files; texts of the same file follow each other. */
function together(...sets: readonly Files[]): Files {
  const all: Record<string, string> = {}
  for (const files of sets) for (const [file, text] of Object.entries(files)) all[file] = (all[file] ?? '') + text
  return all
}

function plant(root: string, copy: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    writeFileSync(join(copy, file), text)
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  // Among single files that import each other by machine, every line would be part of a cycle.
  delete manifest.imports['#features/*']
  writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest))
}

function readTree(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.tsx?$/.test(entry.name),
  )
  return Object.fromEntries(
    paths.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')]
    }),
  )
}
