// Computes the runs that the page shows before its model has arrived, with the real engine, and writes them to
// public/snapshots: node tools/run-ts.mjs tools/make-snapshot.ts

import { mkdirSync, writeFileSync } from 'node:fs'
import { encodeSnapshot, SNAPSHOT_LIMIT_BYTES } from '#engine/model/snapshot'
import { DEFAULT_TEXT } from '#share/settings'
import { EXAMPLES } from '../src/catalogue/examples.ts'
import { openModelFolder } from './model-folder.ts'

const OUT = 'public/snapshots'

const { model, fingerprint, name } = await openModelFolder('public/models/minilm-sst2')
// The greeting, and what the first example compares it with.
const texts = [DEFAULT_TEXT, ...EXAMPLES.classifier.filter(({ a }) => a === DEFAULT_TEXT).flatMap(({ b }) => b ?? [])]
const runs = []
for (const text of texts) {
  const { prediction, ...run } = await model.run(model.tokenizer.encode(text))
  if (prediction.kind !== 'classes') throw new Error('only a classifier has a snapshot')
  runs.push({ input: { text, edits: [] }, run: { ...run, prediction } })
}

const bytes = encodeSnapshot({ model: fingerprint, runs })
if (bytes.length > SNAPSHOT_LIMIT_BYTES) throw new Error(`the snapshot has ${bytes.length} bytes, more than ${SNAPSHOT_LIMIT_BYTES}`)
mkdirSync(OUT, { recursive: true })
writeFileSync(`${OUT}/${name}.bin`, bytes)
console.log(`${OUT}/${name}.bin: ${runs.length} runs, ${bytes.length} bytes`)
