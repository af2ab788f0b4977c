// ClickHouse's HTTP interface over chDB, as far as the official clients, curl and Grafana use it.
import { randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { answer, answerHeaders, statusOf } from './chdb-answer.ts'
import { Spool, readText } from './chdb-body.ts'
import { ChdbError, toChdbError } from './chdb-pool.ts'
import type { ChdbPool, QueryState } from './chdb-pool.ts'
import { insertFromFile, readStatement } from './chdb-sql.ts'

export interface Credentials { readonly user: string; readonly password: string }

/** Parameters that are the interface's own and no settings of a query. */
const ownParameters = new Set(['query', 'database', 'default_format', 'user', 'password', 'query_id', 'wait_end_of_query', 'buffer_size', 'quota_key', 'stacktrace', 'enable_http_compression', 'compress', 'decompress', 'role'])

/** Parameters of a query come in its address: as much of it is read as ClickHouse reads (http_max_uri_size). */
const addressBytesMax = 1024 * 1024

export function createChdbServer(pool: ChdbPool, spool: Spool, credentials: Credentials): Server {
  const server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0, highWaterMark: 1024 * 1024, maxHeaderSize: addressBytesMax }, (request, response) => {
    void serve(request, response).catch((error: unknown) => refuse(response, request, toChdbError(error)))
  })
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/ping') return plain(response, 'Ok.\n')
    if (url.pathname !== '/') throw new ChdbError(48, `Code: 48. DB::Exception: There is no handle ${url.pathname}: use /ping or /?query=. (NOT_IMPLEMENTED)`)
    if (!isAllowed(request, url, credentials)) throw new ChdbError(516, 'Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)')
    if (request.method === 'GET' && !url.searchParams.has('query')) return plain(response, 'Ok.\n')
    await runRequest({ request, response, url, pool, spool })
  }
  return server
}

function plain(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=UTF-8' })
  response.end(text)
}

interface Exchange { readonly request: IncomingMessage; readonly response: ServerResponse; readonly url: URL; readonly pool: ChdbPool; readonly spool: Spool }

async function runRequest({ request, response, url, pool, spool }: Exchange): Promise<void> {
  const state = stateOf(url.searchParams)
  const prepared = await prepare(request, url, spool)
  try {
    const { statement } = prepared
    if (request.method === 'GET' && statement.kind !== 'read') throw new ChdbError(164, 'Code: 164. DB::Exception: Cannot execute query in readonly mode: a GET only reads, use POST. (READONLY)')
    const format = (statement.kind === 'insert' ? null : statement.format) ?? url.searchParams.get('default_format') ?? headerOf(request, 'x-clickhouse-format') ?? 'TabSeparated'
    const queryId = url.searchParams.get('query_id') ?? randomUUID()
    const connection = await pool.take(state)
    if (response.destroyed && statement.kind === 'read') return pool.giveBack(connection) // who asked went while it waited
    let end: 'clean' | 'spoiled' = 'spoiled'
    try {
      end = await answer(connection.session, prepared.sql, response, { format, queryId, rows: statement.kind === 'read', whole: url.searchParams.get('wait_end_of_query') === '1' })
    } finally {
      if (end === 'clean' && statement.kind !== 'write') pool.giveBack(connection)
      else pool.discard(connection) // a write may be SET or USE, which would stay behind
    }
  } finally {
    if (prepared.path !== null) spool.remove(prepared.path)
  }
}

interface Prepared { readonly sql: string; readonly statement: ReturnType<typeof readStatement>; readonly path: string | null }

/** The statement to run, its data (of an insert) in a file. */
async function prepare(request: IncomingMessage, url: URL, spool: Spool): Promise<Prepared> {
  if ((request.headers['content-type'] ?? '').startsWith('multipart/')) throw new ChdbError(48, 'Code: 48. DB::Exception: multipart bodies are not understood here: send parameters as param_name in the URL. (NOT_IMPLEMENTED)')
  const query = url.searchParams.get('query')
  if (query !== null) {
    const statement = readStatement(query)
    if (statement.dataAt !== null && query.slice(statement.dataAt).trim() === '') {
      const path = await spool.write(request)
      return { sql: insertFromFile(query, statement, path), statement, path }
    }
  }
  const body = await readText(request)
  const text = body.toString('utf8')
  const sql = query === null ? text : text === '' ? query : `${query}\n${text}`
  const statement = readStatement(sql)
  if (statement.dataAt === null) return { sql, statement, path: null }
  const bytes = query === null ? body : Buffer.from(sql)
  const path = spool.put(bytes.subarray(Buffer.byteLength(sql.slice(0, statement.dataAt))))
  return { sql: insertFromFile(sql, statement, path), statement, path }
}

function stateOf(search: URLSearchParams): QueryState {
  const settings = new Map<string, string>()
  const params = new Map<string, string>()
  for (const [name, value] of search) {
    if (name.startsWith('param_')) params.set(checked(name.slice(6)), value)
    else if (name === 'session_id') throw new ChdbError(48, 'Code: 48. DB::Exception: Sessions are not kept here: send each query complete. (NOT_IMPLEMENTED)')
    else if ((name === 'compress' || name === 'decompress') && value === '1') throw new ChdbError(48, `Code: 48. DB::Exception: ${name}=1 is not understood here: use Content-Encoding: gzip or none. (NOT_IMPLEMENTED)`)
    else if (!ownParameters.has(name)) settings.set(checked(name), value)
  }
  return { database: search.get('database') ?? 'default', settings, params }
}

function checked(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new ChdbError(115, `Code: 115. DB::Exception: Unknown setting ${JSON.stringify(name)}: a name is letters, digits and _. (UNKNOWN_SETTING)`)
}

function isAllowed(request: IncomingMessage, url: URL, credentials: Credentials): boolean {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const given = basic === undefined
    ? `${headerOf(request, 'x-clickhouse-user') ?? url.searchParams.get('user') ?? ''}:${headerOf(request, 'x-clickhouse-key') ?? url.searchParams.get('password') ?? ''}`
    : Buffer.from(basic, 'base64').toString('utf8')
  const wanted = Buffer.from(`${credentials.user}:${credentials.password}`)
  const bytes = Buffer.from(given)
  return bytes.byteLength === wanted.byteLength && timingSafeEqual(bytes, wanted)
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** Refuses in ClickHouse's own form. A body that nobody has read to its end goes down with the connection. */
function refuse(response: ServerResponse, request: IncomingMessage, error: ChdbError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const close = request.complete ? {} : { Connection: 'close' }
  response.writeHead(statusOf(error.code), { ...answerHeaders({ format: 'TabSeparated', queryId: '' }), 'X-ClickHouse-Exception-Code': String(error.code), ...close })
  response.end(`${error.message} (embedded ClickHouse)\n`)
}
