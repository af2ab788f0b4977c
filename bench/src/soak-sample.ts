// What a soak looks at every few seconds: memory, files and threads of each process of the engine, what Node says of itself, the disk.
import { lstatSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineUnderTest } from './engine-under-test.ts'
import { descendants } from './processes.ts'

export type Part = 'engine' | 'store' | 'nats-server' | 'guardian'
export const parts: readonly Part[] = ['engine', 'store', 'nats-server', 'guardian']

/** By name: `<part> rss`, `<part> files`, `<part> threads`, `engine heap`, `engine handles`, `disk …`. Bytes and counts. */
export type Figures = Readonly<Record<string, number>>

const pageBytes = 4096
const heap = { 'engine heap': 'nodejs_heap_size_used_bytes', 'engine external': 'nodejs_external_memory_bytes', 'engine handles': 'nodejs_active_handles_total', 'engine requests': 'nodejs_active_requests_total', 'ids seen': 'groundswell_seen_ids' } as const

export async function sample(engine: EngineUnderTest): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const pid of [engine.pid, ...descendants(engine.pid)]) {
    const part = pid === engine.pid ? 'engine' : partOf(pid)
    if (part === null) continue
    figures[`${part} rss`] = (figures[`${part} rss`] ?? 0) + Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * pageBytes
    figures[`${part} files`] = (figures[`${part} files`] ?? 0) + list(`/proc/${pid}/fd`).length
    figures[`${part} threads`] = (figures[`${part} threads`] ?? 0) + list(`/proc/${pid}/task`).length
  }
  const metrics = await (await fetch(`${engine.http}/metrics`)).text()
  for (const [name, metric] of Object.entries(heap)) {
    const value = new RegExp(`^${metric} (\\S+)$`, 'm').exec(metrics)?.[1]
    if (value !== undefined) figures[name] = Number(value)
  }
  for (const folder of list(engine.data)) figures[`disk ${folder}`] = bytesBelow(join(engine.data, folder))
  return figures
}

function partOf(pid: number): Part | null {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
  if (command.includes('guardian')) return 'guardian'
  if (/nats-server/.test(command)) return 'nats-server'
  return command.includes('chdb-child') ? 'store' : null
}

/** '' and none where it has ended since it was listed. */
function read(path: string): string {
  try { return readFileSync(path, 'utf8') } catch { return '' }
}
function list(path: string): string[] {
  try { return readdirSync(path) } catch { return [] }
}

function bytesBelow(path: string): number {
  try {
    const found = lstatSync(path)
    return found.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0) : found.size
  } catch {
    return 0 // merged away meanwhile
  }
}
