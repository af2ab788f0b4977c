// Where in a YAML file a character of a string stands, whatever style the string is written in.
import type { Scalar } from 'yaml'

/**
 * Offset in `text` of value[at]. Folding and indenting change only white space, so the n-th other character of the value is the
 * n-th other character of its source, once quotes and escapes are read as YAML does.
 */
export function placeInScalar(text: string, scalar: Scalar, at: number): number {
  const [start, end] = scalar.range ?? [0, 0]
  const value = String(scalar.value)
  let wanted = count(value.slice(0, at))
  if (/^\s/u.test(value.slice(at)) && wanted > 0) return after(text, scalar, wanted)
  for (const { offset, blank } of charactersOf(text.slice(0, end), start, scalar.type)) {
    if (blank) continue
    if (wanted === 0) return offset
    wanted -= 1
  }
  return at >= value.length && value !== '' ? Math.max(start, end - 1) : start
}

/** The place behind the n-th visible character. */
function after(text: string, scalar: Scalar, visible: number): number {
  let left = visible
  for (const { offset, length, blank } of charactersOf(text.slice(0, scalar.range![1]), scalar.range![0], scalar.type)) {
    if (!blank) left -= 1
    if (left === 0) return offset + length
  }
  return scalar.range![0]
}

const count = (text: string): number => text.replaceAll(/\s/gu, '').length

interface Written { readonly offset: number; readonly length: number; readonly blank: boolean }

/** The code units of the value as they are written, in order. */
function* charactersOf(text: string, start: number, style: Scalar['type'] | undefined): Generator<Written> {
  const quote = style === 'QUOTE_DOUBLE' ? '"' : style === 'QUOTE_SINGLE' ? "'" : ''
  const block = style === 'BLOCK_LITERAL' || style === 'BLOCK_FOLDED'
  let offset = block ? text.indexOf('\n', start) + 1 : start + quote.length
  while (offset < text.length) {
    const character = text[offset]!
    let length = 1
    let blank = /\s/u.test(character)
    if (quote !== '' && character === quote) {
      if (quote === '"' || text[offset + 1] !== "'") return
      length = 2
    } else if (quote === '"' && character === '\\') {
      length = ({ x: 4, u: 6, U: 10 } as Record<string, number>)[text[offset + 1] ?? ''] ?? 2
      blank = 'abefnrtv0NLP_ \t\n'.includes(text[offset + 1] ?? '')
    }
    yield { offset, length, blank }
    offset += length
  }
}
