// From runners' reports to numbers of passed and failed tests.

/** @typedef {{ passed: number, failed: number, note?: string }} Count */
/** @typedef {{ code: number | null, report: unknown }} Ending how a runner ended (null: killed or never started) and its JSON, if any */

/**
 * What a stage adds to the sum.
 * A runner that crashed, left no report or found no test counts as one failure, however well its other tests went.
 * @param {Pick<import('./stages.mjs').Stage, 'kind' | 'mayBeEmpty'>} stage
 * @param {Ending} ending
 * @returns {Count}
 */
export function countStage({ kind, mayBeEmpty = false }, { code, report }) {
  if (kind === 'check')
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, note: code === null ? 'did not end' : `ended with ${code}` }
  const count = kind === 'vitest' ? fromVitest(report) : fromPlaywright(report)
  // A runner with nothing to run may leave no report: that alone is no crash.
  if (count === undefined) {
    return mayBeEmpty && code === 0 ? { passed: 0, failed: 0, note: 'no tests' } : { passed: 0, failed: 1, note: 'crashed: no report' }
  }
  if (count.failed > 0) return count
  if (count.passed === 0 && !mayBeEmpty) return { passed: 0, failed: 1, note: 'no tests' }
  if (code !== 0) return { ...count, failed: 1, note: `crashed: ended with ${code ?? 'a signal'} though no test failed` }
  return count.passed === 0 ? { ...count, note: 'no tests' } : count
}

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

/**
 * @param {unknown} report
 * @returns {Count | undefined}
 */
function fromVitest(report) {
  const passed = numberAt(report, 'numPassedTests')
  const failed = numberAt(report, 'numFailedTests')
  if (passed === undefined || failed === undefined) return undefined
  // A file that cannot be loaded fails without a failed test of its own.
  const files = fieldAt(report, 'testResults')
  const broken = Array.isArray(files) ? files.filter((file) => fieldAt(file, 'status') === 'failed' && !hasFailedTest(file)).length : 0
  return { passed, failed: failed + broken }
}

/** @param {unknown} file */
function hasFailedTest(file) {
  const tests = fieldAt(file, 'assertionResults')
  return Array.isArray(tests) && tests.some((test) => fieldAt(test, 'status') === 'failed')
}

/**
 * @param {unknown} report
 * @returns {Count | undefined}
 */
function fromPlaywright(report) {
  const stats = fieldAt(report, 'stats')
  const expected = numberAt(stats, 'expected')
  const unexpected = numberAt(stats, 'unexpected')
  if (expected === undefined || unexpected === undefined) return undefined
  const flaky = numberAt(stats, 'flaky') ?? 0
  const errors = fieldAt(report, 'errors')
  // Errors outside tests: a file that does not load, a server that does not start. "No tests found" is told by the counts.
  const outside = Array.isArray(errors) ? errors.filter((error) => !/no tests found/i.test(String(fieldAt(error, 'message')))).length : 0
  // One more try is given to journeys through a real browser on a busy machine (playwright.config.ts); the summary tells of it.
  const count = { passed: expected + flaky, failed: unexpected + outside }
  return flaky > 0 ? { ...count, note: `${flaky} passed only when tried again` } : count
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {unknown}
 */
function fieldAt(value, key) {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {number | undefined}
 */
function numberAt(value, key) {
  const field = fieldAt(value, key)
  return typeof field === 'number' ? field : undefined
}
