import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IdentifiedEvent } from '@groundswell/schemas/spike.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import type { Alert, Destination, Outcome } from './destination.ts'
import { Journal } from './journal.ts'
import { Outbox } from './outbox.ts'
import { HandClock, until } from './test-receiver.ts'

const alertOf = (number: number): Alert => ({
  event: { kind: 'spike', topic: 't', rule: { count: 1, within: '1m' }, grade: number % 2 === 0 ? 'severe' : 'minor', at: '2026-01-01T00:00:00Z', count: number, id: `alert-${number}` } satisfies IdentifiedEvent,
  name: { zh: '题', en: 'Topic' }, mode: 'live', at: 0,
})
const quiet = createLog({ write: () => {} })

async function inFolder(run: (folder: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-outbox-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('enqueue' as const), number: fc.integer({ min: 0, max: 15 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), to: fc.constantFrom(0, 1), up: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 4000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

test('whatever receivers and restarts do, each destination gets each alert it wants once, in the order of the first enqueue', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => inFolder(async (folder) => {
    const clock = new HandClock()
    clock.at = 0
    const up = [true, true]
    const got: string[][] = [[], []]
    const destinations = [0, 1].map((index): Destination => ({
      key: `d${index}`, kind: 'webhook', admits: (grade) => index === 0 || grade === 'severe',
      send: async ({ event }): Promise<Outcome> => {
        await Promise.resolve()
        if (!up[index]) return { kind: 'retry', detail: 'down' }
        got[index]!.push(event.id)
        return { kind: 'delivered' }
      },
    }))
    const open = () => Outbox.open({ folder, destinations, clock, random: () => 0, log: quiet, limits: { rewriteAfter: 5 } })
    let outbox = await open()
    const enqueued: number[] = []
    for (const each of steps) {
      if (each.kind === 'enqueue') {
        await outbox.enqueue(alertOf(each.number))
        if (!enqueued.includes(each.number)) enqueued.push(each.number)
      } else if (each.kind === 'answer') up[each.to] = each.up
      else if (each.kind === 'time') clock.advance(each.ms)
      else {
        await outbox.close()
        outbox = await open()
      }
    }
    up.fill(true)
    await until(() => { clock.advance(300_000 / 50); return outbox.state().deliveries === 0 })
    await outbox.close()
    expect(got[0]).toEqual(enqueued.map((number) => `alert-${number}`))
    expect(got[1]).toEqual(enqueued.filter((number) => number % 2 === 0).map((number) => `alert-${number}`))
  })), { numRuns: 60 })
})

test('whatever byte a crash cuts the journal at, what is left is a prefix of what was appended', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ text: fc.string({ unit: 'binary', maxLength: 8 }) }, { noNullPrototype: true }), { minLength: 1, maxLength: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (entries, share) => inFolder(async (folder) => {
    const path = join(folder, 'deep', 'journal')
    const journal = new Journal<{ text: string }>(path)
    await Promise.all(entries.map((entry) => journal.append(entry)))
    await journal.close()
    expect(await new Journal(path).read()).toEqual(entries)
    const bytes = readFileSync(path).length
    const cut = Math.floor(bytes * share)
    truncateSync(path, cut)
    const left = await new Journal(path).read()
    expect(left).toEqual(entries.slice(0, left.length))
    if (cut < bytes - 1) expect(left.length).toBeLessThan(entries.length)
  })), { numRuns: 60 })
})

test('a line that no crash explains is told with what to do, and the journal is kept as it was', async () => {
  await inFolder(async (folder) => {
    const told: { readonly message: string; readonly fields: unknown }[] = []
    const log = { ...quiet, error: (message: string, fields?: unknown) => { if (message.includes('journal')) told.push({ message, fields }) } }
    const destinations: Destination[] = [{ key: 'd', kind: 'webhook', admits: () => true, send: async () => ({ kind: 'retry', detail: 'it is away' }) }]
    const clock = new HandClock()
    clock.at = 0
    const open = () => Outbox.open({ folder, destinations, clock, random: () => 0, log })
    const first = await open()
    for (const number of [1, 2, 3]) await first.enqueue(alertOf(number))
    await first.close()
    const path = join(folder, 'alerts.ndjson')
    const [one, two, three] = readFileSync(path, 'utf8').split('\n') as [string, string, string]
    const torn = `${one}\n${two}\n${three.slice(0, 20)}`
    writeFileSync(path, torn)
    await (await open()).close()
    expect(told, 'a torn last line is what a crash leaves').toEqual([])
    const flipped = `${one}\n${two.replace('{', '[')}\n${three}\n`
    writeFileSync(path, flipped)
    const again = await open()
    expect(again.state().deliveries).toBe(2)
    await again.close()
    expect(told).toEqual([{ message: expect.stringMatching(/^1 lines .* cannot be read: .*alerts\.ndjson\.damaged/), fields: { lines: 1 } }])
    expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(flipped)
    expect(readFileSync(path, 'utf8')).toBe(`${one}\n${three}\n`)
  })
})

test('what a failed append has left half-written is no damage: the alert was never said to be kept', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'journal')
    writeFileSync(path, '1\n{"half\n\n2\n')
    const journal = new Journal(path)
    expect(await journal.read()).toEqual([1, 2])
    expect(journal.unreadable).toBe(0)
  })
})

test('a rewrite takes the entries of its moment, and appends after it are kept', async () => {
  await inFolder(async (folder) => {
    const journal = new Journal<number>(join(folder, 'journal'))
    const entries = [1]
    await journal.append(1)
    const rewritten = journal.rewrite(() => entries)
    entries.push(2)
    const appended = journal.append(3)
    await Promise.all([rewritten, appended])
    await journal.close()
    expect(await new Journal(join(folder, 'journal')).read()).toEqual([1, 2, 3])
    await expect(journal.append(4)).rejects.toThrow('closed')
  })
})

const full = '/dev/full'
test.skipIf(!existsSync(full))('a full disk refuses an alert by name; when there is room it is kept, delivered once and not again by the next run', async () => {
  await inFolder(async (folder) => {
    const got: string[] = []
    const destinations: Destination[] = [{ key: 'd', kind: 'webhook', admits: () => true, send: async ({ event }) => { got.push(event.id); return { kind: 'delivered' } } }]
    const clock = new HandClock()
    clock.at = 0
    const open = () => Outbox.open({ folder, destinations, clock, random: () => 0, log: quiet })
    const outbox = await open()
    const journal = join(folder, 'alerts.ndjson')
    rmSync(journal) // as the start has written it: empty
    symlinkSync(full, journal)
    for (let tries = 0; tries < 2; tries++) await expect(outbox.enqueue(alertOf(1))).rejects.toThrow(/alerts\.ndjson could not be written: ENOSPC/)
    expect([got, outbox.state().deliveries]).toEqual([[], 0])
    rmSync(journal)
    await Promise.all([outbox.enqueue(alertOf(1)), outbox.enqueue(alertOf(2))])
    await until(() => outbox.state().deliveries === 0)
    await outbox.close()
    const next = await open()
    await next.enqueue(alertOf(1))
    await until(() => next.state().deliveries === 0)
    await next.close()
    expect(got).toEqual(['alert-1', 'alert-2'])
  })
})

test.skipIf(!existsSync(full))('a rewrite that finds no room leaves what there is, and nothing beside it', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'journal')
    const journal = new Journal<number>(path)
    await journal.append(1)
    symlinkSync(full, `${path}.next`)
    await expect(journal.rewrite(() => [7])).rejects.toThrow(/ENOSPC/)
    expect(readdirSync(folder)).toEqual(['journal'])
    await journal.append(2)
    await journal.close()
    expect(await new Journal(path).read()).toEqual([1, 2])
  })
})
