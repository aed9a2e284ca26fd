import { describe, expect, it } from 'vitest'
import { addUp, lastLine, readLastLine } from './count.mjs'
import { countStage, faultsOf } from './count-stage.ts'

const vitest = (passed: number, failed: number, testResults: unknown = []) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults,
})
const playwright = (stats: object, errors: unknown[] = []) => ({
  stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
  errors,
})

describe('countStage', () => {
  it('counts a check as one', () => {
    expect(countStage({ kind: 'check' }, { code: 0, report: undefined })).toEqual({ passed: 1, failed: 0 })
    expect(countStage({ kind: 'check' }, { code: 2, report: undefined })).toMatchObject({ passed: 0, failed: 1 })
    expect(countStage({ kind: 'check' }, { code: null, report: undefined })).toMatchObject({ passed: 0, failed: 1 })
  })

  it('reads the reports of both runners', () => {
    expect(countStage({ kind: 'vitest' }, { code: 0, report: vitest(7, 0) })).toEqual({ passed: 7, failed: 0 })
    expect(countStage({ kind: 'vitest' }, { code: 1, report: vitest(7, 2) })).toEqual({ passed: 7, failed: 2 })
    expect(countStage({ kind: 'playwright' }, { code: 0, report: playwright({ expected: 3, skipped: 1 }) })).toEqual({
      passed: 3,
      failed: 0,
    })
    expect(countStage({ kind: 'playwright' }, { code: 1, report: playwright({ expected: 3, unexpected: 1 }) })).toEqual({
      passed: 3,
      failed: 1,
    })
  })

  it('counts a file that does not load, though none of its tests failed', () => {
    const broken = { status: 'failed', assertionResults: [] }
    const counted = { status: 'failed', assertionResults: [{ status: 'failed' }] }
    expect(countStage({ kind: 'vitest' }, { code: 1, report: vitest(4, 1, [broken, counted]) })).toEqual({ passed: 4, failed: 2 })
    const report = playwright({ expected: 2 }, [{ message: 'SyntaxError' }])
    expect(countStage({ kind: 'playwright' }, { code: 1, report })).toEqual({ passed: 2, failed: 1 })
  })

  it('counts a journey that passed only when tried again as passed, and tells of it', () => {
    expect(countStage({ kind: 'playwright' }, { code: 0, report: playwright({ expected: 2, flaky: 1 }) })).toEqual({
      passed: 3,
      failed: 0,
      note: '1 passed only when tried again',
    })
  })

  it.each(['vitest', 'playwright'] as const)('counts a crash of %s as one failure', (kind) => {
    expect(countStage({ kind }, { code: 1, report: undefined })).toMatchObject({ passed: 0, failed: 1 })
    expect(countStage({ kind }, { code: 0, report: 'nonsense' })).toMatchObject({ passed: 0, failed: 1 })
    expect(countStage({ kind }, { code: 1, report: { ...vitest(5, 0), ...playwright({ expected: 5 }) } })).toMatchObject({
      passed: 5,
      failed: 1,
    })
    expect(countStage({ kind }, { code: null, report: { ...vitest(5, 0), ...playwright({ expected: 5 }) } })).toMatchObject({ failed: 1 })
  })

  it.each(['vitest', 'playwright'] as const)('counts no test of %s at all as a failure, except where that is fine', (kind) => {
    const report = { ...vitest(0, 0), ...playwright({}, [{ message: 'Error: No tests found' }]) }
    expect(countStage({ kind }, { code: 0, report })).toMatchObject({ passed: 0, failed: 1 })
    expect(countStage({ kind, mayBeEmpty: true }, { code: 0, report })).toMatchObject({ passed: 0, failed: 0 })
    expect(countStage({ kind, mayBeEmpty: true }, { code: 0, report: undefined })).toMatchObject({ passed: 0, failed: 0 })
    expect(countStage({ kind, mayBeEmpty: true }, { code: 1, report: undefined })).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('the last line', () => {
  it('adds up and is read back', () => {
    const sum = addUp([
      { passed: 3, failed: 0 },
      { passed: 40, failed: 2, note: 'x' },
    ])
    expect(lastLine(sum)).toBe('43 passed, 2 failed')
    expect(readLastLine(`ok unit: 3 passed, 0 failed in 1 s\n${lastLine(sum)}\n`)).toEqual(sum)
  })

  it('is not mistaken for a line of a stage, nor found when more follows', () => {
    expect(readLastLine('ok unit: 3 passed, 0 failed in 1 s')).toBeUndefined()
    expect(readLastLine('3 passed, 0 failed\nSegmentation fault')).toBeUndefined()
    expect(readLastLine('')).toBeUndefined()
  })
})

it('names what failed in a line, also what passed when tried again', () => {
  expect(
    faultsOf({
      testResults: [{ assertionResults: [{ status: 'passed' }, { status: 'failed', fullName: 'a b', failureMessages: ['one\n two'] }] }],
    }),
  ).toEqual(['  ✗ a b: one two'])
  const red = `${String.fromCharCode(27)}[31mnot there`
  const results = [{ error: { message: red } }, {}]
  const spec = { title: 'opens', tests: [{ projectName: 'firefox', results }] }
  expect(faultsOf({ suites: [{ title: 'page.spec.ts', suites: [{ title: 'a page', specs: [spec] }] }] })).toEqual([
    '  ✗ [firefox] page.spec.ts › a page › opens: not there',
  ])
  expect(faultsOf(undefined)).toEqual([])
})
