// The order of the test files: whatever takes minutes begins first, so that nobody waits for one of them at the end. A fresh clone has no durations of
// a run before, and size says little: a short file may drive a browser for a minute.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The longest, longest first; one that is missing here costs only time. */
const longest = ['wall-endurance', 'e2e-checkpoint', 'cascade-page', 'e2e-outage', 'wall-attention', 'e2e-outage-edges', 'wall', 'rules-page', 'e2e-changes', 'e2e-operating', 'topic-page', 'e2e-desk', 'e2e-workers', 'wall-handling']
const kinds = [/\/dashboard\/test\/|\/engine\/test\//, /\/engine\/src\/(?:cli|io|app|backup)\//] // browsers and whole engines, then processes and servers

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a.moduleId) - rank(b.moduleId)) // stable: within a rank as vitest has them
  }
}

function rank(path: string): number {
  const kind = kinds.findIndex((pattern) => pattern.test(path))
  const named = kind === 0 ? longest.indexOf(path.replace(/^.*\/|\.test\.ts$/g, '')) : -1
  return named >= 0 ? named : longest.length + (kind >= 0 ? kind : kinds.length)
}
