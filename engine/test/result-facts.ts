// What every kept result of a long test says besides its figures: when, on which commit, on which machine.
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

export interface Facts {
  readonly scenario: string
  readonly at: string // ISO-8601
  readonly commit: string // with `+` where the tree held changes
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string }
  readonly settings: Readonly<Record<string, unknown>>
}

export function factsOf(scenario: string, settings: Facts['settings']): Facts {
  const dirty = git(['status', '--porcelain', '--untracked-files=no']) === '' ? '' : '+'
  const machine = { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, memoryGiB: Math.round(totalmem() / 1024 ** 3), node: process.version }
  return { scenario, at: new Date().toISOString(), commit: git(['rev-parse', '--short=12', 'HEAD']) + dirty, machine, settings }
}

function git(args: readonly string[]): string {
  try { return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() } catch { return 'unknown' }
}
