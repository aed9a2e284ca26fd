// check:layers: the layer rules on the real code, and proof that the rules see what they must.
import { readdirSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { lintLayers } from './layers/lint.ts'
import { isCovered, placesWith } from './layers/places.ts'
import { plantedProblems } from './layers/planted.ts'

const root = resolve(import.meta.dirname, '..')
const features = readdirSync(join(root, 'src/features'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

const violations = lintLayers(root, root, ['src', 'workers', 'tools/explain', 'tools/explain.ts'], features)
const problems = [
  ...outsidePlaces(),
  ...violations.map(({ file, line, message }) => `${file}:${line} ${message}`),
  ...plantedProblems(root),
]
for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'Layers: no violation, every planted one seen.' : `Layers: ${problems.length} problems.`)
process.exitCode = problems.length === 0 ? 0 : 1

/** Code for which no rule holds. */
function outsidePlaces(): readonly string[] {
  const places = placesWith(features)
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((path) => `src/${path.split(sep).join('/')}`)
  // What stands beside the folders of src is no layer: the entries of the page and of the service worker.
  return files
    .filter((file) => /\/.*\/.*(?<!\.test|\.fixture)\.tsx?$/.test(file) && !places.some((place) => isCovered(place, file)))
    .map((file) => `${file} is in no place of tools/layers/table.ts, or too deep in one, so no rule holds for it`)
}
