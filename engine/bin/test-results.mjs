// What vitest left of a run, and of a second one: a test that starts browsers and whole engines may meet a machine that stands still, so what
// failed is tried once more, alone, in fresh processes. What only then passes is told by name: it is wrong too, and is to be mended.
import { relative } from 'node:path'

const filesMax = 3 // more are no matter of chance

/**
 * The files that are worth a second try, [] where there is none: few failed, and nothing failed outside a test.
 * `run` is {files, errors}: vitest's own report of each file, and how many errors no test had.
 */
export function filesToTryAgain({ files, errors }) {
  const failed = files.filter((file) => file.status === 'failed').map((file) => file.name)
  return errors === 0 && failed.length <= filesMax ? failed : []
}

/** The run as it stands after `second`, and the names of what failed in the first and passed in the second: what was left out then has not passed. */
export function afterSecondTry(first, second, root) {
  const again = new Map(second.files.map((file) => [file.name, file]))
  const files = first.files.map((file) => (isTriedAgain(file, again.get(file.name)) ? again.get(file.name) : file))
  const flaky = first.files.filter((file, at) => file.status === 'failed' && files[at].status === 'passed').flatMap((file) => {
    const tests = failedOf(file)
    return tests.length === 0 ? [relative(root, file.name)] : tests.map((test) => `${relative(root, file.name)} › ${test.fullName}`)
  })
  return { run: { files, errors: first.errors + second.errors }, flaky }
}

function isTriedAgain(file, again) {
  if (again === undefined) return false
  const passed = new Set(again.assertionResults.filter((test) => test.status === 'passed').map((test) => test.fullName))
  return again.status === 'failed' || failedOf(file).every((test) => passed.has(test.fullName))
}

const failedOf = (file) => file.assertionResults.filter((test) => test.status === 'failed')

/** A file that does not load fails no test of its own, and neither does an error outside any test: each counts as one. */
export function countsOf({ files, errors }) {
  const tests = files.flatMap((file) => file.assertionResults)
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length
  const broken = files.filter((file) => file.status === 'failed' && failedOf(file).length === 0).length
  return { passed: count('passed'), failed: count('failed') + broken + errors, skipped: count('pending', 'skipped', 'todo', 'disabled') }
}
