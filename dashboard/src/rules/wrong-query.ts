// What the engine draws of a wrong query: its line, and below it a caret. Here the place is found in the line, so that it can be marked whatever the type.
export interface MarkedQuery { readonly before: string; readonly wrong: string; readonly after: string }

/** `drawn`: two lines; the second has a blank for each character before the caret. */
export function markedQuery(drawn: string): MarkedQuery {
  const [line = '', carets = ''] = drawn.split('\n')
  const characters = Array.from(line)
  const at = Array.from(carets.slice(0, Math.max(0, carets.indexOf('^')))).length
  return { before: characters.slice(0, at).join(''), wrong: characters[at] ?? '', after: characters.slice(at + 1).join('') }
}

export interface Piece { readonly text: string; readonly met: boolean }

/** A text cut where its spans begin and end; spans are ascending and do not touch. */
export function piecesOf(text: string, spans: readonly (readonly [number, number])[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const [start, end] of spans) {
    if (start > at) pieces.push({ text: text.slice(at, start), met: false })
    pieces.push({ text: text.slice(start, end), met: true })
    at = end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), met: false })
  return pieces
}

/** heights: 0 to 1, the newest last; most: of a column; each: ms that a column spans. */
export interface Columns { readonly heights: readonly number[]; readonly most: number; readonly each: number }

/** Of the minutes that hold anything, `bars` columns at most, each of whole minutes. */
export function minuteBars(minutes: readonly { readonly at: number; readonly count: number }[], { from, to, bars }: { readonly from: number; readonly to: number; readonly bars: number }): Columns {
  const each = 60_000 * Math.max(1, Math.ceil((to - from + 1) / 60_000 / bars))
  const sums = Array.from({ length: Math.max(1, Math.ceil((to - from + 1) / each)) }, () => 0)
  for (const { at, count } of minutes) sums[Math.min(sums.length - 1, Math.max(0, Math.floor((at - from) / each)))]! += count
  const most = Math.max(0, ...sums)
  return { heights: sums.map((sum) => sum / Math.max(1, most)), most, each }
}
