import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { rejectReasons } from '@groundswell/schemas/mention.ts'
import { meaningOf } from './dead-letter-reasons.ts'
import { engineAt, EngineAway, EngineRefused } from './engine-http.ts'

let server: Server | null = null
afterEach(() => { server?.close(); server = null })

/** Answers each request with this, and tells what it was. */
async function answering(status: number, body: string): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = []
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`)
    response.writeHead(status, { connection: 'close' }).end(body)
  })
  await new Promise<void>((resolve) => { server!.listen(0, '127.0.0.1', resolve) })
  return { port: (server.address() as AddressInfo).port, asked }
}

test('a question goes with the token and without what is undefined', async () => {
  const { port, asked } = await answering(200, '{"letters":3}')
  const engine = engineAt({ http: port, listen: '0.0.0.0', token: 'f00df00df00df00d' })
  expect(await engine.get('/api/dead-letters', { reason: 'a b', since: undefined, all: true, limit: 5 })).toEqual({ letters: 3 })
  await engineAt({ http: port, listen: '127.0.0.1', token: null }).post('/api/dead-letters/replay')
  expect(asked).toEqual(['GET /api/dead-letters?reason=a+b&all=true&limit=5 Bearer f00df00df00df00d', 'POST /api/dead-letters/replay -'])
})

test('a no is told in the engine\'s own words, with its figures', async () => {
  const { port } = await answering(503, '{"error":"stream-full","detail":"it is full","hint":"later","sent":4}')
  const failure = await engineAt({ http: port, listen: '127.0.0.1', token: null }).post('/x').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(EngineRefused)
  expect(failure).toMatchObject({ message: 'the engine answers 503: it is full – later', status: 503, body: { sent: 4 } })
})

test('a health that is not well is an answer; no JSON is a no', async () => {
  const { port } = await answering(503, '{"ok":false}')
  expect(await engineAt({ http: port, listen: '127.0.0.1', token: null }).get('/api/health')).toEqual({ ok: false })
  server!.close()
  const other = await answering(502, '<html>')
  await expect(engineAt({ http: other.port, listen: '127.0.0.1', token: null }).get('/x')).rejects.toThrow('the engine answers 502: without a reason')
})

test('where nobody answers, or the port is open, it says what to do', async () => {
  const { port } = await answering(200, '{}')
  await new Promise((resolve) => { server!.close(resolve) })
  await expect(engineAt({ http: port, listen: '127.0.0.1', token: null }).get('/x')).rejects.toThrow(EngineAway)
  await expect(engineAt({ http: 0, listen: '127.0.0.1', token: null }).get('/x')).rejects.toThrow(/name the one that the engine wrote to its log with --http PORT/)
  expect([engineAt({ http: 1, listen: '::', token: null }).url, engineAt({ http: 1, listen: '10.0.0.5', token: null }).url]).toEqual(['http://[::1]:1', 'http://10.0.0.5:1'])
})

test('every reason says what it means and what to do; one of another version says so', () => {
  const unknown = meaningOf('of-tomorrow')
  for (const reason of [...rejectReasons, 'poison']) expect([meaningOf(reason).means, meaningOf(reason).mend].every((text) => text !== '' && text !== unknown.means)).toBe(true)
  expect(unknown.means).toContain('does not know')
})
