// npm start. Only checks Node here: the rest is loaded afterwards, since an old Node could not read it.
import { nodeProblem } from './require-node.mjs'

const problem = nodeProblem()
if (problem) {
  console.error(problem)
  process.exitCode = 1
} else {
  import('./start/main.mjs').catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
}
