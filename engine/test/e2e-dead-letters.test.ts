// Dead letters as a user meets them: listed, counted, sent again byte for byte, and counted once however often that is done.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { groundswell, tempFolder, waitUntil, type Finished } from './processes.ts'
import { heldIn, startEngine, withStore, type RunningEngine } from './running-engine.ts'

let engine: RunningEngine
let folder = ''
let remove: () => Promise<void>
beforeAll(async () => {
  ({ folder, remove } = await tempFolder('e2e-dead-letters'))
  engine = await startEngine({ folder, rules: 'topics: []\n' })
})
afterAll(async () => {
  await engine?.end()
  await remove?.()
})

const run = async (...args: string[]): Promise<Finished & { readonly rows: Record<string, unknown>[] }> => {
  // A store that a busy machine keeps waiting is told as 503, and nothing is done then.
  const done = await waitUntil(`dead-letters ${args.join(' ')} is answered by a store that is there`, async () => {
    const tried = await groundswell(['dead-letters', ...args, '--http', new URL(engine.url).port], { cwd: folder })
    return !/ClickHouse cannot be read now/.test(tried.stderr) && tried
  })
  return { ...done, rows: done.stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>) }
}

/** The core counts a letter before the store has it. */
const inStore = (count: number, what: string): Promise<boolean> => waitUntil(what, async () => (await engine.get<{ deadLetters: unknown[] }>('/api/dead-letters')).deadLetters.length === count)

test('letters are listed and counted by reason; sent again those that are still bad are letters again, and nothing is sent twice unasked', async () => {
  const gbk = Buffer.concat([Buffer.from('{"id":"g","ts":1,"text":"'), Buffer.from([0xb6, 0xcf]), Buffer.from('"}')])
  await engine.post(Buffer.concat([Buffer.from('{"id":"1"}\n{"id":"ok","ts":1716206400000,"text":"好"}\nno json\n'), gbk]))
  await engine.until('three letters', ({ deadLetters, stored }) => deadLetters === 3 && stored === 1)
  await inStore(3, 'the store has them')
  const listed = await run()
  expect([listed.code, listed.rows.map(({ reason }) => reason).sort()], listed.stderr).toEqual([0, ['invalid-utf8', 'not-json', 'ts-missing']])
  expect((await run('--reason', 'ts-missing', '--since', '1h')).rows).toMatchObject([{ reason: 'ts-missing', raw: '{"id":"1"}', platform: 'http' }])
  expect((await run('reasons')).rows).toContainEqual(expect.objectContaining({ reason: 'not-json', letters: 1, replayed: 0, mend: expect.stringContaining('publisher') as string }))
  expect((await run('replay', '--dry-run')).rows).toMatchObject([{ letters: 3, sent: 0, dryRun: true }])

  const sent = await run('replay')
  expect([sent.code, sent.rows], sent.stderr).toMatchObject([0, [{ letters: 3, sent: 3, refused: 0, complete: true }]])
  await engine.until('they are bad still, and letters again', ({ deadLetters }) => deadLetters === 6)
  await inStore(3, 'only the new ones wait')
  expect((await run('list', '--all')).rows.filter(({ replayed }) => replayed !== null)).toHaveLength(3)
  expect(await (await fetch(`${engine.url}/metrics`)).text()).toContain('groundswell_dead_letters_replayed_total{outcome="sent"} 3')

  expect((await run('dismiss', '--reason', 'ts-missing', '--dry-run')).rows).toEqual([{ letters: 1, dryRun: true }])
  expect((await run('dismiss', '--reason', 'ts-missing')).rows).toEqual([{ letters: 1, dryRun: false }])
  expect((await run('list')).rows.map(({ reason }) => reason).sort(), 'what is dismissed waits no longer').toEqual(['invalid-utf8', 'not-json'])
  expect((await run('dismiss', '--before', '2020-01-01T00:00:00Z')).rows).toEqual([{ letters: 0, dryRun: false }])
  expect((await run('reasons')).rows).toContainEqual(expect.objectContaining({ reason: 'ts-missing', letters: 2, replayed: 2 }))
})

test('a letter that has become a mention counts once, however often it is sent again', async () => {
  const { position } = await engine.stats()
  await engine.stop()
  // As an engine with a fault in its decoder would have left it: a line that this one understands.
  await withStore(folder, (store) => store.insertRows('dead_letters', 'by-hand', [{ ingested: new Date().toISOString(), stream: position.stream, seq: 1, line: 9, subject: 'weibo', reason: 'poison', detail: '', raw: '{"id":"mended","ts":1716206400000,"text":"修好了"}' }]))
  engine = await startEngine({ folder })
  expect((await run('replay', '--reason', 'poison')).rows).toMatchObject([{ letters: 1, sent: 1, repeated: 0 }])
  await engine.until('it is stored', ({ stored }) => stored === 2)
  const replay = async (all: boolean): Promise<unknown> => (await fetch(`${engine.url}/api/dead-letters/replay?reason=poison&all=${all}`, { method: 'POST' })).json()
  expect(await replay(false), 'it was sent already').toMatchObject({ letters: 0 })
  expect(await replay(true), 'the same message within the window of NATS').toMatchObject({ letters: 1, sent: 1 })
  const again = await fetch(`${engine.url}/api/mentions?platform=weibo`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: '{"id":"mended","ts":1716206400000,"text":"修好了"}' })
  expect(again.status).toBe(202)
  await engine.until('the second is a duplicate', ({ duplicates }) => duplicates === 1)
  await engine.stop()
  expect(await withStore(folder, (store) => heldIn(store, 'id = \'mended\''))).toEqual({ rows: 1, ids: 1 })
})

test('without an engine it says to start one; wrong usage is 2', async () => {
  const away = await groundswell(['dead-letters', 'replay', '--http', '1'], { cwd: folder })
  expect([away.code, away.stdout]).toEqual([1, ''])
  expect(away.stderr).toContain('no engine answers at http://127.0.0.1:1')
  expect(away.stderr).toContain('groundswell start')
  for (const args of [['--since', 'yesterday'], ['replay', '--limit', '5'], ['dismiss', '--reason', 'ts-misssing']]) expect((await groundswell(['dead-letters', ...args], { cwd: folder })).code, args.join(' ')).toBe(2)
  expect((await groundswell(['dead-letters', 'list', '--reason', 'nope'], { cwd: folder })).stderr).toMatch(/no such reason; known are not-json, .*poison/s)
})
