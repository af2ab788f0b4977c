// Rules written at a desk of the real engine: a query is tried, a topic is tested against what is stored, saved, filled and told; the file is written, and
// nothing is published twice.
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backtestLineSchema, previewAnswerSchema, rulesTextSchema, type BacktestLine, type RulesText } from '@groundswell/schemas/rules-desk.ts'
import { alarmState, type AlarmEvent } from '@groundswell/schemas/spike.ts'
import { beforeAll, expect, test } from 'vitest'
import { Alerts } from '../src/core/5-respond/alerts.ts'
import { groundswell, tempFolder, waitUntil } from './processes.ts'
import { startEngine, type RunningEngine } from './running-engine.ts'

const rules = `# the room's rules\ntopics:\n  - id: outage # never rename\n    name: { zh: 断网, en: Outage }\n    query: '断网'\n    velocity: [ { count: 1000000, within: 2h } ]\n`
const refund = { id: 'refund', name: { zh: '退款', en: 'Refund' }, query: '退款 OR refund', velocity: [{ count: 20, within: '1m', grade: 'severe' }, { count: 8, within: '1m', grade: 'minor' }], spread: [{ size: 12, within: '1h', grade: 'moderate' }] }
const start = Date.parse('2024-05-20T12:00:00Z') // eight in the evening in Shanghai
const seconds = 5 * 3600

/** One mention a second; every two hours a minute in which many ask for a refund, more each time, all under one root. */
function recording(): string {
  const lines: string[] = []
  for (let second = 0; second < seconds; second++) {
    const burst = second % 7200 < 60 ? Math.floor(second / 7200) + 1 : 0
    lines.push(JSON.stringify({ id: `m${second}`, ts: start + second * 1000, platform: 'weibo', text: second % 3 === 0 ? '断网了' : '天气不错' }))
    if (burst > 0 && second % 4 < burst) lines.push(JSON.stringify({ id: `r${second}`, ts: start + second * 1000, platform: 'weibo', text: `我要退款 ${second}`, ...(second % 7200 > 0 ? { parent: `r${second - second % 7200}`, root: `r${second - second % 7200}` } : {}) }))
  }
  return `${lines.join('\n')}\n`
}

let folder = ''
let engine: RunningEngine
const ask = (method: string, path: string, body: unknown): Promise<Response> => fetch(`${engine.url}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const inForce = async (): Promise<RulesText> => rulesTextSchema.parse(await engine.get('/api/rules'))
const edited = async (text: string, edit: unknown): Promise<string> => ((await (await ask('POST', '/api/rules/edit', { text, edit })).json()) as { text: string }).text

async function backtest(topic: unknown): Promise<Extract<BacktestLine, { done: true }>> {
  const lines = (await (await ask('POST', '/api/rules/backtest', { topic, days: 30 })).text()).trim().split('\n').map((line) => backtestLineSchema.parse(JSON.parse(line)))
  expect(lines.slice(0, -1).every(({ done }) => !done)).toBe(true)
  const last = lines.at(-1)!
  return last.done ? last : expect.fail('the last line is no result')
}

beforeAll(async () => {
  const own = await tempFolder('e2e-rules-desk')
  folder = own.folder
  engine = await startEngine({ folder, rules })
  await chmod(join(folder, 'rules.yml'), 0o640)
  await writeFile(join(folder, 'mentions.ndjson'), recording())
  const { code, stderr } = await groundswell(['publish', 'mentions.ndjson', '--nats', engine.nats], { cwd: folder })
  expect(code, stderr).toBe(0)
  await engine.until('what was published is stored', ({ stored }) => stored === recording().trim().split('\n').length)
  return async () => {
    await engine.end()
    await own.remove()
  }
})

test('a query is tried on the newest mentions of the day, with the places of its terms; a wrong one is told with its column', async () => {
  const found = previewAnswerSchema.parse(await (await ask('POST', '/api/rules/preview', { query: '斷網 OR 退款', lang: 'zh', limit: 50 })).json())
  const texts = recording().trim().split('\n').map((line) => (JSON.parse(line) as { text: string }).text)
  expect(found).toMatchObject({ looked: texts.length, matched: texts.filter((text) => /断网|退款/.test(text)).length, explained: '含“断网”、“退款”之一的提及。' })
  expect(found.examples).not.toEqual([])
  for (const { text, spans } of found.examples) expect(spans.map(([from, to]) => text.slice(from, to)).every((met) => met === '断网' || met === '退款')).toBe(true)
  const wrong = await ask('POST', '/api/rules/preview', { query: '断网 OR (a' })
  expect([wrong.status, await wrong.json()]).toEqual([400, expect.objectContaining({ error: 'wrong-query', column: 7, drawn: expect.stringContaining('^'), said: [{ code: 'open-alone', values: {} }, { code: 'query-column', values: { column: 7 } }] })])
})

test('what a topic would have told is what the same recording tells', async () => {
  const result = await backtest(refund)
  await writeFile(join(folder, 'refund.yml'), `topics:\n  - ${JSON.stringify(refund)}\n`)
  const { stdout } = await groundswell(['backtest', '--rules', 'refund.yml', '--input', 'mentions.ndjson'], { cwd: folder })
  const alerts = new Alerts() // the room's own episodes
  const expected = stdout.trim().split('\n').map((line) => JSON.parse(line) as AlarmEvent).filter(({ kind }) => kind === 'spike' || kind === 'clear' || kind === 'spread').flatMap((event, n) =>
    alerts.take({ event: { ...event, id: String(n) }, at: Date.parse(event.at) / 1000, name: refund.name }).map((alert) => alert.event as AlarmEvent).filter((told) => alarmState(told) === 'begin'))
  expect(result.told.map(({ at, grade, kind }) => ({ at, grade, kind }))).toEqual(expected.map(({ at, grade, kind }) => ({ at: Date.parse(at), grade, kind })))
  expect(result.told.map(({ grade }) => grade)).toEqual(['minor', 'moderate', 'minor', 'moderate', 'severe', 'minor', 'moderate', 'severe'])
  expect(result).toMatchObject({ looked: recording().trim().split('\n').length, alerts: 8, cutTo: null, from: start })
  expect(result.atNight).toBe(result.told.filter(({ at }) => at >= start + 2 * 3600_000).length) // ten and midnight in Shanghai
  expect(result.told.every(({ examples, words }) => examples.length > 0 && examples.every(({ text }) => text.includes('退款')) && words.zh !== '' && words.en !== '')).toBe(true)
})

test('a second backtest waits its turn, and one that nobody waits for ends', async () => {
  const leaving = new AbortController()
  const first = await fetch(`${engine.url}/api/rules/backtest`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ topic: refund }), signal: leaving.signal })
  const second = await ask('POST', '/api/rules/backtest', { topic: refund })
  // The first may be over before the second came in: then both have their result.
  if (second.status !== 200) expect([second.status, await second.json()]).toEqual([429, expect.objectContaining({ error: 'backtest-running' })])
  leaving.abort()
  await first.body?.cancel().catch(() => undefined)
  await waitUntil('the next one is taken', async () => (await ask('POST', '/api/rules/backtest', { topic: refund })).status === 200)
})

test('saved rules are in force when it is answered, stand in the file and in the log, and are published once', async () => {
  const before = await inForce()
  const text = await edited(before.text, { at: null, topic: refund })
  const saved = rulesTextSchema.parse(await (await ask('PUT', '/api/rules', { text, base: before.seq })).json())
  expect(saved).toMatchObject({ text, by: 'operator', file: 'rules.yml' })
  expect(saved.seq).toBeGreaterThan(before.seq)
  expect(text.startsWith(rules.slice(0, 60))).toBe(true)
  expect(await readFile(join(folder, 'rules.yml'), 'utf8')).toBe(text)
  expect((await stat(join(folder, 'rules.yml'))).mode & 0o777).toBe(0o640)
  await waitUntil('the topic has its past', async () => (await engine.topic('refund'))?.filling === false)
  // It trips by what comes now.
  const now = start + seconds * 1000
  await engine.post(`${Array.from({ length: 30 }, (_, n) => JSON.stringify({ id: `new${n}`, ts: now + 500 * n, text: `退款 ${n}` })).join('\n')}\n`)
  await waitUntil('the new topic has told', async () => ((await engine.get<{ spikes: { topic: string }[] }>('/api/spikes?topic=refund')).spikes.length > 0))
  // A change of the file behind it is read by the watcher, which passes over what the desk wrote: one command each.
  await writeFile(join(folder, 'rules.yml'), `${text}# by hand\n`)
  await waitUntil('the file is in force', async () => (await inForce()).text.endsWith('# by hand\n'))
  const log = await waitUntil('the log has them', async () => { const { rules: rows } = await engine.get<{ rules: { seq: number; by: string | null; at: number; size: number }[] }>('/api/rules/history'); return rows.length === 3 && rows })
  expect(log.map(({ by, size }) => [by, size])).toEqual([[null, Buffer.byteLength(text) + 10], ['operator', Buffer.byteLength(text)], [null, Buffer.byteLength(rules)]])
  expect(log[1]?.at).toBe(saved.at) // when the stream took them, which a restart does not change
  expect(await engine.get(`/api/rules/history?seq=${saved.seq}`)).toEqual({ seq: saved.seq, text })
  expect(await engine.get(`/api/rules/history?seq=${saved.seq}&changes=1`)).toEqual({ seq: saved.seq, changes: { added: { count: 1, topics: [{ id: 'refund', ...refund.name }] }, removed: { count: 0, topics: [] }, changed: { count: 0, topics: [] }, rest: false } })
  expect(await inForce()).toMatchObject({ by: null, at: expect.any(Number) })
})

test('a query that is changed while its topic has an open alert leaves the alert with who has it, and nobody is told twice', async () => {
  interface Told { readonly id: string; readonly clearedAt: string | null; readonly handling?: { readonly state: string; readonly assignee: string | null } }
  const told = async (): Promise<readonly Told[]> => (await engine.get<{ alerts: readonly Told[] }>('/api/alerts?topic=refund')).alerts
  const spikes = async (): Promise<number> => (await engine.get<{ spikes: readonly unknown[] }>('/api/spikes?topic=refund')).spikes.length
  const open = await waitUntil('its alerts are listed', async () => { const rows = (await told()).filter(({ clearedAt }) => clearedAt === null); return rows.length === 2 && rows })
  const rows = (await told()).length
  for (const { id: alert } of open) expect((await ask('POST', '/api/actions', { what: 'acknowledge', alert })).ok).toBe(true)
  await waitUntil('they are acknowledged', async () => (await told()).every(({ clearedAt, handling }) => clearedAt !== null || handling?.state === 'acknowledged'))
  const events = await waitUntil('the event of each is stored', async () => { const count = await spikes(); return count >= 2 && count }) // an alert is listed before the store has its event
  const before = await inForce()
  const text = before.text.replace(refund.query, '退款 OR refund OR 退费')
  expect((await ask('PUT', '/api/rules', { text, base: before.seq })).status).toBe(200)
  await waitUntil('it is counted anew', async () => (await engine.topic('refund'))?.filling === false)
  // Beyond the minute in which its past came, as loud as before.
  const later = start + seconds * 1000 + 61_000
  const { counted } = await engine.stats()
  await engine.post(`${Array.from({ length: 30 }, (_, n) => JSON.stringify({ id: `on${n}`, ts: later - 30_000 + 1000 * n, text: `退费 ${n}` })).join('\n')}\n${JSON.stringify({ id: 'beyond', ts: later, text: '天气' })}\n`)
  await waitUntil('they are counted', async () => (await engine.stats()).counted === counted + 31)
  const after = await told()
  expect(after.filter(({ clearedAt }) => clearedAt === null)).toMatchObject(open.map(({ id }) => ({ id, handling: { state: 'acknowledged' } })))
  expect([after.length, await spikes()]).toEqual([rows, events])
})

test('what is wrong is refused with its places, and what was edited from other rules with those in force', async () => {
  const { text, seq } = await inForce()
  const wrong = await ask('PUT', '/api/rules', { text: `${text}  - id: bad\n    query: '(a'\n`, base: seq })
  expect([wrong.status, await wrong.json()]).toEqual([400, expect.objectContaining({ error: 'wrong-rules', problems: [expect.objectContaining({ path: expect.stringMatching(/query$/), column: 13, said: expect.objectContaining({ code: 'in-query' }) })] })])
  const stale = await ask('PUT', '/api/rules', { text: `${text}# mine\n`, base: seq - 1 })
  expect([stale.status, await stale.json()]).toEqual([409, expect.objectContaining({ error: 'rules-changed', text, seq })])
  expect((await inForce()).seq).toBe(seq)
  expect((await readdir(folder)).filter((name) => name.startsWith('.rules'))).toEqual([])
})

test('a file that cannot be written saves nothing', async () => {
  const { seq, text } = await inForce()
  await rm(join(folder, 'rules.yml'))
  await mkdir(join(folder, 'rules.yml'))
  const answer = await ask('PUT', '/api/rules', { text: `${text}# mine\n`, base: seq })
  expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ error: 'file-not-written', detail: expect.stringMatching(/^rules\.yml cannot be written/) })])
  expect(await inForce()).toMatchObject({ seq, text })
})
