// Cuts a body of NDJSON into messages at line ends, without decoding a byte: as many whole lines as fit a message, a long
// line alone. Holds one message and one line at a time, whatever the body's length.
export interface LineLimits { readonly messageBytesMax: number; readonly lineBytesMax: number }

export type Cut =
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly lines: number }
  /** A line that no message may hold; `line` counts from 1, blank lines included. */
  | { readonly kind: 'too-long'; readonly line: number; readonly bytes: number }

const lineEnd = 10

export class LineCutter {
  readonly #limits: LineLimits
  #parts: Uint8Array[] = [] // the whole lines of the message so far
  #bytes = 0
  #lines = 0
  #rest: Uint8Array[] = [] // the line that is not at its end yet
  #restBytes = 0 // counted on where the line is too long to be kept
  #line = 1

  constructor(limits: LineLimits) {
    this.#limits = limits
  }

  /** The next chunk of the body, which the cutter then owns. */
  *push(chunk: Uint8Array): Generator<Cut> {
    let from = 0
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      this.#keep(chunk.subarray(from, end))
      from = end + 1
      yield* this.#endLine()
    }
    this.#keep(chunk.subarray(from))
  }

  /** After the last chunk: a last line needs no line end. */
  *end(): Generator<Cut> {
    if (this.#restBytes > 0) yield* this.#endLine()
    yield* this.#flush()
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return
    this.#restBytes += part.length
    // Of a line that is too long only the length is wanted.
    if (this.#restBytes > this.#limits.lineBytesMax) this.#rest = []
    else this.#rest.push(part)
  }

  *#endLine(): Generator<Cut> {
    const bytes = this.#restBytes
    const line = this.#line
    const parts = this.#rest
    this.#rest = []
    this.#restBytes = 0
    this.#line += 1
    if (bytes > this.#limits.lineBytesMax) return yield { kind: 'too-long', line, bytes }
    if (parts.every((part) => part.every(isBlank))) return
    if (this.#bytes + bytes + 1 > this.#limits.messageBytesMax) yield* this.#flush()
    this.#parts.push(...parts, newline)
    this.#bytes += bytes + 1
    this.#lines += 1
  }

  *#flush(): Generator<Cut> {
    if (this.#lines === 0) return
    const message: Cut = { kind: 'message', bytes: Buffer.concat(this.#parts), lines: this.#lines }
    this.#parts = []
    this.#bytes = 0
    this.#lines = 0
    yield message
  }
}

const newline = Uint8Array.of(lineEnd)
const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === 13
