import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { IdentifiedEvent } from '@groundswell/schemas/spike.ts'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { openNotify, type NotifyOptions } from './notify.ts'
import { outboxLimits } from './outbox.ts'
import { HandClock, receiver as openReceiver, status, until, type Answer } from './test-receiver.ts'
import { webhookLimits } from './webhook.ts'

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const name = { zh: '断网', en: 'Outage' }
const ending: (() => Promise<unknown> | unknown)[] = []
let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'groundswell-outbox-')) })
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end()
  rmSync(folder, { recursive: true, force: true })
})

function eventOf(count: number, grade: Grade = 'severe', kind: 'spike' | 'clear' = 'spike'): IdentifiedEvent {
  const at = new Date(Date.parse('2026-01-01T00:00:00Z') + count * 1000).toISOString().replace('.000', '')
  return { kind, topic: 'outage', rule: { count: 100, within: '10m' }, grade, at, count, id: `outage/100/10m/${at}/${kind}` }
}

const hook = (url: string, grades: Grade[] = ['minor', 'moderate', 'severe']) => ({ url, secret, grades })

async function receiver(answer?: Answer) {
  const opened = await openReceiver(answer)
  ending.push(opened.close)
  return opened
}

async function open(options: Partial<NotifyOptions> = {}) {
  const clock = new HandClock()
  const announced: { subject: string; event: IdentifiedEvent; id: string }[] = []
  const lines: string[] = []
  const outcomes: string[] = []
  const notify = await openNotify({
    folder, webhooks: [], clock, random: () => 0.5, mode: () => 'live', log: createLog({ readable: false, write: (line) => lines.push(line) }),
    announce: async (subject, data, id) => { announced.push({ subject, event: JSON.parse(Buffer.from(data).toString()), id }) },
    onDelivery: (kind, outcome) => outcomes.push(`${kind} ${outcome}`), ...options,
  })
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    const closing = notify.close()
    clock.advance(outboxLimits.graceMs)
    await closing
  }
  ending.push(close)
  /** Until the first webhook has failed so many times in a row and waits to be tried again. */
  const failed = (times: number) => until(() => notify.state().destinations[1]!.failures === times && clock.waits.length === 1)
  return { notify, clock, announced, lines, outcomes, close, failed }
}

test('an alert goes to NATS under its grade and to the webhooks that want it, once each', async () => {
  const all = await receiver()
  const severe = await receiver()
  const { notify, announced } = await open({ webhooks: [hook(all.url), hook(severe.url, ['severe'])] })
  await notify.enqueue(eventOf(1, 'minor'), { name })
  await notify.enqueue(eventOf(2, 'severe'), { name })
  await until(() => notify.state().deliveries === 0)
  expect(announced).toEqual([1, 2].map((count) => ({ subject: `alerts.${count === 1 ? 'minor' : 'severe'}`, event: eventOf(count, count === 1 ? 'minor' : 'severe'), id: eventOf(count).id })))
  expect(all.state.got.map(({ id }) => id)).toEqual([eventOf(1).id, eventOf(2).id])
  expect(severe.state.got.map(({ id }) => id)).toEqual([eventOf(2).id])
})

test('what a webhook gets verifies with the reference implementation, and a changed body does not', async () => {
  const { state, url } = await receiver()
  const { notify } = await open({ webhooks: [hook(url)], mode: () => 'demo' })
  await notify.enqueue(eventOf(5), { name })
  await notify.enqueue(eventOf(6, 'severe', 'clear'), { name })
  await until(() => notify.state().deliveries === 0)
  const verifier = new Webhook(secret)
  expect(verifier.verify(state.got[0]!.body, state.got[0]!.headers)).toEqual({ type: 'alert.spike', timestamp: eventOf(5).at, data: { ...eventOf(5), name, mode: 'demo' } })
  expect(verifier.verify(state.got[1]!.body, state.got[1]!.headers)).toMatchObject({ type: 'alert.clear' })
  expect(() => verifier.verify(state.got[0]!.body.replace('severe', 'minor'), state.got[0]!.headers)).toThrow()
})

test('while the receiver is down nothing is lost; when it is up everything comes once, in order', async () => {
  const { state, url } = await receiver(status(500))
  const { notify, failed, clock, outcomes } = await open({ webhooks: [hook(url)] })
  for (let count = 1; count <= 20; count += 1) await notify.enqueue(eventOf(count), { name })
  for (let tries = 1; tries <= 5; tries += 1) {
    await failed(tries)
    // 1 s doubling, three quarters of it with random 0.5.
    expect(clock.waits[0]).toBe(750 * 2 ** (tries - 1))
    if (tries === 5) state.answer = status(200)
    clock.advance(clock.waits[0]!)
  }
  await until(() => notify.state().deliveries === 0)
  expect(state.got.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => eventOf(index + 1).id))
  expect(outcomes.filter((outcome) => outcome === 'webhook retried')).toHaveLength(5)
})

test('a connection that is refused is tried again too', async () => {
  const { notify, failed, lines } = await open({ webhooks: [hook('http://127.0.0.1:1/hook')] })
  await notify.enqueue(eventOf(1), { name })
  await failed(1)
  expect(notify.state()).toMatchObject({ deliveries: 1, destinations: [{ key: 'nats', waiting: 0 }, { waiting: 1, failures: 1 }] })
  expect(lines.join('')).toContain('ECONNREFUSED')
})

test('after a restart what was not delivered is delivered, and what was is not sent again, even when it is enqueued again', async () => {
  const { state, url } = await receiver()
  const first = await open({ webhooks: [hook(url)] })
  await first.notify.enqueue(eventOf(1), { name })
  await until(() => first.notify.state().deliveries === 0)
  state.answer = status(503)
  await first.notify.enqueue(eventOf(2), { name })
  await first.failed(1)
  await first.close()
  state.answer = status(204)
  const second = await open({ webhooks: [hook(url)] })
  for (const count of [1, 2, 3]) await second.notify.enqueue(eventOf(count), { name })
  await until(() => second.notify.state().deliveries === 0)
  expect(state.got.map(({ id }) => id)).toEqual([1, 2, 3].map((count) => eventOf(count).id))
  expect(second.announced.map(({ id }) => id)).toEqual([eventOf(3).id])
})

test('a crash between the answer and the note of it delivers again under the same id and with the same body', async () => {
  const { state, url } = await receiver()
  const first = await open({ webhooks: [hook(url)] })
  await first.notify.enqueue(eventOf(1), { name })
  await until(() => first.notify.state().deliveries === 0)
  await first.close()
  const file = join(folder, 'alerts.ndjson')
  const written = readFileSync(file, 'utf8').trim().split('\n')
  expect(written.map((line) => JSON.parse(line).k)).toEqual(['put', 'done', 'done'])
  // What a crash leaves: the put, and a note that was cut short.
  writeFileSync(file, `${written[0]}\n`)
  appendFileSync(file, '{"k":"done","id":"outa')
  const second = await open({ webhooks: [hook(url)] })
  await until(() => second.notify.state().deliveries === 0)
  expect(state.got).toHaveLength(2)
  expect(state.got[1]!.id).toBe(state.got[0]!.id)
  expect(state.got[1]!.body).toBe(state.got[0]!.body)
})

test('a receiver that does not answer holds up nobody else, and is given up on for now after its time', async () => {
  const slow = await receiver(() => { /* never answers */ })
  const quick = await receiver()
  const { notify, clock, lines } = await open({ webhooks: [hook(slow.url), hook(quick.url)] })
  for (let count = 1; count <= 5; count += 1) await notify.enqueue(eventOf(count), { name })
  await until(() => quick.state.got.length === 5 && slow.state.tries === 1)
  await until(() => notify.state().deliveries === 5)
  clock.advance(webhookLimits.timeoutMs)
  await until(() => lines.join('').includes('no answer within 15 s'))
})

test('an answer that comes a byte at a time is an answer: its status alone decides', async () => {
  const drips = await receiver((_, response) => { response.writeHead(200).write('.') })
  const { notify, clock, outcomes } = await open({ webhooks: [hook(drips.url)] })
  await notify.enqueue(eventOf(1), { name })
  await until(() => drips.state.tries === 1 && clock.waits.includes(webhookLimits.bodyMs))
  clock.advance(webhookLimits.bodyMs)
  await until(() => notify.state().deliveries === 0)
  expect(outcomes).toEqual(['nats delivered', 'webhook delivered'])
})

test('410 ends a webhook with a warning; the others go on', async () => {
  const gone = await receiver(status(410))
  const other = await receiver()
  const { notify, lines, outcomes } = await open({ webhooks: [hook(gone.url), hook(other.url)] })
  await notify.enqueue(eventOf(1), { name })
  await until(() => notify.state().disabled === 1)
  await notify.enqueue(eventOf(2), { name })
  await until(() => notify.state().deliveries === 0)
  expect([gone.state.tries, other.state.got.length]).toEqual([1, 2])
  expect(outcomes).toContain('webhook disabled')
  expect(lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'warn')).toMatchObject({ notDelivered: 1 })
})

test.each([
  { code: 429, header: '120', waits: 120_000 },
  { code: 503, header: '7', waits: 7000 },
  { code: 503, header: 'soon', waits: 750 },
  { code: 500, header: '120', waits: 750 },
])('after $code with Retry-After $header it waits $waits ms', async ({ code, header, waits }) => {
  const { url } = await receiver(status(code, { 'retry-after': header }))
  const { notify, failed, clock } = await open({ webhooks: [hook(url)] })
  await notify.enqueue(eventOf(1), { name })
  await failed(1)
  expect(clock.waits).toEqual([waits])
})

test('a redirect is not followed, and the log says so without the secret path', async () => {
  const target = await receiver()
  const { url } = await receiver(status(307, { location: target.url }))
  const { notify, failed, lines } = await open({ webhooks: [hook(url)] })
  await notify.enqueue(eventOf(1), { name })
  await failed(1)
  expect(target.state.tries).toBe(0)
  expect(lines.join('')).toContain('redirects are not followed')
  expect(lines.join('') + readFileSync(join(folder, 'alerts.ndjson'), 'utf8')).not.toContain('secret-path')
})

test('an endless answer is read up to its bound and counts by its status', async () => {
  const { url } = await receiver((_, response) => {
    response.writeHead(200)
    const more = () => { while (!response.destroyed && response.write('x'.repeat(65_536))); }
    response.on('drain', more)
    more()
  })
  const { notify, outcomes } = await open({ webhooks: [hook(url)] })
  await notify.enqueue(eventOf(1), { name })
  await until(() => notify.state().deliveries === 0)
  expect(outcomes).toContain('webhook delivered')
})

test('at its bound the oldest that waits gives way, with an error; the one on its way and the newest stay', async () => {
  const { state, url } = await receiver(status(500))
  const { notify, failed, clock, lines, outcomes } = await open({ webhooks: [hook(url)], limits: { waitingMax: 3 } })
  for (let count = 1; count <= 5; count += 1) await notify.enqueue(eventOf(count), { name })
  await failed(1)
  expect(outcomes.filter((outcome) => outcome === 'webhook dropped')).toHaveLength(2)
  expect(lines.filter((line) => JSON.parse(line).level === 'error')).toHaveLength(2)
  state.answer = status(204)
  clock.advance(1000)
  await until(() => notify.state().deliveries === 0)
  expect(state.got).toHaveLength(3)
  expect(state.got.at(-1)!.id).toBe(eventOf(5).id)
})

test('an alert that is too old is given up with an error, and the next one goes', async () => {
  const { state, url } = await receiver(status(500))
  const { notify, failed, clock, lines, outcomes } = await open({ webhooks: [hook(url)], limits: { ageMaxMs: 60_000 } })
  await notify.enqueue(eventOf(1), { name })
  await failed(1)
  state.answer = status(204)
  clock.at += 100_000
  await notify.enqueue(eventOf(2), { name })
  clock.advance(0)
  await until(() => notify.state().deliveries === 0)
  expect(state.got.map(({ id }) => id)).toEqual([eventOf(2).id])
  expect(outcomes).toContain('webhook expired')
  expect(lines.some((line) => JSON.parse(line).level === 'error')).toBe(true)
})

test('what waits for a webhook that the settings no longer name is let go with a warning', async () => {
  const { url } = await receiver(status(500))
  const first = await open({ webhooks: [hook(url)] })
  await first.notify.enqueue(eventOf(1), { name })
  await first.failed(1)
  await first.close()
  const second = await open()
  expect(second.notify.state().deliveries).toBe(0)
  expect(second.lines.join('')).toContain('no longer name')
})

test('an alert that cannot be written is refused, so that the position does not move past it', async () => {
  const { notify, announced } = await open()
  rmSync(folder, { recursive: true, force: true })
  writeFileSync(folder, 'a file where the folder should be')
  await expect(notify.enqueue(eventOf(1), { name })).rejects.toThrow(/EEXIST|ENOTDIR/)
  expect(announced).toEqual([])
  rmSync(folder)
  await notify.enqueue(eventOf(1), { name })
  await until(() => announced.length === 1)
})

test('the journal is rewritten as it grows, and still knows what was delivered', async () => {
  const first = await open({ limits: { rewriteAfter: 10, knownMax: 50 } })
  for (let count = 1; count <= 100; count += 1) await first.notify.enqueue(eventOf(count), { name })
  await until(() => first.notify.state().deliveries === 0)
  await first.close()
  expect(readFileSync(join(folder, 'alerts.ndjson'), 'utf8').split('\n').length).toBeLessThan(90)
  const second = await open({ limits: { rewriteAfter: 10, knownMax: 50 } })
  for (let count = 60; count <= 101; count += 1) await second.notify.enqueue(eventOf(count), { name })
  await until(() => second.notify.state().deliveries === 0)
  expect(second.announced.map(({ id }) => id)).toEqual([eventOf(101).id])
})
