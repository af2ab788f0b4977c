// Who reads over HTTP while the store is away is told so within seconds, on every route: where the embedded ClickHouse hangs, and where it is killed.
import { expect, onTestFinished, test } from 'vitest'
import { testFolder, waitUntil } from './processes.ts'
import { startEngine } from './running-engine.ts'

const rules = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网, velocity: [ { count: 1000000, within: 2h } ] }\n'
const routes = ['/api/stats', '/api/topics/outage/series', '/api/topics/outage/baseline', '/api/spikes', '/api/dead-letters', '/api/dead-letters/reasons']
const secondsMax = 25 // three, and what a busy machine adds: less than the half minute after which any read is given up

test('every route that reads the store is answered 503 while ClickHouse hangs and while it is dead, and well again afterwards', async () => {
  const engine = await startEngine({ folder: await testFolder('e2e-store-away'), rules })
  onTestFinished(() => engine.end())
  const now = Date.now()
  await engine.post(Array.from({ length: 500 }, (_, i) => JSON.stringify({ id: `a:${i}`, ts: now - 100 * i, platform: 'weibo', author: 'u', text: '断网了' })).join('\n'))
  await engine.until('all are stored', ({ stored }) => stored >= 500)
  const answers = (): Promise<{ route: string; status: number; error: string | null; says: string; inTime: boolean }[]> => Promise.all(routes.map(async (route) => {
    const begun = performance.now()
    const answer = await fetch(engine.url + route)
    const { error = null, detail = '' } = await answer.json() as { error?: string; detail?: string }
    return { route, status: answer.status, error, says: detail, inTime: performance.now() - begun < secondsMax * 1000 }
  }))
  const well = routes.map((route) => ({ route, status: 200, error: null, says: '', inTime: true }))
  const away = routes.map((route) => ({ route, status: 503, error: 'store-down', says: expect.stringMatching(/^ClickHouse cannot be (counted|read) now: /) as string, inTime: true }))
  await waitUntil('each is answered', async () => { expect(await answers()).toEqual(well); return true })
  const child = engine.part('chdb-child').pid
  process.kill(child, 'SIGSTOP')
  try { expect(await answers()).toEqual(away) } finally { process.kill(child, 'SIGCONT') }
  await waitUntil('all is well again', async () => (await answers()).every(({ status }) => status === 200))
  // It is back within a second, which a busy machine may need to ask: then it is killed again, and stays away for longer each time.
  const dead = await waitUntil('all are asked while it is dead', async () => {
    process.kill(engine.part('chdb-child').pid, 'SIGKILL')
    const told = await answers()
    return told.every(({ status }) => status !== 200) && told
  })
  expect(dead).toEqual(away)
  await waitUntil('all is well with another child', async () => (await answers()).every(({ status }) => status === 200))
  await engine.stop()
})
