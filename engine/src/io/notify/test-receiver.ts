// For tests: a clock that is moved by hand, and a webhook receiver on loopback whose answer can be changed.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from './destination.ts'

/** Time stands still until it is moved; timers run when they are due. */
export class HandClock implements Clock {
  at = Date.now() // the verifier compares signatures with the real time
  #timers: { readonly due: number; readonly run: () => void }[] = []
  now() { return this.at }
  after(ms: number, run: () => void) {
    const timer = { due: this.at + ms, run }
    this.#timers.push(timer)
    return () => { this.#timers = this.#timers.filter((each) => each !== timer) }
  }
  /** How long until each timer. */
  get waits() { return this.#timers.map(({ due }) => due - this.at) }
  advance(ms: number) {
    this.at += ms
    const due = this.#timers.filter((timer) => timer.due <= this.at)
    this.#timers = this.#timers.filter((timer) => timer.due > this.at)
    for (const { run } of due) run()
  }
}

/** Turns the event loop until it is so. */
export const until = async (what: () => boolean) => { while (!what()) await new Promise((resolve) => { setImmediate(resolve) }) }

export type Answer = (request: IncomingMessage, response: ServerResponse) => void
interface Got { readonly id: string; readonly headers: Record<string, string>; readonly body: string }

/** A receiver whose answer can be changed; what it took with 2xx is `got`, every attempt is `tries`. */
export async function receiver(answer: Answer = (_, response) => { response.writeHead(204).end() }) {
  const state = { answer, got: [] as Got[], tries: 0 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    state.tries += 1
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]))
    response.on('finish', () => { if (response.statusCode < 300) state.got.push({ id: headers['webhook-id']!, headers, body: Buffer.concat(chunks).toString() }) })
    state.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => { server.closeAllConnections(); server.close(); await once(server, 'close') }
  return { state, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-path` }
}
export const status = (code: number, headers: Record<string, string> = {}): Answer => (_, response) => { response.writeHead(code, headers).end('because') }
