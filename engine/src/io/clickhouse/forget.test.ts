// One bit of one part is flipped on the disk: what is asked to be forgotten is refused in bounded time, and nothing stays behind that blocks.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbeddedClickhouse } from './embedded.ts'
import { forget, isForgotten } from './forget.ts'
import { openStore, type ClickhouseStore } from './store.ts'

const rowsOf = (author: string) => Array.from({ length: 500 }, (_, i) => ({ id: `${author}:${i}`, ts: '2026-01-01 00:00:00', ingested: '2026-01-01 00:00:00', author: i % 7 === 0 ? 'gone' : author, text: `${author} says ${Math.sin(i)}`, platform: 'weibo' }))

async function open(directory: string): Promise<{ store: ClickhouseStore; end: () => Promise<void> }> {
  const embedded = await startEmbeddedClickhouse({ directory })
  const store = await openStore({ ...embedded, retentionDays: 10_000 })
  let ended = false
  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    await store.close()
    await embedded.stop()
  }
  onTestFinished(end)
  return { store, end }
}

test('a damaged part refuses to forget, by name, and blocks neither what is stored later nor what is forgotten once it is taken out', { timeout: 90_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'groundswell-forget-damage-'))
  onTestFinished(() => { rmSync(directory, { recursive: true, force: true }) })
  const before = await open(directory)
  for (const author of ['a', 'b']) await before.store.insertRows('mentions', author, rowsOf(author))
  const [part] = await before.store.query<{ name: string; path: string }>('SELECT name, path FROM system.parts WHERE active AND database = currentDatabase() AND table = \'mentions\' ORDER BY name')
  await before.end()
  const file = join(part!.path, 'data.bin')
  const bytes = readFileSync(file)
  bytes[Math.floor(bytes.length * 0.7)]! ^= 1
  writeFileSync(file, bytes)

  const { store } = await open(directory)
  await expect(forget(store, { token: 't', author: 'gone' })).rejects.toMatchObject({ name: 'StoreRefused', message: expect.stringMatching(new RegExp(`mentions.*${part!.name}`, 's')) })
  expect(await store.query('SELECT mutation_id FROM system.mutations WHERE database = currentDatabase() AND NOT is_done')).toEqual([])
  expect(await isForgotten(store, { author: 'gone' })).toBe(false)
  await store.insertRows('mentions', 'c', rowsOf('c'))

  await store.command(`ALTER TABLE mentions DETACH PART '${part!.name}'`)
  const { mentions } = await forget(store, { token: 't2', author: 'gone' })
  expect(mentions).toBeGreaterThanOrEqual(72)
  expect(await store.query('SELECT count() AS n FROM mentions WHERE author = \'gone\'')).toEqual([{ n: 0 }])
  expect(await isForgotten(store, { author: 'gone' })).toBe(true)
})
