// The outbox of alerts as its journal has it: how many wait for whom, and since when.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { ageText, counted, note, ok, warn, wrong, type Check } from './check.ts'

export interface OutboxFacts { readonly waiting: ReadonlyMap<string, number>; readonly oldestAt: number | null; readonly unreadable: number } // by destination

interface Entry { readonly k?: string; readonly id?: string; readonly to?: string | readonly string[]; readonly alert?: { readonly at?: number; readonly event?: { readonly id?: string } } }

/** null where there is no journal yet. */
export async function lookAtOutbox(path: string): Promise<OutboxFacts | null> {
  const left = new Map<string, { readonly at: number; readonly to: Set<string> }>()
  let unreadable = 0
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const entry = line === '' ? null : entryOf(line)
      if (entry === undefined) unreadable++
      else if (entry?.k === 'put' && entry.alert?.event?.id) left.set(entry.alert.event.id, { at: entry.alert.at ?? 0, to: new Set(entry.to) })
      else if (entry?.k === 'done') left.get(entry.id ?? '')?.to.delete(String(entry.to))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const waiting = new Map<string, number>()
  let oldestAt: number | null = null
  for (const { at, to } of left.values()) {
    if (to.size > 0) oldestAt = Math.min(oldestAt ?? at, at)
    for (const key of to) waiting.set(key, (waiting.get(key) ?? 0) + 1)
  }
  return { waiting, oldestAt, unreadable }
}

function entryOf(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry
  } catch {
    return undefined // a crash cut it short: the next start leaves it out
  }
}

export interface OutboxState { readonly disabled: number | null; readonly now: number } // null: the engine does not run

const oldMs = 600_000

export function outboxChecks(facts: OutboxFacts | null, { disabled, now }: OutboxState): Check[] {
  const checks: Check[] = []
  if (disabled !== null && disabled > 0) checks.push(wrong('outbox', `${counted(disabled, 'webhook')} answered 410 Gone and ${disabled === 1 ? 'gets' : 'get'} no more alerts`, 'correct or remove them under webhooks in the settings, and start again'))
  if (facts === null) return [...checks, note('outbox', 'no alert was sent yet')]
  if (facts.unreadable > 1) checks.push(warn('outbox', `${facts.unreadable} lines of the journal cannot be read and are left out`, 'look at the disk (smartctl, dmesg)'))
  const count = [...facts.waiting.values()].reduce((sum, one) => sum + one, 0)
  if (count === 0 || facts.oldestAt === null) return [...checks, ok('outbox', 'no alert waits')]
  const found = `${count === 1 ? '1 delivery waits' : `${count} deliveries wait`}, the oldest for ${ageText(now - facts.oldestAt)}: ${[...facts.waiting].map(([key, waiting]) => `${waiting} for ${key.replace(/\/\/[^/@]*@/, '//…@')}`).join(', ')}`
  return [...checks, now - facts.oldestAt > oldMs ? warn('outbox', found, 'see whether the receivers answer; the log names each failure. What waits for three days is given up') : note('outbox', found)]
}
