// What the page of a topic shows, as its address holds it, so that a link shows what its sender saw. What is not said is the default; what is not
// ours is kept as it is.
import type { SentimentName } from '@groundswell/schemas/evidence.ts'
import type { MentionKind } from '@groundswell/schemas/mention.ts'
import type { TopicHistory } from '@groundswell/schemas/topic-history.ts'
import { spans, type Span } from './address.ts'

export type HistoryStep = TopicHistory['step']
export const stepMsOf: Readonly<Record<HistoryStep, number>> = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 }
/** Steps that a span may be cut into: no more columns than a screen has pixels, and no fewer than make a line. */
export const stepsOfSpan: Readonly<Record<Span, readonly HistoryStep[]>> = { '2h': ['1m', '5m'], '24h': ['1m', '5m', '15m', '1h'], '7d': ['5m', '15m', '1h'], '28d': ['1h'] }

const historySteps = Object.keys(stepMsOf) as HistoryStep[]

// Names of the contract; its shapes, which check them at run time, are too heavy for a page and probe for eval.
export const sentiments = Object.keys({ negative: 0, neutral: 0, positive: 0, unknown: 0 } satisfies Record<SentimentName, 0>) as SentimentName[]
export const mentionKinds = Object.keys({ post: 0, repost: 0, comment: 0, reply: 0, article: 0, video: 0 } satisfies Record<MentionKind, 0>) as MentionKind[]

export const tabs = ['now', 'narratives', 'spreaders', 'provinces', 'clusters'] as const
export type Tab = (typeof tabs)[number]
export const orders = ['newest', 'oldest', 'followers', 'engagement'] as const
export type Order = (typeof orders)[number]

/** ms, half open. */
export interface Brush { readonly from: number; readonly to: number }

/** What mentions must be like; none of a list: all. */
export interface TopicFilter {
  readonly platforms: readonly string[]
  readonly sentiments: readonly SentimentName[]
  readonly kinds: readonly string[]
  readonly verified: boolean | null
  readonly geo: string | null // ISO 3166-2; empty: it is not known
  readonly author: string | null // key of an account
  readonly root: string | null
  readonly text: string | null
}
export const noFilter: TopicFilter = { platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: null }
export const textCharsMax = 100 // as many as the engine looks for

export interface TopicView {
  readonly span: Span
  readonly step: HistoryStep | null // null: as is usual for the span
  readonly end: number | null // ms: where the span ends; null: with the clock
  readonly by: 'event' | 'ingest'
  readonly brush: Brush | null
  readonly filter: TopicFilter
  readonly alarm: string | null // id of the one that is looked at
  readonly log: boolean
  readonly tab: Tab
  readonly order: Order
  readonly mention: string | null // id of the opened one
  readonly asOf: number | null // ms; null: the list is that of the newest answer
  readonly replay: ReplayAt | null // null: the page shows the present
  readonly rest: string // of the address, said by others
}
/** A replay as the address holds it: where it was left, which is where a link to it begins. */
export interface ReplayAt { readonly at: number | null; readonly speed: number; readonly skip: boolean } // at: ms; null: the beginning
const speedDefault = 60

/** Nothing is opened: the list is that of the newest answer. */
export const closedMention = { mention: null, asOf: null } as const

const spanDefault: Span = '24h'
const lettersMax = 512
const unknownPlace = 'unknown' // in the address: an empty value says nothing there
const listMax = 32

export function topicViewOf(query: string): TopicView {
  const asked = new URLSearchParams(query)
  const one = <Name extends string>(key: string, names: readonly Name[]): Name => names.find((name) => name === asked.get(key)) ?? names[0]!
  const whole = (key: string): number | null => (/^\d{1,15}$/.test(asked.get(key) ?? '') ? Number(asked.get(key)) : null)
  const words = (key: string, most = lettersMax): string | null => (asked.get(key) ?? '').slice(0, most) || null
  const list = (key: string): string[] => [...new Set((asked.get(key) ?? '').split(',').filter((part) => /^[A-Za-z0-9_-]{1,64}$/.test(part)))].slice(0, listMax)
  const spanAsked = asked.get('span')
  const span = spanAsked !== null && Object.hasOwn(spans, spanAsked) ? spanAsked as Span : spanDefault
  const step = historySteps.find((name) => name === asked.get('step')) ?? null
  const [from, to] = [whole('from'), whole('to')]
  const rest = new URLSearchParams([...asked].filter(([key]) => !ours.has(key)))
  return {
    span, step: step !== null && stepsOfSpan[span].includes(step) && step !== spans[span].step ? step : null, end: whole('end'), by: one('by', ['event', 'ingest']),
    brush: from !== null && to !== null && from < to ? { from, to } : null,
    filter: {
      platforms: list('platform'), sentiments: list('sentiment').filter((name): name is SentimentName => sentiments.some((one) => one === name)), kinds: list('kind'),
      verified: asked.get('verified') === 'true' ? true : asked.get('verified') === 'false' ? false : null, geo: asked.get('geo') === unknownPlace ? '' : words('geo', 16), author: /^[0-9a-f]{16}$/.test(asked.get('author') ?? '') ? asked.get('author') : null, root: words('root'), text: [...words('text') ?? ''].slice(0, textCharsMax).join('') || null,
    },
    alarm: words('alarm'), log: asked.get('scale') === 'log', tab: one('tab', tabs), order: one('order', orders), mention: words('mention'), asOf: whole('asOf'),
    replay: asked.get('play') === '1' ? { at: whole('at'), speed: whole('speed') ?? speedDefault, skip: asked.get('skip') === '1' } : null, rest: rest.toString(),
  }
}
const ours: ReadonlySet<string> = new Set(['span', 'step', 'end', 'by', 'from', 'to', 'platform', 'sentiment', 'kind', 'verified', 'geo', 'author', 'root', 'text', 'alarm', 'scale', 'tab', 'order', 'mention', 'asOf', 'play', 'at', 'speed', 'skip'])

export function topicQueryOf(view: TopicView): string {
  const said = new URLSearchParams()
  const say = (key: string, value: string | number | null, usual: string | null = null): void => { if (value !== null && value !== usual && value !== '') said.set(key, String(value)) }
  say('span', view.span, spanDefault)
  say('step', view.step)
  say('end', view.end)
  say('by', view.by, 'event')
  say('from', view.brush?.from ?? null)
  say('to', view.brush?.to ?? null)
  sayFilter({ ...view.filter, geo: view.filter.geo === '' ? unknownPlace : view.filter.geo }, say)
  say('alarm', view.alarm)
  say('scale', view.log ? 'log' : null)
  say('tab', view.tab, tabs[0])
  say('order', view.order, orders[0])
  say('mention', view.mention)
  say('asOf', view.asOf)
  if (view.replay !== null) {
    say('play', '1')
    say('at', view.replay.at)
    say('speed', String(view.replay.speed), String(speedDefault))
    say('skip', view.replay.skip ? '1' : null)
  }
  for (const [key, value] of new URLSearchParams(view.rest)) said.append(key, value)
  return said.toString()
}

/** As the address and the API write it: lists by comma. */
export function sayFilter(filter: TopicFilter, say: (key: string, value: string | null) => void): void {
  say('platform', filter.platforms.join(','))
  say('sentiment', filter.sentiments.join(','))
  say('kind', filter.kinds.join(','))
  say('verified', filter.verified === null ? null : String(filter.verified))
  say('geo', filter.geo)
  say('author', filter.author)
  say('root', filter.root)
  say('text', filter.text)
}

export const stepOf = ({ span, step }: Pick<TopicView, 'span' | 'step'>): HistoryStep => step ?? spans[span].step

/** Whether anything is filtered, the span apart. */
export const isFiltered = (filter: TopicFilter): boolean =>
  filter.platforms.length + filter.sentiments.length + filter.kinds.length > 0 || filter.verified !== null || filter.geo !== null || filter.author !== null || filter.root !== null || filter.text !== null

/** A name put into a list, or taken out where it was. */
export const toggled = <Name extends string>(names: readonly Name[], name: Name): Name[] => (names.includes(name) ? names.filter((one) => one !== name) : [...names, name])

/** What of a text can be looked for: its beginning, cut between words. */
export function textFilterOf(text: string): string | null {
  const letters = [...text.trim()]
  const cut = letters.slice(0, textCharsMax).join('')
  const whole = letters.length > textCharsMax && /[\p{Script=Latin}\d]/u.test(letters[textCharsMax] ?? '') ? cut.replace(/[\p{Script=Latin}\d]+$/u, '') : cut
  return whole.trim() === '' ? cut || null : whole.trim()
}
