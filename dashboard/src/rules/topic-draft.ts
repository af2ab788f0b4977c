// A topic as the form holds it, every field as it was typed, and as the rules file has it. What cannot be read as a number goes as it is: the engine says
// what is wrong with it.
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { SpreadMeasure } from '@groundswell/schemas/rules.ts'

/** As schemas/rules.ts has them; written down here, since that brings the whole of zod along. */
export const spreadMeasures = ['size', 'depth', 'reach', 'R', 'platforms', 'spreaderFollowers', 'coordinatedShare'] as const satisfies readonly SpreadMeasure[]
export const ruleLimits = { linesMax: 64, bytesMax: 900_000 } as const

export interface VelocityDraft { readonly count: string; readonly within: string; readonly grade: Grade | '' }
export interface SpreadDraft { readonly measure: SpreadMeasure; readonly threshold: string; readonly within: string; readonly grade: Grade | '' }

export interface TopicDraft {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly query: string
  readonly velocity: readonly VelocityDraft[]
  readonly budget: string | null // false alarms that its baseline may bring; '' what is usual; null: it has no baseline
  readonly spread: readonly SpreadDraft[]
}

export const newTopic = (id: string): TopicDraft => ({ id, zh: '', en: '', query: '', velocity: [{ count: '100', within: '1h', grade: 'minor' }], budget: null, spread: [] })

type Plain = Readonly<Record<string, unknown>>
const plain = (value: unknown): Plain => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const typed = (value: unknown): string => (value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number))

/** Of whatever stands in the file: the form shows what it can. */
export function draftOf(topic: unknown): TopicDraft {
  const { id, name, query, velocity, baseline, spread } = plain(topic)
  return {
    id: typed(id), zh: typed(plain(name)['zh']), en: typed(plain(name)['en']), query: typed(query),
    velocity: list(velocity).map((rule) => ({ count: typed(plain(rule)['count']), within: typed(plain(rule)['within']), grade: typed(plain(rule)['grade']) as Grade | '' })),
    budget: baseline === undefined || baseline === null ? null : typed(plain(baseline)['alarmBudget']),
    spread: list(spread).map((rule) => {
      const measure = spreadMeasures.find((one) => plain(rule)[one] !== undefined) ?? 'size'
      return { measure, threshold: typed(plain(rule)[measure]), within: typed(plain(rule)['within']), grade: typed(plain(rule)['grade']) as Grade | '' }
    }),
  }
}

/** What is left empty is left out, but where the file needs it. */
export function topicOf({ id, zh, en, query, velocity, budget, spread }: TopicDraft): Plain {
  const named = { ...(zh === '' ? {} : { zh }), ...(en === '' ? {} : { en }) }
  const graded = (grade: string): Plain => (grade === '' ? {} : { grade })
  return {
    id, ...(zh === '' && en === '' ? {} : { name: named }), query,
    ...(velocity.length === 0 ? {} : { velocity: velocity.map((rule) => ({ count: number(rule.count), within: rule.within.trim(), ...graded(rule.grade) })) }),
    ...(budget === null ? {} : { baseline: budget.trim() === '' ? {} : { alarmBudget: budget.trim() } }),
    ...(spread.length === 0 ? {} : { spread: spread.map((rule) => ({ [rule.measure]: number(rule.threshold), within: rule.within.trim(), ...graded(rule.grade) })) }),
  }
}

/** 20,000 and 2 000 are numbers too. */
function number(text: string): unknown {
  const bare = text.replaceAll(/[\s,，_]/g, '')
  return bare !== '' && Number.isFinite(Number(bare)) ? Number(bare) : text
}

/** An id that no topic has: of a copy `outage-2`, of a new one `topic-7`. */
export function freeId(like: string, taken: ReadonlySet<string>): string {
  const stem = like.replace(/-\d+$/, '').slice(0, 56)
  for (let n = 2; ; n++) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`
}

/** With the same keys in the same order, whatever was typed: what a backtest is kept by. */
export const topicKey = (topic: unknown): string => JSON.stringify(topicOf(draftOf(topic)))

/** Where the topic stands that had this id at this place: one before it may be gone by now. Where no topic has the id, it is what stands at the place, or last; -1: none. */
export function placeOf(id: string | undefined, at: number, topics: readonly unknown[]): number {
  const isIt = (one: unknown): boolean => draftOf(one).id === id
  const found = at < topics.length && isIt(topics[at]) ? at : topics.findIndex(isIt)
  return found >= 0 ? found : Math.min(at, topics.length - 1)
}
