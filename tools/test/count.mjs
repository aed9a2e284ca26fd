// Numbers of passed and failed tests, added up and said. It runs before anything is installed.

/** @typedef {{ passed: number, failed: number, note?: string }} Count */

/**
 * @param {readonly Count[]} counts
 * @returns {{ passed: number, failed: number }}
 */
export function addUp(counts) {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  }
}

/**
 * The line that ends every test command.
 * @param {{ passed: number, failed: number }} sum
 */
export const lastLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`

/**
 * The sum that a command's output ends with; undefined when it does not.
 * @param {string} output
 * @returns {{ passed: number, failed: number } | undefined}
 */
export function readLastLine(output) {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1)?.trim() ?? '') ?? []
  return passed === undefined || failed === undefined ? undefined : { passed: Number(passed), failed: Number(failed) }
}
