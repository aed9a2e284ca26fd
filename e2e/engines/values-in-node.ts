// What the page's own engine answers in Node, where no browser has a hand in it: what every engine of a browser must answer too.
// node tools/run-ts.mjs e2e/engines/values-in-node.ts "<text>" <method>… prints a JSON list of a value a token for each method: of the
// answer of the page's first model, with the options that the page has at first.
import { folderPlace } from '../../tools/explain/model-place.ts'
import { openEngine } from '../../tools/explain/open-engine.ts'
import { parseQuestion } from '../../tools/explain/question.ts'
import { runMethod } from '../../tools/explain/run-method.ts'

const [text = '', ...methods] = process.argv.slice(2)
const place = folderPlace('public/models/minilm-sst2', [])
const opened = await openEngine(place, place.graphs[0] ?? '', true, 'auto')
const found: (readonly number[])[] = []
for (const method of methods) {
  const question = parseQuestion({ text, method })
  if (question?.kind !== 'method') throw new Error(`${method} is no method`)
  found.push((await runMethod(opened, text, null, question)).values)
}
console.log(JSON.stringify(found))
await opened.release()
