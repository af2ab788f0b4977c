// Processes as the end-to-end tests see them: the CLI run as a user runs it, who is below whom, and waiting for what must come true.
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const cli = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))

/** Polls until the answer is neither false, null nor undefined; a predicate that throws is asked again, and its last error is told at the end. */
export async function waitUntil<T>(what: string, ask: () => T | Promise<T>, withinMs = 90_000): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + withinMs
  for (let last: unknown; ; await pause(40)) {
    try {
      const answer = await ask()
      if (answer !== false && answer !== null && answer !== undefined) return answer as Exclude<T, false | null | undefined>
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`, { cause: last })
  }
}

/** A folder that goes with the test; or with whatever calls the function that is answered too. */
export async function tempFolder(name: string): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), `groundswell-${name}-`))
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) }
}

/** As tempFolder, removed when the running test is over. */
export async function testFolder(name: string): Promise<string> {
  const { folder, remove } = await tempFolder(name)
  onTestFinished(remove)
  return folder
}

export interface CliOptions { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly within?: readonly string[] }
export interface Finished { readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly ms: number }

/** The environment of a newcomer: none of ours. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !/^(GROUNDSWELL_|VITEST|NODE_ENV$|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(key))
  return { ...Object.fromEntries(kept), ...more }
}

/** `groundswell <args>` in a process of its own. */
export function spawnCli(args: readonly string[], { cwd, env = {}, within = [] }: CliOptions): ChildProcessWithoutNullStreams {
  const [command, ...rest] = [...within, process.execPath, cli, ...args]
  return spawn(command!, rest, { cwd, env: cleanEnvironment(env), stdio: 'pipe' })
}

/** Runs it to its end; it is ended by force after three minutes. */
export function groundswell(args: readonly string[], options: CliOptions): Promise<Finished> {
  const child = spawnCli(args, options)
  child.stdin.end()
  return finished(child)
}

/** How it ends. What has its own end is ended by nobody: `endAfterMs` null. */
export function finished(child: ChildProcessWithoutNullStreams, { endAfterMs = 180_000 }: { readonly endAfterMs?: number | null } = {}): Promise<Finished> {
  const began = performance.now()
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const late = endAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), endAfterMs)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(late)
      resolve({ code, stdout, stderr, ms: performance.now() - began })
    })
  })
}

export interface ProcessRow { readonly pid: number; readonly parent: number; readonly command: string }

/** Every process that runs now; the dead that nobody has reaped are not among them. */
export function processes(): ProcessRow[] {
  if (existsSync('/proc/self/stat')) return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => fromProc(Number(name)) ?? [])
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' }).split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return pid === undefined || state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }]
  })
}

function fromProc(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? null : { pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }
  } catch {
    return null // it ended while we looked
  }
}

/** All below a process, whatever group or session they are in. */
export function below(pid: number, all = processes()): ProcessRow[] {
  return all.filter(({ parent }) => parent === pid).flatMap((row) => [row, ...below(row.pid, all)])
}

export function isAlive({ pid, command }: ProcessRow): boolean {
  return processes().some((row) => row.pid === pid && row.command === command)
}
