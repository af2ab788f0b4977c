// The part of the engine that the rules editor asks, as the desk's tests meet it: rules as JSON, which is YAML too, edited, checked, saved and tested.
import { said } from '@groundswell/schemas/problem.ts'
import type { BacktestLine, PreviewAnswer } from '@groundswell/schemas/rules-desk.ts'
import type { Answer } from './desk-site.ts'
import { problemAt, refused } from './refused.ts'

type Topic = Readonly<Record<string, unknown>>
interface Asked { readonly method: string; readonly body: string }

const texts = ['昨晚又斷網了，客服电话打不通', '全市断网三小时，何时恢复？', '网络中断，工单都提交不了', '断网演练通知：周五凌晨', '宽带断网第三天 😀']

export const seededTopics: readonly Topic[] = [
  { id: 'network-outage', name: { zh: '网络中断', en: 'Network outage' }, query: '断网 OR 网络中断', velocity: [{ count: 100_000, within: '2h', grade: 'severe' }, { count: 2000, within: '10m', grade: 'moderate' }], baseline: { alarmBudget: '2 per 8h' }, spread: [{ size: 500, within: '1h', grade: 'moderate' }] },
  { id: 'price-dispute', name: { zh: '涨价争议', en: 'Price dispute' }, query: '涨价', velocity: [{ count: 500, within: '10m', grade: 'minor' }] },
  { id: 'official-reply', name: { zh: '官方回应', en: 'Official statements' }, query: '官方回应', velocity: [{ count: 50, within: '1d', grade: 'minor' }] },
]

const [networkOutage, priceDispute] = [{ id: 'network-outage', zh: '网络中断', en: 'Network outage' }, { id: 'price-dispute', zh: '涨价争议', en: 'Price dispute' }]
const noChanges = { added: { count: 0, topics: [] }, removed: { count: 0, topics: [] }, changed: { count: 0, topics: [] }, rest: false }
const written = (topics: readonly unknown[]): string => `{ "topics": [\n${topics.map((topic) => `  ${JSON.stringify(topic)}`).join(',\n')}\n] }\n`

export class RulesEngine {
  seq = 7
  text = written(seededTopics)
  by: string | null = 'wang'
  readonly saved: { readonly text: string; readonly base: number }[] = []
  readonly tested: Topic[] = []
  readonly previewed: string[] = []
  /** What it answers instead; null: as ever. */
  instead: (path: string, method: string) => Answer = () => null
  readonly #now: number
  #refused: { readonly text: string } | null = null

  constructor(now: number) { this.#now = now }

  /** What was sent to be saved last and not answered is in force after all. */
  takes(): void {
    const { text } = this.#refused ?? { text: this.text }
    this.text = text
    this.seq++
    this.by = 'li'
  }

  /** Somebody else saves. */
  change(topics: readonly unknown[]): void {
    this.text = written(topics)
    this.seq++
    this.by = 'zhao'
  }

  answer({ pathname, searchParams }: URL, { method, body }: Asked): Answer {
    if (!pathname.startsWith('/api/rules')) return null
    const other = this.instead(pathname, method)
    if (other !== null) {
      if (method === 'PUT') this.#refused = JSON.parse(body) as { text: string }
      return other
    }
    const json = body === '' ? {} : JSON.parse(body) as Record<string, unknown>
    if (pathname === '/api/rules') return method === 'PUT' ? this.#save(json as { text: string; base: number }) : this.#read()
    if (pathname === '/api/rules/edit') return { status: 200, body: edited(json as { text: string; edit: { at: number | null; topic: unknown } | null }) }
    if (pathname === '/api/rules/preview') return this.#preview(json as { query: string; lang: string })
    if (pathname === '/api/rules/backtest') return this.#backtest(json['topic'] as Topic)
    const seq = searchParams.get('seq')
    if (searchParams.get('changes') === '1') return { status: 200, body: { seq: Number(seq), changes: seq === '3' ? { ...noChanges, added: { count: 2, topics: [networkOutage, priceDispute] } } : { ...noChanges, added: { count: 1, topics: [{ id: 'official-reply', zh: '官方回应', en: 'Official statements' }] }, changed: { count: 5, topics: [{ ...networkOutage, parts: ['query', 'velocity'] }, { ...priceDispute, parts: ['name'] }] } } } }
    if (seq !== null) return { status: 200, body: { seq: Number(seq), text: seq === String(this.seq) ? this.text : written(seededTopics.slice(0, 2)) } }
    return { status: 200, body: { rules: [{ stream: 1, seq: this.seq, by: this.by, at: this.#now - 3_600_000, size: 812 }, { stream: 1, seq: 3, by: null, at: this.#now - 90_000_000, size: 640 }] } }
  }

  #read(): Answer { return { status: 200, body: { text: this.text, seq: this.seq, by: this.by, at: this.#now - 3_600_000, file: 'rules.yml' } } }

  #save(asked: { text: string; base: number }): Answer {
    if (asked.base !== this.seq) return { status: 409, body: { error: 'rules-changed', detail: `rules ${this.seq} are in force, and rules ${asked.base} were edited`, hint: '', text: this.text, seq: this.seq, by: this.by, at: this.#now - 60_000, file: 'rules.yml' } }
    this.saved.push(asked)
    this.text = asked.text
    this.seq++
    this.by = 'li'
    return this.#read()
  }

  #preview({ query, lang }: { query: string; lang: string }): Answer {
    this.previewed.push(query)
    if (query.includes('(')) {
      const column = query.indexOf('(') + 1
      return refused(400, 'wrong-query', { detail: said('open-alone'), hint: said('query-column', { column }), more: { column, drawn: `${query}\n${'\u3000'.repeat(column - 1)}^` } })
    }
    const terms = query.split(' OR ')
    const met = (text: string): [number, number][] => terms.flatMap((term) => { const at = text.indexOf(term); return at < 0 ? [] : [[at, at + term.length] as [number, number]] }).sort((a, b) => a[0] - b[0])
    const examples = texts.map((text, id) => ({ id: `m${id}`, at: this.#now - id * 40_000, platform: 'weibo', text, spans: met(text) })).filter(({ spans }) => spans.length > 0)
    const answer: PreviewAnswer = {
      looked: 50_000, matched: 812 * examples.length, from: this.#now - 4 * 3_600_000, to: this.#now, explained: lang === 'zh' ? `含“${terms.join('”、“')}”之一的提及。` : `Mentions that say one of “${terms.join('”, “')}”.`,
      minutes: Array.from({ length: 240 }, (_, minute) => ({ at: this.#now - (240 - minute) * 60_000, count: 1 + ((minute * 7) % 13) })), examples,
    }
    return { status: 200, body: answer }
  }

  /** The lower the first threshold, the more it tells. */
  #backtest(topic: Topic): Answer {
    this.tested.push(topic)
    const threshold = ((topic['velocity'] as { count: number }[] | undefined)?.[0]?.count ?? 1000)
    const alerts = threshold >= 100_000 ? 8 : 21
    const day = 86_400_000
    const today = Math.floor((this.#now + 8 * 3_600_000) / day) * day - 8 * 3_600_000
    const days = Array.from({ length: 22 }, (_, index) => ({ at: today - (21 - index) * day, count: 300 + ((index * 977) % 4000), minor: index % 9 === 4 ? 1 : 0, moderate: index % 5 === 3 ? 1 : 0, severe: index === 20 ? 2 : 0 }))
    const told = days.flatMap(({ at, minor, moderate, severe }) => ([['minor', minor], ['moderate', moderate], ['severe', severe]] as const).flatMap(([grade, count]) => Array.from({ length: count }, (_, n) => ({
      at: at + (9 + n) * 3_600_000, grade, kind: grade === 'moderate' ? 'baseline' : 'spike', words: { zh: `10 分钟内 ${2000 + n} 条，达到阈值 2,000`, en: `${2000 + n} within 10m, the threshold is 2,000` }, endsAt: n === 0 ? at + 12 * 3_600_000 : null,
      examples: [{ id: 'm1', platform: 'weibo', text: texts[1]! }, { id: 'm0', platform: 'weibo', text: texts[0]! }],
    }))))
    const result: BacktestLine = { done: true, from: this.#now - 22 * day, to: this.#now, looked: 4_812_330, matched: 58_120, cutTo: null, alerts, atNight: Math.floor(alerts / 4), perWeek: alerts / 4, days, told }
    const lines: BacktestLine[] = [{ done: false, share: 0 }, { done: false, share: 0.5 }, result]
    return { status: 200, body: new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join('')) }
  }
}

function edited({ text, edit }: { readonly text: string; readonly edit: { readonly at: number | null; readonly topic: unknown } | null }): unknown {
  let topics: unknown[]
  try {
    topics = [...(JSON.parse(text) as { topics: unknown[] }).topics]
  } catch {
    return { text, topics: null, problems: [problemAt('', { line: 2, column: 3 }, said('yaml-missing', { words: 'something is open' }))], notes: [] }
  }
  if (edit !== null) {
    if (edit.topic === null) topics.splice(edit.at ?? 0, 1)
    else if (edit.at === null) topics.push(edit.topic)
    else topics[edit.at] = edit.topic
  }
  const problems = topics.flatMap((topic, at) => {
    const { query, velocity = [] } = topic as { query: string; velocity?: { count: unknown }[] }
    return [
      ...(query === '' ? [problemAt(`topics.${at}.query`, { line: at + 2, column: 1 }, said('query-empty'))] : []),
      ...(query.includes('(') ? [problemAt(`topics.${at}.query`, { line: at + 2, column: 40 }, said('in-query', { problem: said('open-alone'), column: 4, drawn: '断网 (\n   ^' }))] : []),
      ...velocity.flatMap(({ count }, rule) => (typeof count === 'number' ? [] : [problemAt(`topics.${at}.velocity.${rule}.count`, { line: at + 2, column: 60 }, said('value-kind', { name: 'count', value: JSON.stringify(count), kind: said('kind-whole') }))])),
    ]
  })
  return { text: edit === null ? text : written(topics), topics, problems, notes: [] }
}
