// Tells how many errors of a run belong to no test; vitest's own report as JSON leaves them out.
import { writeFileSync } from 'node:fs'
import type { Reporter } from 'vitest/node'

export default class implements Reporter {
  onTestRunEnd(_files: unknown, errors: readonly unknown[]): void {
    const path = process.env['GROUNDSWELL_TEST_ERRORS']
    if (path !== undefined) writeFileSync(path, String(errors.length))
  }
}
