// Cuts a stream of NDJSON into chunks of whole lines, and finds the trailer with which ClickHouse ends a broken answer.
import { parseError } from '@clickhouse/client'
import type { Readable } from 'node:stream'

const lineFeed = 10
const trailer = Buffer.from('__exception__\r\n') // at a line's start; a row begins with a brace

/** Chunks end at a line's end. Throws ClickHouse's error where the answer broke off. */
export async function* wholeLines(stream: Readable): AsyncIterable<Uint8Array> {
  let rest: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(lineFeed) + 1
    if (end === 0) {
      rest.push(chunk)
      continue
    }
    const lines = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)])
    rest = end < chunk.byteLength ? [chunk.subarray(end)] : []
    const failedAt = trailerIn(lines)
    if (failedAt >= 0) throw await trailerError(stream, [lines.subarray(failedAt + trailer.byteLength), ...rest])
    yield lines
  }
  if (rest.length > 0) yield Buffer.concat(rest)
}

function trailerIn(lines: Buffer): number {
  if (lines.subarray(0, trailer.byteLength).equals(trailer)) return 0
  const at = lines.indexOf(`\n${trailer.toString()}`)
  return at < 0 ? -1 : at + 1
}

/** The trailer: a tag, the message, its length and the tag again. */
async function trailerError(stream: Readable, parts: Buffer[]): Promise<Error> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) parts.push(chunk)
  } catch (error) {
    if (!(error instanceof Error)) throw error // the connection is cut after the trailer: what was read is all there is
  }
  const [, ...message] = Buffer.concat(parts).toString('utf8').split('\n')
  const error = parseError(message.join('\n').replace(/\n\d+ \S+\r\n__exception__\s*$/, ''))
  return error instanceof Error ? error : new Error(String(error))
}
