// Runs a target in a child and watches it from outside: an input that takes too long, too much memory or the whole process is a failure too.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Chunk } from './child.ts'

export interface Order { readonly name: string; readonly seed: number; readonly inputs: number; readonly noteFile: string; readonly path?: string | undefined }
export interface Fuzzed { readonly name: string; readonly inputs: number; readonly seconds: number; readonly rssMaxMiB: number; readonly failure: Failure | null }
export interface Failure { readonly kind: 'broken promise' | 'too slow' | 'too much memory' | 'process ended'; readonly seed: number; readonly path: string; readonly input: string; readonly message: string }
export interface Limits { readonly inputMs: number; readonly rssBytes: number }

export const limits: Limits = { inputMs: 20_000, rssBytes: 2 * 1024 ** 3 }

const chunkOf = 2000
const pollMs = 500
const hasProc = existsSync('/proc/self/stat')
const program = fileURLToPath(new URL('child.ts', import.meta.url))

interface Watched { readonly stop: () => void; readonly why: () => { readonly kind: Failure['kind']; readonly message: string } | null; readonly rssMax: () => number }

/** Resolves when all inputs are done or one has failed. */
export async function fuzz(order: Order, { program: run = program, ...within }: Partial<Limits> & { readonly program?: string } = {}): Promise<Fuzzed> {
  const { name, seed, inputs, noteFile, path } = order
  const began = performance.now()
  const child = spawn(process.execPath, [run, name, String(seed), String(inputs), String(chunkOf), noteFile, ...(path === undefined ? [] : [path])], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-2000) })
  const chunks: Chunk[] = []
  const over = new Promise<string>((resolve) => { child.once('close', (code, signal) => resolve(`it ended with ${code ?? signal}`)) })
  const watched = watch(child, noteFile, { ...limits, ...within })
  for await (const line of createInterface({ input: child.stdout })) chunks.push(JSON.parse(line) as Chunk)
  const how = await over
  watched.stop()
  const done = chunks.reduce((sum, chunk) => sum + chunk.inputs, 0)
  const broken = chunks.find((chunk) => chunk.failure)
  const failure: Failure | null = broken ? { kind: 'broken promise', seed: broken.seed, ...broken.failure! }
    : done >= inputs || (path !== undefined && how.endsWith(' 0')) ? null
      : { kind: 'process ended', ...culprit(noteFile), input: '', message: `${how}: ${said}`, ...watched.why() }
  return { name, inputs: done, seconds: (performance.now() - began) / 1000, rssMaxMiB: Math.round(watched.rssMax() / 1024 ** 2), failure }
}

/** Ends the child when its note has not changed for too long of its work, or when it is too large. */
function watch(child: ChildProcess, noteFile: string, { inputMs, rssBytes }: Limits): Watched {
  const pid = child.pid!
  let why: ReturnType<Watched['why']> = null
  let rssMax = 0
  let last = { note: '', since: spentMs(pid) }
  const end = (kind: Failure['kind'], message: string): void => {
    why ??= { kind, message }
    child.kill('SIGKILL')
  }
  const timer = setInterval(() => {
    const note = noteOf(noteFile).toString('hex')
    if (note !== last.note) last = { note, since: spentMs(pid) }
    const rss = rssOf(pid)
    rssMax = Math.max(rssMax, rss)
    // Before the first note it reads its modules.
    if (spentMs(pid) - last.since > inputMs + (note === '' ? 30_000 : 0)) end('too slow', `not done with it after ${inputMs / 1000} s`)
    else if (rss > rssBytes) end('too much memory', `it holds ${Math.round(rss / 1024 ** 2)} MiB`)
  }, pollMs)
  return { stop: () => clearInterval(timer), why: () => why, rssMax: () => rssMax }
}

function culprit(noteFile: string): { readonly seed: number; readonly path: string } {
  const note = noteOf(noteFile)
  return note.length < 12 ? { seed: 0, path: '' } : { seed: note.readInt32LE(0), path: String(note.readInt32LE(4)) }
}

function noteOf(file: string): Buffer {
  try { return readFileSync(file) } catch { return Buffer.alloc(0) }
}

/** CPU time of the process, which other work on the machine does not lengthen; the time of day where there is no /proc. */
function spentMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13)
    return 10 * (Number(user) + Number(system)) // USER_HZ is 100 on every Linux that Node runs on
  } catch {
    return hasProc ? 0 : performance.now() // it has ended
  }
}

/** 0 where there is no /proc, or no such process any more. */
function rssOf(pid: number): number {
  try { return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096 } catch { return 0 }
}
