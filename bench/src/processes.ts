// What our processes cost, read from /proc once a second: CPU by stage (by thread inside the engine) and resident memory. Linux only.
import { readFileSync, readdirSync } from 'node:fs'

export type Stage = 'publisher' | 'nats-server' | 'engine main' | 'engine workers' | 'engine other threads' | 'store' | 'other'
export const stages: readonly Stage[] = ['publisher', 'nats-server', 'engine main', 'engine workers', 'engine other threads', 'store', 'other']

export interface Usage { readonly cpuSeconds: Readonly<Record<Stage, number>>; readonly rssBytes: number; readonly rssByStage: Readonly<Partial<Record<Stage, number>>> }
interface Roots { readonly engine: number; readonly publisher: number }

const ticksPerSecond = 100 // USER_HZ: 100 on every Linux that Node runs on
const pageBytes = 4096

/** CPU seconds since the processes began, and memory now. A process that has ended meanwhile counts no more: take differences while all live. */
export function usage({ engine, publisher }: Roots): Usage {
  const cpuSeconds = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>
  const rssByStage: Partial<Record<Stage, number>> = {}
  let rssBytes = 0
  const parents = parentsOfAll()
  for (const pid of [engine, ...descendants(engine, parents), publisher]) {
    const stage = pid === publisher ? 'publisher' : pid === engine ? 'engine main' : stageOfChild(pid)
    const rss = rssOf(pid)
    rssBytes += rss
    rssByStage[stage] = (rssByStage[stage] ?? 0) + rss
    if (pid === engine) for (const thread of threadsOf(pid)) cpuSeconds[stageOfThread(thread, pid)] += thread.seconds
    else cpuSeconds[stage] += secondsOf(`/proc/${pid}/stat`)
  }
  return { cpuSeconds, rssBytes, rssByStage }
}

/** Every process below `root`, whatever group or session it is in. */
export function descendants(root: number, parents: ReadonlyMap<number, number> = parentsOfAll()): number[] {
  const children = [...parents].filter(([, parent]) => parent === root).map(([pid]) => pid)
  return children.flatMap((pid) => [pid, ...descendants(pid, parents)])
}

/** CPU seconds of all processes below `root` that are there now; `root` itself is not counted. */
export const cpuSecondsBelow = (root: number): number => descendants(root).reduce((sum, pid) => sum + secondsOf(`/proc/${pid}/stat`), 0)

function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = statFields(`/proc/${name}/stat`)
    if (fields) parents.set(Number(name), Number(fields[1]))
  }
  return parents
}

function stageOfChild(pid: number): Stage {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
  if (/guardian/.test(command)) return 'other'
  if (/nats-server/.test(command)) return 'nats-server'
  return /chdb/i.test(command) ? 'store' : 'other'
}

interface Thread { readonly id: number; readonly name: string; readonly seconds: number }

function threadsOf(pid: number): Thread[] {
  return list(`/proc/${pid}/task`).map((id) => ({ id: Number(id), name: read(`/proc/${pid}/task/${id}/comm`).trim(), seconds: secondsOf(`/proc/${pid}/task/${id}/stat`) }))
}

/** Node names its worker threads (WorkerThread, or the pool's own name); V8's helpers and libuv's pool are the other threads. */
function stageOfThread({ id, name }: Thread, pid: number): Stage {
  if (id === pid) return 'engine main'
  return /worker/i.test(name) && !/^(V8|libuv)/i.test(name) ? 'engine workers' : 'engine other threads'
}

/** Fields of a stat line from the third on: state, ppid, …; null where the process is gone. The second may hold spaces and brackets. */
function statFields(path: string): string[] | null {
  const text = read(path)
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function secondsOf(path: string): number {
  const fields = statFields(path)
  return fields ? (Number(fields[11]) + Number(fields[12])) / ticksPerSecond : 0
}

const rssOf = (pid: number) => Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * pageBytes

/** '' where the process has ended since it was listed. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
