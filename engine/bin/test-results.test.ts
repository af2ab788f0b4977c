// What is made of vitest's reports: one that fails twice has failed, one that fails once is named, and nothing is lost on the way.
import { expect, test } from 'vitest'
import { afterSecondTry, countsOf, filesToTryAgain } from './test-results.mjs'

const file = (name: string, tests: Readonly<Record<string, string>>, status = Object.values(tests).includes('failed') ? 'failed' : 'passed') =>
  ({ name: `/house/${name}`, status, assertionResults: Object.entries(tests).map(([fullName, state]) => ({ fullName, status: state })) })
const run = (files: readonly ReturnType<typeof file>[], errors = 0) => ({ files, errors })
const good = file('a.test.ts', { one: 'passed', two: 'passed', three: 'pending' })

test('a run without failures asks for nothing', () => {
  expect(filesToTryAgain(run([good]))).toEqual([])
  expect(countsOf(run([good]))).toEqual({ passed: 2, failed: 0, skipped: 1 })
})

test('what fails once and passes alone has passed, and is named', () => {
  const first = run([good, file('b.test.ts', { four: 'failed', five: 'passed' })])
  expect(filesToTryAgain(first)).toEqual(['/house/b.test.ts'])
  const after = afterSecondTry(first, run([file('b.test.ts', { four: 'passed', five: 'passed' })]), '/house')
  expect(after.flaky).toEqual(['b.test.ts › four'])
  expect(countsOf(after.run)).toEqual({ passed: 4, failed: 0, skipped: 1 })
})

test('what fails twice has failed, be it another test of its file', () => {
  const first = run([good, file('b.test.ts', { four: 'failed', five: 'passed' })])
  const after = afterSecondTry(first, run([file('b.test.ts', { four: 'passed', five: 'failed' })]), '/house')
  expect(after.flaky).toEqual([])
  expect(countsOf(after.run)).toEqual({ passed: 3, failed: 1, skipped: 1 })
})

test('what failed and is left out the second time has not passed', () => {
  const first = run([good, file('b.test.ts', { four: 'failed', five: 'passed' })])
  for (const left of [file('b.test.ts', { four: 'pending', five: 'passed' }), file('b.test.ts', { five: 'passed' })]) {
    const after = afterSecondTry(first, run([left]), '/house')
    expect([after.flaky, countsOf(after.run)]).toEqual([[], { passed: 3, failed: 1, skipped: 1 }])
  }
})

test('a file that does not load is tried again, counts as one, and has failed where the second run never saw it', () => {
  const first = run([good, file('b.test.ts', {}, 'failed')])
  expect(filesToTryAgain(first)).toEqual(['/house/b.test.ts'])
  expect(countsOf(afterSecondTry(first, run([]), '/house').run)).toEqual({ passed: 2, failed: 1, skipped: 1 })
  expect(afterSecondTry(first, run([file('b.test.ts', { six: 'passed' })]), '/house').flaky).toEqual(['b.test.ts'])
})

test('many that fail, or an error that no test had, are no matter of chance', () => {
  const failing = (count: number) => Array.from({ length: count }, (_, index) => file(`${index}.test.ts`, { one: 'failed' }))
  expect(filesToTryAgain(run(failing(3)))).toHaveLength(3)
  expect(filesToTryAgain(run(failing(4)))).toEqual([])
  expect(filesToTryAgain(run(failing(1), 1))).toEqual([])
  expect(countsOf(run([good], 1))).toEqual({ passed: 2, failed: 1, skipped: 1 })
  expect(countsOf(afterSecondTry(run(failing(1)), run([file('0.test.ts', { one: 'passed' })], 1), '/house').run).failed).toBe(1)
})
