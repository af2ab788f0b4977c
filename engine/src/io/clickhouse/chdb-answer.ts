// Runs one statement on a connection and writes the answer as ClickHouse's HTTP interface does: chunk by chunk where the format allows it.
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Session } from 'chdb'
import { toChdbError } from './chdb-pool.ts'
import type { ChdbError } from './chdb-pool.ts'

/** Formats whose chunks can be joined: no header, no footer, no separator between rows. */
const chunkable = new Set([
  'jsoneachrow', 'jsoncompacteachrow', 'jsonstringseachrow', 'jsoncompactstringseachrow', 'ndjson', 'jsonlines', 'tsv', 'tabseparated', 'tsvraw', 'tabseparatedraw', 'csv', 'rowbinary', 'native', 'lineasstring',
])

const contentTypes: Readonly<Record<string, string>> = {
  json: 'application/json; charset=UTF-8', jsoncompact: 'application/json; charset=UTF-8', jsoneachrow: 'application/x-ndjson; charset=UTF-8', jsoncompacteachrow: 'application/x-ndjson; charset=UTF-8',
  csv: 'text/csv; charset=UTF-8', csvwithnames: 'text/csv; charset=UTF-8', native: 'application/octet-stream', rowbinary: 'application/octet-stream',
}

export interface AnswerOptions {
  readonly format: string
  readonly rows: boolean // the statement gives rows back
  readonly whole: boolean // wait_end_of_query: not a byte before the query is through
  readonly queryId: string
}

export function answerHeaders(options: Pick<AnswerOptions, 'format' | 'queryId'>): Record<string, string> {
  return {
    'Content-Type': contentTypes[options.format.toLowerCase()] ?? 'text/plain; charset=UTF-8',
    'X-ClickHouse-Format': options.format, 'X-ClickHouse-Query-Id': options.queryId, 'X-ClickHouse-Server-Display-Name': 'groundswell-embedded', 'X-ClickHouse-Timezone': 'UTC',
  }
}

/** Writes the answer. Throws a ChdbError while nothing has been sent; later failures go out in ClickHouse's own trailer. */
export async function answer(session: Session, sql: string, response: ServerResponse, options: AnswerOptions): Promise<'clean' | 'spoiled'> {
  if (options.rows && !options.whole && chunkable.has(options.format.toLowerCase())) {
    const streamed = await stream(session, sql, response, options)
    if (streamed !== 'not-streamable') return streamed
  }
  const result = await session.queryAsync(sql, { format: options.format }).catch((error: unknown) => { throw toChdbError(error) })
  const bytes = result.bytes()
  const summary = JSON.stringify({ read_rows: String(result.rowsRead), read_bytes: String(result.bytesRead), elapsed_ns: String(Math.round(result.elapsed * 1e9)) })
  response.writeHead(200, { ...answerHeaders(options), 'Content-Length': bytes.byteLength, 'X-ClickHouse-Summary': summary })
  response.end(bytes)
  return 'clean'
}

async function stream(session: Session, sql: string, response: ServerResponse, options: AnswerOptions): Promise<'clean' | 'spoiled' | 'not-streamable'> {
  const tag = randomBytes(8).toString('hex')
  const start = () => { if (!response.headersSent) response.writeHead(200, { ...answerHeaders(options), 'X-ClickHouse-Exception-Tag': tag }) }
  try {
    for await (const chunk of session.queryStream(sql, { format: options.format })) {
      start()
      if (response.destroyed) return 'spoiled'
      if (!response.write(chunk.raw())) await drained(response)
    }
  } catch (error) {
    const failure = toChdbError(error instanceof Error && error.cause instanceof Error ? error.cause : error)
    if (!response.headersSent) {
      if (/Streaming query is not supported/.test(failure.message)) return 'not-streamable'
      throw failure
    }
    if (!response.destroyed) endWithException(response, failure, tag)
    return 'spoiled'
  }
  start()
  response.end()
  return 'clean'
}

/** Resolves when there is room again, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

/** The trailer that ClickHouse ≥ 25.11 ends a broken answer with; the connection is cut after it, so that no reader takes the answer for whole. */
function endWithException(response: ServerResponse, error: ChdbError, tag: string): void {
  const message = `${error.message}\n`
  response.write(`\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`, () => response.destroy())
}

const badRequest = new Set([6, 26, 27, 36, 38, 41, 43, 53, 62, 69, 72, 115, 117, 386, 456, 457])
const notFound = new Set([16, 46, 47, 60, 76, 81])

/** The HTTP status that a ClickHouse server gives the error code. */
export function statusOf(code: number): number {
  if (code === 516 || code === 194) return 401
  if (code === 164 || code === 497) return 403
  if (code === 48) return 501
  if (code === 202) return 503
  if (code === 159) return 408
  return badRequest.has(code) ? 400 : notFound.has(code) ? 404 : 500
}
