// Proof that the layer rules see something: violations planted in a copy of the project must all be reported, and nothing else.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { lintLayers } from './lint.mjs'
import { biomeSettings, typesOnlyPlugin } from './rules.mjs'
import { folderOf, LAYERS, PACKAGE_LIMITS } from './table.mjs'

const MARK = /\/\/ planted: (\S+)/

/** @typedef {Record<string, string>} Files path -> text; a line that breaks a rule ends in `// planted: <rule>` */

/**
 * What the rules got wrong on the planted files: each is a sentence; none when they see exactly what they must.
 * @param {string} root the project
 * @returns {string[]}
 */
export function plantedProblems(root) {
  const copy = mkdtempSync(join(tmpdir(), 'innerscope-planted-'))
  try {
    const files = { ...readTree(join(root, 'tools/planted')), ...everyPair(), ...everyPackage() }
    plant(root, copy, files)
    return compare(expected(files), new Set(lintLayers(root, copy, ['.']).map(({ file, line, rule }) => `${file}:${line} ${rule}`)))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/**
 * @param {ReadonlySet<string>} planted
 * @param {ReadonlySet<string>} reported
 * @returns {string[]}
 */
export function compare(planted, reported) {
  if (planted.size === 0) return ['There is no planted violation.']
  const missed = [...planted].filter((place) => !reported.has(place)).map((place) => `planted, but not reported: ${place}`)
  const extra = [...reported].filter((place) => !planted.has(place)).map((place) => `reported, but allowed: ${place}`)
  return [...missed, ...extra]
}

/**
 * Places of the marked lines, as `file:line rule`.
 * @param {Files} files
 */
export function expected(files) {
  const places = Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const rule = MARK.exec(line)?.[1]
      return rule === undefined ? [] : [`${file}:${index + 1} ${rule}`]
    }),
  )
  return new Set(places)
}

/**
 * Every layer imports a value and a type from every other one.
 * @returns {Files}
 */
function everyPair() {
  /** @type {Files} */
  const files = {}
  for (const [from, { values, types }] of Object.entries(LAYERS)) {
    for (const to of Object.keys(LAYERS)) {
      if (to === from) continue
      const may = [...values, ...types].includes(to)
      const value = values.includes(to) ? '' : ` // planted: ${may ? 'types-only' : 'layer'}`
      const type = may ? '' : ' // planted: layer'
      files[`${folderOf(from)}/pair-${to}.ts`] =
        `import { value } from '#${to}/thing'${value}\nimport type { Type } from '#${to}/thing'${type}\nexport const got: Type = value\n`
    }
  }
  return files
}

/**
 * Every layer imports every limited package and a path below it.
 * @returns {Files}
 */
function everyPackage() {
  /** @type {Files} */
  const files = {}
  for (const { packages, layers, files: allowed } of PACKAGE_LIMITS) {
    for (const name of packages) {
      const slug = name.replace(/\W+/g, '-')
      for (const layer of Object.keys(LAYERS)) {
        files[`${folderOf(layer)}/package-${slug}.ts`] = importing(name, layers.includes(layer))
      }
      for (const file of allowed) files[file] = (files[file] ?? '') + importing(name, true)
    }
  }
  return files
}

/**
 * @param {string} name
 * @param {boolean} allowed
 */
function importing(name, allowed) {
  const mark = allowed ? '' : ' // planted: layer'
  return `import '${name}'${mark}\nimport '${name}/below'${mark}\n`
}

/**
 * @param {string} root
 * @param {string} copy
 * @param {Files} files
 */
function plant(root, copy, files) {
  const settings = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  delete settings.vcs
  delete settings.plugins
  settings.files = { includes: ['**'] }
  const all = {
    ...files,
    'biome.json': JSON.stringify(settings),
    'biome.layers.json': biomeSettings(),
    'tools/layers/types-only.grit': typesOnlyPlugin(),
  }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    writeFileSync(join(copy, file), text)
  }
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
}

/**
 * @param {string} folder
 * @returns {Files}
 */
function readTree(folder) {
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
