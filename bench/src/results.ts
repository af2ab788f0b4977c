// A result of a bench as a file: what was measured, on which commit and which machine.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface Result {
  readonly scenario: string
  readonly at: string // ISO-8601
  readonly commit: string // with `+` where the tree held changes
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string; readonly nats: string }
  readonly settings: Readonly<Record<string, unknown>>
  readonly measured: Readonly<Record<string, unknown>>
}

export function resultOf(scenario: string, settings: Result['settings'], measured: Result['measured']): Result {
  const dirty = git(['status', '--porcelain', '--untracked-files=no']) === '' ? '' : '+'
  const machine = { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, memoryGiB: Math.round(totalmem() / 1024 ** 3), node: process.version, nats: natsVersion() }
  return { scenario, at: new Date().toISOString(), commit: git(['rev-parse', '--short=12', 'HEAD']) + dirty, machine, settings, measured }
}

/** Writes bench/results/<scenario>-<date>.json and answers its path. */
export function saveResult(result: Result): string {
  const folder = fileURLToPath(new URL('../results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const path = `${folder}${result.scenario}-${result.at.slice(0, 10)}.json`
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  return path
}

const run = (program: string, args: readonly string[]) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

function git(args: readonly string[]): string {
  try { return run('git', args) } catch { return 'unknown' }
}
function natsVersion(): string {
  try { return run('nats-server', ['--version']).replace('nats-server: ', '') } catch { return 'unknown' }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
