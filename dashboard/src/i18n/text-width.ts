// How wide a text will be, in em, without asking the browser: a Hanzi is one em, Latin letters of Noto Sans SC a little over half.
const cjk = /[⺀-鿿가-힯豈-﫿︰-﹏＀-￠]/u

export function textWidth(text: string): number {
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}

function charWidth(char: string): number {
  if (cjk.test(char) || char > '\uFFFF') return 1
  if (/[A-Z%&@◆▲□→×]/.test(char)) return 0.72
  return /[ .,:;'|!ilj·()]/.test(char) ? 0.32 : 0.6
}

/** Lines that the text takes in a column that many em wide: Latin words stay whole, Hanzi break anywhere. */
export function linesOf(text: string, width: number): number {
  let lines = 1
  let used = 0
  for (const [word] of text.matchAll(/[⺀-鿿가-힯豈-﫿︰-﹏＀-￠]|[^⺀-鿿가-힯豈-﫿︰-﹏＀-￠\s]+|\s+/gu)) {
    const wide = textWidth(word)
    if (used + wide > width && used > 0) {
      lines++
      used = 0
    }
    lines += Math.max(0, Math.ceil(wide / width) - 1) // a word longer than a line is broken
    used += wide % width
  }
  return lines
}

/** The wall's rule for a title that is not an alarm: at most ten Hanzi wide, Latin words whole, the cut marked. Severe text is never cut. */
export const titleEmMax = 10
/** Latin words say less in an em: where there is room they get this much. */
export const latinTitleEmMax = 12.9

export function shortTitle(text: string, emMax = titleEmMax): string {
  if (textWidth(text) <= emMax) return text
  let cut = ''
  for (const char of text) {
    if (textWidth(cut + char) > emMax - 1) break
    cut += char
  }
  const midWord = /[^\s]/.test(text.charAt(cut.length)) && !cjk.test(text.charAt(cut.length)) && !cjk.test(cut.at(-1) ?? '')
  const space = cut.lastIndexOf(' ')
  return `${(midWord && space > 0 ? cut.slice(0, space) : cut).trimEnd()}…`
}
