import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { io as connect } from 'socket.io-client'
import { expect, test } from 'vitest'
import { createHttp } from '../http/http.ts'
import { createLog } from '../log/log.ts'
import { createLive } from './live.ts'
import { unasked } from '../http/unasked.testing.ts'

const token = 'f00df00df00df00df00d'

test('behind one server and one guard: the cookie of /?token= opens the feed, nothing else does, the API goes on, and all of it ends', async () => {
  const never = () => { throw new Error('not asked') }
  const http = await createHttp({ ...unasked,
    version: '1', token, listen: '127.0.0.1', hosts: [], dashboard: tmpdir(), log: createLog({ write: () => {} }), now: () => 0, clock: () => null,
    health: () => ({ ok: true, parts: { nats: { ok: true, detail: '' }, store: { ok: true, detail: '' }, engine: { ok: true, detail: '' } } }),
    stats: never, topics: () => [], topic: () => null, rulesOf: () => null, someTopics: () => [], series: never, history: never, countdowns: () => null, cascades: never, spikes: never, deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, doctor: never, backup: never, backupCopied: never, publish: never, metrics: { contentType: 'text/plain', text: never },
  })
  const totals = { stored: 1, counted: 1, duplicates: 0, late: 0, skewed: 0, deadLetters: 0, perMinute: 0, spark: [] }
  const live = createLive({
    httpServer: http.server, refusal: http.refusal, problems: () => [], onError: (error) => { throw error }, every: () => () => {},
    room: () => ({ title: { zh: '值班', en: 'Watch' }, zone: 'Asia/Shanghai', mode: 'live', version: '1' }),
    picture: () => ({ clock: 5, totals, topics: [], topicsTotal: 0, sources: [], alerts: [], silences: [], pin: null, canary: null }),
  })
  try {
    const { url } = await http.listen(0)
    const handshake = (headers: Record<string, string>) => fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers })
    expect((await handshake({})).status).toBe(403)
    expect((await handshake({ authorization: 'Bearer wrong' })).status).toBe(403)
    const page = await fetch(`${url}/?token=${token}`, { redirect: 'manual' })
    const cookie = page.headers.get('set-cookie')!.split(';')[0]!
    expect((await handshake({ cookie, origin: 'https://evil.example' })).status).toBe(403)
    const socket = connect(url, { transports: ['websocket'], reconnection: false, forceNew: true, extraHeaders: { cookie } })
    const snapshot = await new Promise<{ clock: number }>((resolve) => { socket.once('snapshot', resolve) })
    expect(snapshot.clock).toBe(5)
    expect((await fetch(`${url}/api/topics`, { headers: { cookie } })).status).toBe(200)
    const ended = new Promise((resolve) => { socket.once('disconnect', resolve) })
    const closed = once(http.server, 'close')
    await live.close()
    await http.close()
    await Promise.all([ended, closed])
    expect(live.clients()).toBe(0)
  } finally {
    await live.close()
    await http.close()
  }
})
