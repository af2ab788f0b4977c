// What the page of a topic shows, as its address holds it, so that a link shows what its sender saw. What is not said is the default; what is not
// ours (the replay's part of the address) is kept as it is.
import { sentiments, type SentimentName } from '@groundswell/schemas/evidence.ts'
import { historySteps, type TopicHistory } from '@groundswell/schemas/topic-history.ts'
import { spans, type Span } from './address.ts'

export type HistoryStep = TopicHistory['step']
export const stepMsOf: Readonly<Record<HistoryStep, number>> = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 }
/** Steps that a span may be cut into: no more columns than a screen has pixels, and no fewer than make a line. */
export const stepsOfSpan: Readonly<Record<Span, readonly HistoryStep[]>> = { '2h': ['1m', '5m'], '24h': ['1m', '5m', '15m', '1h'], '7d': ['5m', '15m', '1h'], '28d': ['1h'] }

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
  readonly geo: string | null // ISO 3166-2
  readonly author: string | null // key of an account
  readonly root: string | null
  readonly text: string | null
}
export const noFilter: TopicFilter = { platforms: [], sentiments: [], kinds: [], verified: null, geo: null, author: null, root: null, text: null }
export const textCharsMax = 200

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
  readonly open: number | null // place of the opened mention in the list as of `asOf`
  readonly asOf: number | null // ms; null: the list is that of the newest answer
  readonly rest: string // of the address, said by others
}

const spanDefault: Span = '24h'
const lettersMax = 512
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
      platforms: list('platform'), sentiments: list('sentiment').filter((name): name is SentimentName => (sentiments as readonly string[]).includes(name)), kinds: list('kind'),
      verified: asked.get('verified') === '1' ? true : asked.get('verified') === '0' ? false : null, geo: words('geo', 16), author: words('author'), root: words('root'), text: words('text', textCharsMax),
    },
    alarm: words('alarm'), log: asked.get('scale') === 'log', tab: one('tab', tabs), order: one('order', orders), open: whole('open'), asOf: whole('asOf'), rest: rest.toString(),
  }
}
const ours: ReadonlySet<string> = new Set(['span', 'step', 'end', 'by', 'from', 'to', 'platform', 'sentiment', 'kind', 'verified', 'geo', 'author', 'root', 'text', 'alarm', 'scale', 'tab', 'order', 'open', 'asOf'])

export function topicQueryOf(view: TopicView): string {
  const said = new URLSearchParams()
  const say = (key: string, value: string | number | null, usual: string | null = null): void => { if (value !== null && value !== usual && value !== '') said.set(key, String(value)) }
  say('span', view.span, spanDefault)
  say('step', view.step)
  say('end', view.end)
  say('by', view.by, 'event')
  say('from', view.brush?.from ?? null)
  say('to', view.brush?.to ?? null)
  sayFilter(view.filter, say)
  say('alarm', view.alarm)
  say('scale', view.log ? 'log' : null)
  say('tab', view.tab, tabs[0])
  say('order', view.order, orders[0])
  say('open', view.open)
  say('asOf', view.asOf)
  for (const [key, value] of new URLSearchParams(view.rest)) said.append(key, value)
  return said.toString()
}

/** As the address and the API write it: lists by comma. */
export function sayFilter(filter: TopicFilter, say: (key: string, value: string | null) => void): void {
  say('platform', filter.platforms.join(','))
  say('sentiment', filter.sentiments.join(','))
  say('kind', filter.kinds.join(','))
  say('verified', filter.verified === null ? null : filter.verified ? '1' : '0')
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
