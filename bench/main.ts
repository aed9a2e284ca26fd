// npm run bench: measures everything in one run and prints a Markdown table. Targets that are missed are printed as missed.
// npm run bench -- [--quick] [--write] [--only PART,PART…] [--peers DIR] [--python PATH]
// Parts: forward, typing, answering, size, drawing, surgery, taps, memory, load, generation, gradients, perturbation. The last two run in Node, and beside
// Captum, SHAP and LIME where --python names a Python that has them (torch, transformers, captum, shap, lime, onnx).
// --write puts the table into docs/measures.md. --peers (or INNERSCOPE_PEERS): the folder in which bertviz_render lies.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ATTRIBUTION_METHODS } from '#catalogue/attribution-methods'
import { EMBEDDED } from '#share/model-ref'
import { serve } from '../tools/server/serve.ts'
import { measureAnswering } from './answering.ts'
import { openBertViz } from './bertviz.ts'
import { startBrowser } from './browser.ts'
import { buildSite, SITE } from './build-site.ts'
import { measureDrawing } from './drawing.ts'
import { measureForward } from './forward.ts'
import { measureGeneration } from './generation.ts'
import { measureGradients } from './gradients.ts'
import { measureLoads } from './load.ts'
import { describeMachine } from './machine.ts'
import { replaceTable } from './measures-file.ts'
import { measureMemory } from './memory.ts'
import { measurePerturbation } from './perturbation.ts'
import { PLANS } from './plans.ts'
import { openPython } from './python.ts'
import { makeReport, markdown } from './report.ts'
import { measureSizes } from './size.ts'
import { measureSurgery } from './surgery.ts'
import { measureTaps } from './taps.ts'
import { measureTyping } from './typing.ts'
import { listVariants } from './variants.ts'

const PARTS = [
  'forward',
  'typing',
  'answering',
  'size',
  'drawing',
  'surgery',
  'taps',
  'memory',
  'load',
  'generation',
  'gradients',
  'perturbation',
] as const
const CLASSIFIER = 'public/models/minilm-sst2'
const LANGUAGE_MODEL = 'smollm2-135m-instruct'
const SENTENCES = 'bench/sentences.json'
/** A fast typist: 80 words a minute. */
const PACE_MS = 150

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: PARTS.join() },
    peers: { type: 'string' },
    python: { type: 'string' },
  },
})
const asked = values.only.split(',')
const unknown = asked.find((part) => !PARTS.some((known) => known === part))
if (unknown !== undefined) throw new Error(`--only takes ${PARTS.join(', ')}; not ${unknown}`)
const wants = (part: (typeof PARTS)[number]): boolean => asked.includes(part)

const began = performance.now()
const say = (what: string): void => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`)
const part = async <Result>(name: (typeof PARTS)[number], measure: () => Promise<Result>): Promise<Result | undefined> => {
  if (!wants(name)) return undefined
  say(name)
  return measure()
}
const machine = describeMachine()
const plan = values.quick ? PLANS.quick : PLANS.full
const texts = readSentences()

say('building')
await buildSite()
const isolated = await serve({ dir: SITE, port: 0 })
const plain = await serve({ dir: SITE, port: 0, isolation: false })
const { browser, executable } = await startBrowser()
try {
  const bertviz = wants('drawing')
    ? await openBertViz({
        peers: values.peers ?? process.env.INNERSCOPE_PEERS ?? null,
        python: values.python ?? null,
        model: 'public/models/minilm-sst2',
        sentences: SENTENCES,
        chromium: executable,
      })
    : null
  const forward = await part('forward', () => measureForward(browser, isolated.url, { texts, ...plan.forward }))
  const typing = await part('typing', () => measureTyping(browser, plain.url, { ...plan.typing, pace: PACE_MS }))
  const answering = await part('answering', () =>
    measureAnswering(browser, plain.url, ATTRIBUTION_METHODS, { ...plan.answering, pace: PACE_MS }),
  )
  const drawing = await part('drawing', () =>
    measureDrawing(browser, isolated.url, { tokens: [16, 64, 128, 512], ...plan.drawing }, bertviz),
  )
  const load = await part('load', () => measureLoads(executable, isolated.url, EMBEDDED, plan.load.rounds))
  const memory = await part('memory', () => measureMemory(browser, plain.url, listVariants(SITE), plan.memory.rounds))
  const surgery = await part('surgery', () => measureSurgery(browser, isolated.url, EMBEDDED, plan.surgery.rounds))
  const taps = await part('taps', () => measureTaps(browser, isolated.url, listVariants(SITE), { text: longText(), ...plan.taps }))
  const generation = await part('generation', () =>
    measureGeneration(browser, isolated.url, { id: LANGUAGE_MODEL, text: longText(), ...plan.generation }),
  )
  const gradients = await part('gradients', async () => {
    const captum = await openPython(values.python ?? null, 'bench/python/integrated_gradients.py', CLASSIFIER)
    try {
      return await measureGradients(EMBEDDED, captum, { texts, ...plan.gradients })
    } finally {
      captum?.close()
    }
  })
  const perturbation = await part('perturbation', async () => {
    const python = await openPython(values.python ?? null, 'bench/python/perturbation.py', CLASSIFIER)
    try {
      return await measurePerturbation(python, { texts, ...plan.perturbation })
    } finally {
      python?.close()
    }
  })
  const sizes = await part('size', async () => measureSizes(SITE))
  say('done')

  const facts = { ...machine, chromium: browser.version(), bertviz: bertviz?.version ?? null }
  const report = makeReport(facts, values.quick, {
    forward,
    typing,
    answering,
    sizes,
    drawing,
    load,
    memory,
    surgery,
    taps,
    generation,
    gradients,
    perturbation,
  })
  const text = markdown(report)
  mkdirSync('bench/out', { recursive: true })
  writeFileSync('bench/out/results.json', `${JSON.stringify(report, null, 1)}\n`)
  if (values.write) {
    writeFileSync('docs/measures.md', replaceTable(readFileSync('docs/measures.md', 'utf8'), text))
    // Tables as check:lint wants them.
    execFileSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', 'docs/measures.md'], { stdio: 'ignore' })
  }
  console.log(`\n${text}`)
} finally {
  await browser.close()
  await Promise.all([isolated.close(), plain.close()])
}

/** Texts by their number of tokens. */
function readSentences(): Readonly<Record<string, string>> {
  const { timing } = JSON.parse(readFileSync(SENTENCES, 'utf8')) as { readonly timing: Readonly<Record<string, string>> }
  return timing
}

/** The longest text again and again: longer than the longest input. */
function longText(): string {
  return Array.from({ length: 6 }, () => Object.values(texts).at(-1)).join(' ')
}
