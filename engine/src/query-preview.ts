// What a query matches of a sample of stored mentions: by the matcher that the workers use, with a few of them and where in them its terms stand.
import type { Said } from '@groundswell/schemas/problem.ts'
import { rulesDeskLimits, type PreviewAnswer } from '@groundswell/schemas/rules-desk.ts'
import { compileMatcher } from './core/2-enrich/matcher/compile.ts'
import { columnOf, drawProblem, type Node } from './core/2-enrich/query/ast.ts'
import { explain } from './core/2-enrich/query/explain.ts'
import { parseQuery } from './core/2-enrich/query/parse.ts'
import { spansOf, type TextSpan } from './core/2-enrich/spans.ts'
import { field, type MentionView } from './core/1-decode/mention-view.ts'
import { MentionScanner, scanned } from './core/1-decode/scan-mention.ts'

export interface PreviewQuestion { readonly query: string; readonly limit: number; readonly lang: 'zh' | 'en' }
/** `column`: in code points from 1, on the query's line; `drawn`: that line with a caret below. */
export interface WrongQuery { readonly column: number; readonly message: string; readonly said: Said; readonly drawn: string }
export type Preview = { readonly ok: true; readonly answer: PreviewAnswer } | { readonly ok: false; readonly problem: WrongQuery }

/** `passed`: tells whether the time for it is over; then only the newest were looked at, and the answer says how many. */
export interface PreviewRun { readonly sample: readonly Uint8Array[]; readonly passed: () => boolean } // sample: whole lines, newest first

export const previewLimits = { textMax: 400, before: 80 } as const // UTF-16 units of a text that is shown, and of them before the first place
const linesALook = 512
const wholeMessage = 'preview'

export function previewOf({ query, limit, lang }: PreviewQuestion, { sample, passed }: PreviewRun): Preview {
  const parsed = parseQuery(query)
  if (!parsed.ok) return { ok: false, problem: { column: columnOf(query, parsed.problem.start), message: parsed.problem.message, said: parsed.problem.said, drawn: drawProblem(query, parsed.problem) } }
  const matcher = compileMatcher({ topics: [{ id: wholeMessage, name: { zh: '', en: '' }, query }] })
  const found = new Found(parsed.node, limit)
  const out = new Uint16Array(1)
  for (const chunk of sample) {
    if (!eachMention(chunk, passed, (view) => { found.look(view, matcher.match(view, out, 0) > 0) })) break
  }
  return { ok: true, answer: found.answer(explain(parsed.node)[lang]) }
}

class Found {
  readonly #node: Node
  readonly #limit: number
  readonly #minutes = new Map<number, number>()
  readonly #examples = new Map<string, PreviewAnswer['examples'][number]>() // by text: a repost says nothing new
  #looked = 0
  #matched = 0
  #from = Infinity
  #to = -Infinity

  constructor(node: Node, limit: number) {
    this.#node = node
    this.#limit = limit
  }

  look(view: MentionView, matches: boolean): void {
    this.#looked++
    this.#from = Math.min(this.#from, view.ts)
    this.#to = Math.max(this.#to, view.ts)
    if (!matches) return
    this.#matched++
    const minute = Math.floor(view.ts / 60_000) * 60_000
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1)
    if (this.#examples.size >= this.#limit) return
    const text = textOf(view, field.text)
    if (!this.#examples.has(text)) this.#examples.set(text, { id: textOf(view, field.id), at: view.ts, platform: textOf(view, field.platform), ...excerpt(text, spansOf(this.#node, text)) })
  }

  answer(explained: string): PreviewAnswer {
    const [from, to] = this.#looked === 0 ? [null, null] : [this.#from, this.#to]
    return {
      looked: this.#looked, matched: this.#matched, from, to, explained,
      minutes: [...this.#minutes].map(([at, count]) => ({ at, count })).sort((a, b) => a.at - b.at), examples: [...this.#examples.values()],
    }
  }
}

/** Answers whether all of them were looked at. */
function eachMention(chunk: Uint8Array, passed: () => boolean, look: (view: MentionView) => void): boolean {
  const scanner = new MentionScanner()
  const bytes = new Uint8Array(3 * chunk.length + wholeMessage.length + 1026)
  bytes.set(chunk)
  const platform = new TextEncoder().encode('unknown')
  bytes.set(platform, chunk.length)
  const scratch = chunk.length + platform.length + 1
  scanner.platformStart = chunk.length
  scanner.platformEnd = chunk.length + platform.length
  scanner.platformToken = 'unknown'
  for (let at = 0, lines = 1; at < chunk.length; at = scanner.next, lines++) {
    scanner.load(bytes, scratch) // what the line before had decoded is looked at already
    if (scanner.scan(at, chunk.length) === scanned.mention) look(scanner.view)
    if (lines % linesALook === 0 && passed()) return false
  }
  return true
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const textOf = (view: MentionView, of: number): string => (view.spans[2 * of]! < 0 ? '' : decoder.decode(view.bytes.subarray(view.spans[2 * of]!, view.spans[2 * of + 1]!)))

/** Of a long text the part around the first place; what was left out is said by `…`, and places move with it. No character is cut in two. */
export function excerpt(text: string, spans: readonly TextSpan[]): { readonly text: string; readonly spans: [number, number][] } {
  if (text.length <= previewLimits.textMax) return { text, spans: spans.map(([start, end]) => [start, end]) }
  const from = whole(text, Math.max(0, Math.min((spans[0]?.[0] ?? 0) - previewLimits.before, text.length - previewLimits.textMax)))
  const to = whole(text, Math.min(text.length, from + previewLimits.textMax))
  const head = from > 0 ? '…' : ''
  const kept = spans.filter(([start, end]) => end > from && start < to).map(([start, end]): [number, number] => [Math.max(start, from) - from + head.length, Math.min(end, to) - from + head.length])
  return { text: `${head}${text.slice(from, to)}${to < text.length ? '…' : ''}`, spans: kept }
}

const whole = (text: string, at: number): number => (at > 0 && at < text.length && /[\uDC00-\uDFFF]/.test(text[at]!) && /[\uD800-\uDBFF]/.test(text[at - 1]!) ? at - 1 : at)

export const examplesUpTo = (limit: number | undefined): number => Math.min(limit ?? 20, rulesDeskLimits.examplesMax)
