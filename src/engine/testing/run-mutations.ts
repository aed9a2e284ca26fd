// node tools/run-ts.mjs src/engine/testing/run-mutations.ts <first> <count>: what became of damaged files, as JSON. In a process of its own:
// the tokenizer library does not survive more than about 47 files that it cannot read.

import { mutationOutcomes } from './mutations.ts'

const [first = 0, count = 0] = process.argv.slice(2).map(Number)
const outcomes = await mutationOutcomes(Array.from({ length: count }, (_, at) => first + at))
console.log(
  JSON.stringify(outcomes.map(({ change, refused, untyped }) => ({ change, refused, untyped: untyped === null ? null : String(untyped) }))),
)
