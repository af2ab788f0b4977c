// The conditions on fields, each decided at most once a mention. Values are compared folded, code point by code point.
import type { MentionView } from '../../1-decode/mention-view.ts'
import { field as fieldIndex } from '../../1-decode/mention-view.ts'
import { codePointsMax, foldTable, part, partBits, partMask } from '../fold.ts'
import type { Comparison, Field, TextField } from '../query/ast.ts'

const spanOf: Readonly<Record<Exclude<TextField, 'tag'>, number>> = {
  platform: fieldIndex.platform, lang: fieldIndex.lang, kind: fieldIndex.kind, author: fieldIndex.author,
}

export class FieldTests {
  readonly #fields: readonly Field[]
  readonly #values: readonly Uint32Array[] // folded code points
  readonly #known: Uint8Array // 0 not asked yet, 1 false, 2 true

  constructor(fields: readonly Field[]) {
    this.#fields = fields
    this.#values = fields.map(({ value }) => (typeof value === 'string' ? Uint32Array.from(value, (character) => character.codePointAt(0)!) : new Uint32Array(0)))
    this.#known = new Uint8Array(fields.length)
  }

  begin(): void {
    if (this.#known.length > 0) this.#known.fill(0)
  }

  holds(index: number, view: MentionView): boolean {
    if (this.#known[index] === 0) this.#known[index] = this.#decide(index, view) ? 2 : 1
    return this.#known[index] === 2
  }

  #decide(index: number, view: MentionView): boolean {
    const field = this.#fields[index]!
    switch (field.name) {
      case 'verified': return view.verified === (field.value ? 1 : 0)
      case 'followers': return view.followers >= 0 && compare(view.followers, field.comparison, field.value)
      case 'tag': {
        for (let tag = 0; tag < view.tagCount; tag += 1) {
          if (isSame(view.bytes, [view.tagSpans[2 * tag]!, view.tagSpans[2 * tag + 1]!], this.#values[index]!)) return true
        }
        return false
      }
      default: {
        const span = 2 * spanOf[field.name]
        return view.spans[span]! >= 0 && isSame(view.bytes, [view.spans[span]!, view.spans[span + 1]!], this.#values[index]!)
      }
    }
  }
}

function compare(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case '>': return left > right
    case '>=': return left >= right
    case '<': return left < right
    case '<=': return left <= right
    case '=': return left === right
    default: return comparison satisfies never
  }
}

/** Whether valid UTF-8 folds to the value. */
function isSame(bytes: Uint8Array, [start, end]: readonly [number, number], value: Uint32Array): boolean {
  let matched = 0
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    let codePoint = length === 1 ? byte : byte & (0x7f >> length)
    for (let next = 1; next < length; next += 1) codePoint = (codePoint << 6) | (bytes[at + next]! & 0x3f)
    at += length
    const entry = codePoint < codePointsMax ? foldTable[codePoint]! : (codePoint << partBits) | part.punctuation
    if ((entry & partMask) === part.ignored) continue
    if (matched === value.length || value[matched] !== entry >>> partBits) return false
    matched += 1
  }
  return matched === value.length
}
