// From runners' reports to numbers of passed and failed tests, and to what failed.

import type { Count } from './count.mjs'
import type { Stage } from './stages.ts'

/** How a runner ended (null: killed or never started), and its JSON, if any. */
export interface Ending {
  readonly code: number | null
  readonly report: unknown
}

/**
 * What a stage adds to the sum.
 * A runner that crashed, left no report or found no test counts as one failure, however well its other tests went.
 */
export function countStage({ kind, mayBeEmpty = false }: Pick<Stage, 'kind' | 'mayBeEmpty'>, { code, report }: Ending): Count {
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

function fromVitest(report: unknown): Count | undefined {
  const passed = numberAt(report, 'numPassedTests')
  const failed = numberAt(report, 'numFailedTests')
  if (passed === undefined || failed === undefined) return undefined
  // A file that cannot be loaded fails without a failed test of its own.
  const files = fieldAt(report, 'testResults')
  const broken = Array.isArray(files) ? files.filter((file) => fieldAt(file, 'status') === 'failed' && !hasFailedTest(file)).length : 0
  return { passed, failed: failed + broken }
}

function hasFailedTest(file: unknown): boolean {
  const tests = fieldAt(file, 'assertionResults')
  return Array.isArray(tests) && tests.some((test) => fieldAt(test, 'status') === 'failed')
}

function fromPlaywright(report: unknown): Count | undefined {
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

function fieldAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function numberAt(value: unknown, key: string): number | undefined {
  const field = fieldAt(value, key)
  return typeof field === 'number' ? field : undefined
}

/** Each test that failed, also one that passed when tried again, and what it said: a line or two each. */
export function faultsOf(report: unknown): readonly string[] {
  return [...vitestFaults(report), ...listAt(report, 'suites').flatMap((suite) => playwrightFaults(suite, ''))].slice(0, MOST_FAULTS)
}

const MOST_FAULTS = 12
const LONGEST = 300
/** Colours of a terminal. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g')

function vitestFaults(report: unknown): readonly string[] {
  return listAt(report, 'testResults').flatMap((file) =>
    listAt(file, 'assertionResults')
      .filter((test) => fieldAt(test, 'status') === 'failed')
      .map((test) => fault(String(fieldAt(test, 'fullName')), listAt(test, 'failureMessages')[0])),
  )
}

function playwrightFaults(suite: unknown, path: string): readonly string[] {
  const name = `${path}${String(fieldAt(suite, 'title'))} › `
  const own = listAt(suite, 'specs').flatMap((spec) =>
    listAt(spec, 'tests').flatMap((test) =>
      listAt(test, 'results').flatMap((result) => {
        const error = fieldAt(fieldAt(result, 'error'), 'message')
        return error === undefined ? [] : [fault(`[${fieldAt(test, 'projectName')}] ${name}${String(fieldAt(spec, 'title'))}`, error)]
      }),
    ),
  )
  return [...own, ...listAt(suite, 'suites').flatMap((inner) => playwrightFaults(inner, name))]
}

function fault(name: string, message: unknown): string {
  const text = String(message ?? '')
    .replace(COLOUR, '')
    .replace(/\s+/g, ' ')
    .trim()
  return `  ✗ ${name}: ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const field = fieldAt(value, key)
  return Array.isArray(field) ? field : []
}
