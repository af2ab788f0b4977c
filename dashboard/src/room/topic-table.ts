// The table of all topics: which match the words, in which order, and how its address says so.
import { levelRank } from '@groundswell/schemas/grade.ts'
import type { Bilingual, TopicRow } from '@groundswell/schemas/live.ts'

/** `now` is null while nothing is measured of it. */
export interface TopicLine { readonly id: string; readonly name: Bilingual; readonly now: TopicRow | null }

export const topicSorts = ['level', 'ratio', 'count', 'perMinute', 'newest', 'name'] as const
export type TopicSort = (typeof topicSorts)[number]
export interface TopicsView { readonly by: TopicSort; readonly text: string; readonly chosen: string | null }

const textMax = 100

export function topicsViewOf(query: string): TopicsView {
  const asked = new URLSearchParams(query)
  const chosen = asked.get('topic')
  return { by: topicSorts.find((one) => one === asked.get('by')) ?? 'level', text: (asked.get('q') ?? '').slice(0, textMax), chosen: chosen === null || chosen === '' ? null : chosen.slice(0, 64) }
}

export function topicsQuery({ by, text, chosen }: TopicsView): string {
  const query = new URLSearchParams()
  if (by !== 'level') query.set('by', by)
  if (text !== '') query.set('q', text)
  if (chosen !== null) query.set('topic', chosen)
  return query.toString()
}

export const topicsAddress = (query = ''): string => `#/topics${query === '' ? '' : `?${query}`}`

/** Ids of the lines that match, the largest first (names from A on); what is not known comes last, and equals by id. `collate` compares names. */
export function topicOrder(lines: readonly TopicLine[], { by, text }: Pick<TopicsView, 'by' | 'text'>, nameOf: (line: TopicLine) => string): string[] {
  const words = text.trim().toLowerCase()
  const found = words === '' ? lines : lines.filter(({ id, name }) => [id, name.zh, name.en].some((said) => said.toLowerCase().includes(words)))
  if (by === 'name') return found.map((line) => ({ line, name: nameOf(line) })).sort((a, b) => collator.compare(a.name, b.name) || byId(a.line, b.line)).map(({ line }) => line.id)
  return found.map((line) => ({ line, value: valueOf(line.now, by) })).sort((a, b) => b.value - a.value || byId(a.line, b.line)).map(({ line }) => line.id)
}

const collator = new Intl.Collator('zh-CN', { numeric: true })
const byId = (a: TopicLine, b: TopicLine): number => (a.id < b.id ? -1 : 1)

/** One number to sort by: a level first, in it what nobody has seen, and in that how far above what is usual. */
function valueOf(now: TopicRow | null, by: Exclude<TopicSort, 'name'>): number {
  if (now === null) return -1e300
  if (by === 'level') return levelRank(now.level) * 2e6 + (now.taken ? 0 : 1e6) + Math.min(now.ratio ?? 0, 999_999)
  if (by === 'ratio') return now.ratio ?? -1
  if (by === 'count') return now.count
  return by === 'perMinute' ? now.perMinute : now.newestAt ?? -1
}

/** Another place in the list by a key; null: the key does not move. */
export function topicMove(key: string, at: number, { length, page }: { readonly length: number; readonly page: number }): number | null {
  const step = ({ j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -length, End: length } satisfies Record<string, number> as Readonly<Record<string, number | undefined>>)[key]
  if (step === undefined || length === 0) return null
  return Math.min(length - 1, Math.max(0, at < 0 ? (key === 'End' ? length - 1 : 0) : at + step))
}
