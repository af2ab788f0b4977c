// Tests only: a worker as worker.ts, but a mention whose text holds a mark crashes it in the way that the mark names.
import { appendFileSync, statSync } from 'node:fs'
import type { EnrichTask } from './slot.ts'
import enrichAsEver from '../../worker.ts'

const decoder = new TextDecoder()

function enrich(task: EnrichTask): object {
  const bytes = task.raw.bytes.slice()
  for (const { start, end } of task.raw.poison ?? []) bytes.fill(0x20, start, end)
  const text = decoder.decode(bytes)
  const early = /"text":"MARK-EARLY ([^"]+)/.exec(text)?.[1] // a file that counts the starts: the first two end at once
  if (early !== undefined) {
    appendFileSync(early, 'x')
    if (statSync(early).size < 3) process.exit(4)
  }
  if (text.includes('MARK-')) Atomics.store(task.began, 0, 1)
  if (text.includes('MARK-EXIT')) process.exit(3)
  if (text.includes('MARK-THROW')) throw new TypeError('a bug of ours')
  if (text.includes('MARK-HEAP')) fillHeap()
  if (text.includes('MARK-SPIN')) for (;;) if (Atomics.load(task.began, 0) === 2) break
  return enrichAsEver(task)
}

function fillHeap(): void {
  const kept: unknown[] = []
  for (;;) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })))
}

// Piscina takes the default export as the function that it calls.
export { enrich as default }
