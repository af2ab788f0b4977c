// A server as the wall meets it: dist over HTTP on a free loopback port, the live protocol over socket.io, sent by the test, and what the API
// answers, if the test says so.
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { ClientToServer, Frame, ServerToClient, Snapshot } from '@groundswell/schemas/live.ts'
import { Server } from 'socket.io'

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' }

/** As the engine sends it: what the name of a file tells apart is kept by browsers, the rest is asked for again. */
const cachingOf = (url: string): string => (url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : url.startsWith('/api/') ? 'no-store' : 'no-cache')
/** As the engine sends it. */
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

interface Served { readonly body: Buffer | string; readonly type: string; readonly status?: number }

export class WallServer {
  readonly #http = createServer((request, response) => void this.#heard(request).then(
    ({ body, type, status = 200 }) => response.writeHead(status, { 'content-type': type, 'cache-control': cachingOf(request.url ?? '/'), 'content-security-policy': policy }).end(body), () => response.writeHead(404).end()))
  readonly #io = new Server<ClientToServer, ServerToClient>(this.#http, { serveClient: false, allowRequest: (_request, answer) => { answer(this.refusal, this.refusal === null) } })
  readonly #dist: string
  #beat: ReturnType<typeof setInterval> | null = null
  resyncs = 0
  /** Why nobody may have the feed; null: all may. */
  refusal: string | null = null
  /** Answers of the API by path and query, and where they matter by method and body; bytes or what becomes JSON; null: there is no such route. */
  api: (url: URL, request: { readonly method: string; readonly body: string }) => { readonly status: number; readonly body: unknown } | null = () => null
  snapshot: Snapshot
  /** Called when a wall was given its snapshot: what is changed in it comes right behind. */
  greeted: () => void = () => undefined

  constructor(dist: string, first: Snapshot) {
    this.#dist = dist
    this.snapshot = first
    this.#io.on('connection', (socket) => {
      socket.emit('snapshot', this.#stamped())
      this.greeted()
      socket.on('resync', () => {
        this.resyncs++
        socket.emit('snapshot', this.#stamped())
      })
    })
  }

  async listen(port = 0): Promise<URL> {
    await new Promise<void>((done) => { this.#http.listen(port, '127.0.0.1', done) })
    return new URL(`http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`)
  }

  /** The picture for whoever connects from now on; its time is now, however long the tests before it took. */
  begin(snapshot: Snapshot): void {
    this.snapshot = snapshot
    this.#firstNow = snapshot.serverNow
    this.#startedAt = performance.now()
  }

  /** Another picture for everyone, as after a restart of the engine. */
  show(snapshot: Snapshot): void {
    this.snapshot = snapshot
    this.#io.emit('snapshot', this.#stamped())
  }

  /** The next frame, with these changes; `quiet` keeps it from being sent, as a cut would. */
  change(changes: Omit<Frame, 'epoch' | 'seq' | 'serverNow' | 'clock'>, quiet = false): void {
    const { epoch, seq, clock } = this.snapshot
    const frame: Frame = { epoch, seq: seq + 1, serverNow: this.#now(), clock, ...changes }
    const rows = new Map((frame.topics ?? []).map((row) => [row.id, row]))
    this.snapshot = {
      ...this.snapshot, seq: frame.seq, totals: frame.totals ?? this.snapshot.totals, problems: frame.problems ?? this.snapshot.problems,
      topics: this.snapshot.topics.map((row) => rows.get(row.id) ?? row), alerts: frame.alerts ?? this.snapshot.alerts,
      canary: frame.canary === undefined ? this.snapshot.canary : frame.canary,
      silences: frame.silences ?? this.snapshot.silences, pin: frame.pin === undefined ? this.snapshot.pin : frame.pin,
    }
    if (!quiet) this.#io.emit('frame', frame)
  }

  /** A frame a second at least, as the protocol promises; none while it is off. */
  heartbeat(on: boolean): void {
    if (this.#beat !== null) clearInterval(this.#beat)
    this.#beat = on ? setInterval(() => { this.change({}) }, 250) : null
  }

  /** Closes every connection, as where a right is taken away. */
  expel(): void { this.#io.disconnectSockets(true) }

  /** Nothing that was asked until now is heard any more, not even what is still on its way: a page that a test has left asks the next test nothing. */
  forget(): void {
    this.heartbeat(false)
    this.#forgotten++
    this.#http.closeAllConnections()
  }

  get clients(): number { return this.#io.engine.clientsCount }

  async close(): Promise<void> {
    this.heartbeat(false)
    // A browser holds connections open on which it has asked nothing yet, and Node waits for them.
    const dropping = setInterval(() => { this.#http.closeAllConnections() }, 20)
    await this.#io.close()
    clearInterval(dropping)
  }

  #forgotten = 0
  #startedAt = performance.now()
  readonly #now = (): number => this.#first + (performance.now() - this.#startedAt)
  get #first(): number { return this.#firstNow ??= this.snapshot.serverNow }
  #firstNow: number | undefined
  readonly #stamped = (): Snapshot => ({ ...this.snapshot, serverNow: this.#now() })

  async #heard(request: IncomingMessage): Promise<Served> {
    const forgotten = this.#forgotten
    const body = await textOf(request)
    if (forgotten !== this.#forgotten) throw new Error(`${request.url} came from a page that is left`)
    return this.#serve(request.url ?? '/', { method: request.method ?? 'GET', body })
  }

  async #serve(url: string, request: { readonly method: string; readonly body: string }): Promise<Served> {
    const asked = new URL(url, 'http://localhost')
    const answer = this.api(asked, request)
    if (answer !== null && answer.body instanceof Uint8Array) return { body: Buffer.from(answer.body), type: 'application/octet-stream', status: answer.status }
    if (answer !== null) return { body: JSON.stringify(await answer.body), type: 'application/json', status: answer.status }
    const path = normalize(asked.pathname).replace(/\/(?:wall)?$/, '/index.html')
    return { body: await readFile(join(this.#dist, path)), type: types[extname(path)] ?? 'application/octet-stream' }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
