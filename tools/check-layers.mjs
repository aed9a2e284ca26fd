// check:layers: the layer rules on the real code, and proof that the rules see what they must.
// With --write it brings the two written files up to date with tools/layers/table.mjs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lintLayers } from './layers/lint.mjs'
import { plantedProblems } from './layers/planted.mjs'
import { biomeSettings, typesOnlyPlugin } from './layers/rules.mjs'
import { folderOf, LAYERS } from './layers/table.mjs'

const root = resolve(import.meta.dirname, '..')
const WRITTEN = { 'biome.layers.json': biomeSettings(), 'tools/layers/types-only.grit': typesOnlyPlugin() }

if (process.argv.includes('--write')) for (const [file, text] of Object.entries(WRITTEN)) writeFileSync(join(root, file), text)

const problems = [...staleFiles(), ...unknownFolders(), ...violations(), ...plantedProblems(root)]
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'Layers: no violation, every planted one seen.' : `Layers: ${problems.length} problems.`)
process.exitCode = problems.length === 0 ? 0 : 1

function staleFiles() {
  return Object.entries(WRITTEN)
    .filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text)
    .map(([file]) => `${file} does not say what tools/layers/table.mjs says: run node tools/check-layers.mjs --write`)
}

function unknownFolders() {
  const known = new Set(Object.keys(LAYERS).map(folderOf))
  return readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.has(`src/${entry.name}`))
    .map((entry) => `src/${entry.name} is no layer of tools/layers/table.mjs, so no rule holds for it`)
}

function violations() {
  return lintLayers(
    root,
    root,
    ['src', 'workers'].filter((folder) => existsSync(join(root, folder))),
  ).map(({ file, line, message }) => `${file}:${line} ${message}`)
}
