// The list of bad input, sent to a running engine through POST /api/mentions and through `publish`: each case gets one clear
// answer – a dead letter, a counter, a refusal – and the good lines around it are stored.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import type { Stats } from '@groundswell/schemas/stats.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groundswell, tempFolder, type Finished } from './processes.ts'
import { startEngine, withStore, type Posted, type RunningEngine } from './running-engine.ts'

const now = Date.now()
type Json = Record<string, unknown>
const mention = (id: string, more: Json = {}): string => JSON.stringify({ id, ts: now, text: '网络中断 outage', platform: 'weibo', ...more })

/** What becomes of a case: a row with these fields, a dead letter, or nothing but a count. */
interface Case {
  readonly name: string
  readonly line: (id: string) => string | Buffer
  readonly row?: Json
  readonly dead?: readonly [reason: string, detail: RegExp]
  readonly counts?: Partial<Stats>
}

const cases: readonly Case[] = [
  { name: 'not JSON', line: () => 'hello, world', dead: ['not-json', /write one JSON object a line/] },
  { name: 'JSON that breaks off', line: (id) => mention(id).slice(0, -9), dead: ['not-json', /write one JSON object a line/] },
  { name: 'a JSON array', line: (id) => `[${mention(id)}]`, dead: ['not-an-object', /the line is \[\{.*…: write one JSON object a line/] },
  { name: 'a number', line: () => '42', dead: ['not-an-object', /the line is 42: write/] },
  { name: 'no id', line: (id) => mention(id, { id: undefined }), dead: ['id-missing', /give each mention/] },
  { name: 'no ts', line: (id) => mention(id, { ts: undefined }), dead: ['ts-missing', /milliseconds/] },
  { name: 'no text', line: (id) => mention(id, { text: undefined }), dead: ['text-missing', /""/] },
  { name: 'an empty text', line: (id) => mention(id, { text: '' }), row: { text: '', fate: 0 }, counts: { counted: 1 } },
  { name: 'a numeric id', line: (id) => mention(id, { id: 4_345_000_001 }), dead: ['id-not-a-string', /4345000001: quote it/] },
  { name: 'an empty id', line: (id) => mention(id, { id: '' }), dead: ['id-empty', /unique/] },
  { name: 'parent: null', line: (id) => mention(id, { parent: null }), row: { parent: '', extra: '', fate: 0 }, counts: { counted: 1 } },
  { name: 'parent = self', line: (id) => mention(id, { parent: id }), row: { parent: '', extra: (id: string) => JSON.stringify({ parent: id }), fate: 0 }, counts: { counted: 1 } },
  { name: 'ts in seconds', line: (id) => mention(id, { ts: Math.floor(now / 1000) }), dead: ['ts-in-seconds', /looks like seconds/] },
  { name: 'ts an hour ahead', line: (id) => mention(id, { ts: now + 3_600_000 }), row: { ts: now + 3_600_000, fate: 2 }, counts: { skewed: 1 } },
  { name: 'ts an hour ago', line: (id) => mention(id, { ts: now - 3_600_000 }), row: { ts: now - 3_600_000, fate: 1 }, counts: { late: 1 } },
  { name: 'ts in 1970', line: (id) => mention(id, { ts: '1970-01-01T00:00:00Z' }), dead: ['ts-before-2000', /before 2000/] },
  { name: 'ts 0', line: (id) => mention(id, { ts: 0 }), dead: ['ts-in-seconds', /ts is 0/] },
  { name: 'ts not a date', line: (id) => mention(id, { ts: 'yesterday' }), dead: ['ts-not-a-time', /"yesterday"/] },
  { name: 'ts without a zone', line: (id) => mention(id, { ts: '2026-01-31T08:00:00' }), dead: ['ts-without-zone', /append Z/] },
  { name: 'invalid UTF-8', line: (id) => Buffer.from(mention(id, { text: 'caf\u00e9' }), 'latin1'), dead: ['invalid-utf8', /encode it as UTF-8/] },
  { name: 'an escaped NUL', line: (id) => mention(id, { text: 'a\0b' }), row: { text: 'a\ufffdb', fate: 0 }, counts: { counted: 1 } },
  { name: 'a bare NUL', line: (id) => mention(id, { text: 'a~b' }).replace('~', '\0'), dead: ['not-json', /write one JSON object a line/] },
  { name: 'lone surrogates', line: (id) => mention(id, { text: 'x\ud83dy\ude00z' }), row: { text: 'x\ufffdy\ufffdz', fate: 0 }, counts: { counted: 1 } },
  { name: 'a duplicate in the same batch', line: (id) => mention(id.replace(/bad$/, 'before')), counts: { duplicates: 1 } },
  { name: 'a duplicate of another batch', line: (id) => mention(`${id.slice(0, id.indexOf('/'))}/0/before`), counts: { duplicates: 1 } },
  { name: 'unknown fields', line: (id) => mention(id, { mood: '愤怒', reported: { n: 3 } }), row: { extra: '{"mood":"愤怒","reported":{"n":3}}', fate: 0 }, counts: { counted: 1 } },
  { name: 'optional fields of wrong types', line: (id) => mention(id, { likes: 'many', verified: 1, tags: 'x' }), row: { likes: -1, tags: [], fate: 0, extra: '{"verified":1,"likes":"many","tags":"x"}' }, counts: { counted: 1 } },
  { name: 'an id of 257 bytes', line: (id) => mention(id, { id: 'x'.repeat(257) }), dead: ['id-too-long', /at most 256/] },
]

const before = (way: string, index: number): string => `${way}/${index}/before`
const bad = (way: string, index: number): string => `${way}/${index}/bad`
const after = (way: string, index: number): string => `${way}/${index}/after`
const bodyOf = (way: string, index: number): Buffer => Buffer.concat([
  Buffer.from(`${mention(before(way, index))}\n`), Buffer.from(cases[index]!.line(bad(way, index))), Buffer.from(`\n${mention(after(way, index))}\n`),
])
const tall = (id: string, bytes: number): string => { const empty = mention(id, { text: '' }); return mention(id, { text: 'x'.repeat(bytes - empty.length) }) }
const tenMegabytes = tall('ten-megabytes', 10_000_000)
const overTheLimit = tall('over-the-limit', mentionLimits.lineBytesMax + 1)

interface Row { readonly id: string; readonly [column: string]: unknown }
interface Dead { readonly reason: string; readonly detail: string; readonly raw: string }
/** Dead letters come in the order of the stream: first those of HTTP, then those of NATS, each in the order of the cases. */
function deadOf(way: string, index: number): readonly Dead[] {
  if (!cases[index]!.dead) return []
  const place = cases.slice(0, index).filter((each) => each.dead).length + (way === 'http' ? 0 : cases.filter((each) => each.dead).length)
  return dead.slice(place, place + 1)
}
interface Way { readonly name: 'http' | 'nats'; readonly steps: Stats[] }

let folder = ''
let engine: RunningEngine
let rows: ReadonlyMap<string, Row>
let dead: readonly Dead[]
let bigPost: Posted
let longPost: Posted
let bigPublish: Finished
const ways: readonly Way[] = [{ name: 'http', steps: [] }, { name: 'nats', steps: [] }]
const cleanUp: (() => Promise<unknown>)[] = []

const handled = ({ counted, duplicates, late, skewed, deadLetters }: Stats): number => counted + duplicates + late + skewed + deadLetters

beforeAll(async () => {
  const made = await tempFolder('e2e-bad')
  folder = made.folder
  cleanUp.push(made.remove)
  engine = await startEngine({ folder, rules: 'topics: []\n' })
  cleanUp.push(() => engine.end())
  let lines = 0
  const settle = async ({ steps }: Way, more: number): Promise<void> => { lines += more; steps.push(await engine.until(`${lines} lines are applied`, (stats) => handled(stats) === lines)) }
  const [http, nats] = ways as readonly [Way, Way]
  await settle(http, 0)
  for (const index of cases.keys()) {
    expect((await engine.post(bodyOf('http', index))).answer.accepted).toBe(3)
    await settle(http, 3)
  }
  longPost = await engine.post(`${mention('long/before')}\n${overTheLimit}\n${mention('long/after')}\n`)
  bigPost = await engine.post(`${mention('big/before')}\n${tenMegabytes}\n${mention('big/after')}\n`)
  await settle(http, 2)
  const all = Buffer.concat([...cases.keys()].map((index) => bodyOf('nats', index)))
  await writeFile(join(folder, 'bad.ndjson'), Buffer.concat([all, Buffer.from(`${tenMegabytes}\n${overTheLimit}\n${mention('nats/last')}\n`)]))
  await settle(nats, 0)
  bigPublish = await groundswell(['publish', 'bad.ndjson', '--nats', engine.nats], { cwd: folder })
  await settle(nats, 3 * cases.length + 1)
  const { stored } = await engine.until('all rows are stored', ({ stored, counted, late, skewed }) => stored === counted + late + skewed)
  await engine.until('the position is behind the last message', ({ position }) => position.seq > cases.length)
  await engine.stop()
  await withStore(folder, async (store) => {
    const found = await store.query<Row>('SELECT id, toUnixTimestamp64Milli(ts) AS ts, platform, parent, text, extra, fate, likes, tags FROM mentions')
    expect(found).toHaveLength(stored)
    rows = new Map(found.map((row) => [row.id, row]))
    expect(rows.size).toBe(stored)
    dead = await store.query<Dead>('SELECT reason, detail, raw FROM dead_letters ORDER BY seq, line')
  })
})
afterAll(async () => { for (const end of cleanUp.toReversed()) await end() })

describe.each(ways)('sent through $name', ({ name: way, steps }) => {
  test.each(cases.map((each, index) => ({ ...each, index })))('$name', ({ index, row, dead: letter, counts, line }) => {
    expect([rows.has(before(way, index)), rows.has(after(way, index))], 'the good lines around it are stored').toEqual([true, true])
    if (row) {
      const expected = Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'function' ? (value as (id: string) => unknown)(bad(way, index)) : value]))
      expect(rows.get(bad(way, index))).toMatchObject(expected)
    } else expect(rows.has(bad(way, index))).toBe(false)
    const letters = deadOf(way, index)
    if (letter) {
      expect(letters.map(({ reason }) => reason)).toEqual([letter[0]])
      expect(letters[0]!.detail).toMatch(letter[1])
      expect(letters[0]!.raw).toBe(Buffer.from(line(bad(way, index))).toString())
    } else expect(letters).toEqual([])
    if (way === 'nats') return
    const [from, to] = [steps[index]!, steps[index + 1]!]
    const wanted = { counted: 2, duplicates: 0, late: 0, skewed: 0, deadLetters: letter ? 1 : 0 } // the good ones around it
    for (const [key, more] of Object.entries(counts ?? {})) wanted[key as keyof typeof wanted] += more as number
    expect(Object.fromEntries(Object.keys(wanted).map((key) => [key, to[key as keyof typeof wanted] - from[key as keyof typeof wanted]]))).toEqual(wanted)
  })
})

test('through NATS all cases give the same counts as over HTTP', () => {
  const gained = (steps: readonly Stats[], last: number): number[] => (['counted', 'duplicates', 'late', 'skewed', 'deadLetters'] as const).map((key) => steps[last]![key] - steps[0]![key])
  const [http, nats] = ways as readonly [Way, Way]
  const byHttp = gained(http.steps, cases.length)
  byHttp[0]! += 1 // the good line behind the 10 MB
  expect(gained(nats.steps, 1)).toEqual(byHttp)
})

test('a line of 10 MB: POST refuses the whole body before it takes a line; publish refuses the line and sends the rest', () => {
  expect(bigPost).toMatchObject({ status: 413, answer: { error: 'body-too-long' } })
  expect([rows.has('big/before'), rows.has('big/after')]).toEqual([false, false])
  expect(bigPublish.code).toBe(1)
  const [refused, , sum] = bigPublish.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Json)
  expect(refused).toMatchObject({ kind: 'refused', file: 'bad.ndjson', line: 3 * cases.length + 1, bytes: 10_000_000, reason: expect.stringContaining('do not fit a NATS message') as string })
  expect(sum).toMatchObject({ published: 3 * cases.length + 1, refused: 2 })
  expect(rows.has('nats/last')).toBe(true)
})

test('a line over the one limit: POST and publish name it in their answers', () => {
  const bytes = mentionLimits.lineBytesMax + 1
  expect(longPost).toMatchObject({ status: 202, answer: { accepted: 2, refusedTotal: 1, refused: [{ line: 2, bytes, reason: 'too-long' }] } })
  expect([rows.has('long/before'), rows.has('long/after')]).toEqual([true, true])
  expect(JSON.parse(bigPublish.stdout.split('\n')[1]!)).toMatchObject({ kind: 'refused', line: 3 * cases.length + 2, bytes })
})

test('nothing else became a dead letter', () => {
  expect(dead).toHaveLength(2 * cases.filter((each) => each.dead).length)
})
