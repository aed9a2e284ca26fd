// The engine without a page: npm run explain -- --model <folder> --text "..." (see docs/command.md)

import { parseExplainArguments, USAGE } from './explain/arguments.ts'
import { explain } from './explain/explain.ts'
import { UsageError } from './explain/options.ts'

const typed = process.argv.slice(2)
if (typed.includes('--help') || typed.includes('-h')) process.stdout.write(`${USAGE}\n`)
else {
  try {
    process.exitCode = await explain(parseExplainArguments(typed), {
      out: (line) => void process.stdout.write(`${line}\n`),
      err: (line) => void process.stderr.write(`${line}\n`),
    })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message}\n${USAGE}\n`)
    process.exitCode = 2
  }
}
