// Random rules and inputs for property tests of the core: mentions of a few topics, late, skewed and sent twice, ticks, and every command.
import fc from 'fast-check'
import { parseRules } from '../src/core/2-enrich/rules-file.ts'
import type { Engine } from '../src/core/engine.ts'
import type { Effect, Input } from '../src/core/input.ts'
import type { Action } from '@groundswell/schemas/action.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { preparedBatch, type PlainRow } from './prepared-batch.ts'
import { randomAction, randomPerson } from './random-actions.ts'

const begin = 1_700_000_000

export type RandomInput =
  | { readonly kind: 'batch'; readonly rows: readonly RandomRow[]; readonly waitMs: number; readonly rejected: number }
  | { readonly kind: 'tick'; readonly ms: number }
  | { readonly kind: 'rules'; readonly text: string }
  | { readonly kind: 'fill'; readonly slices: readonly (readonly [number, number])[]; readonly weeks: readonly (readonly [number, number])[] | null } // weeks: [hours behind, mentions]; null: a fill without hours
  | { readonly kind: 'end' } | { readonly kind: 'forget' }
  | { readonly kind: 'act'; readonly id: number; readonly by: string; readonly action: Action; readonly about: number } // about: which of the newest alerts, where it is about one

interface RandomRow extends Pick<PlainRow, 'parent' | 'root' | 'author' | 'followers' | 'share'> {
  readonly id: number; readonly step: number; readonly topics: readonly number[]; readonly sign: number; readonly platform: string; readonly skewed: boolean
}

const rule = fc.record({ count: fc.integer({ min: 1, max: 9 }), within: fc.constantFrom('2s', '30s', '1m', '10m', '2h', '3h'), grade: fc.constantFrom('minor', 'moderate', 'severe') })
const spreadRule = fc.tuple(fc.constantFrom({ size: 3 }, { size: 8 }, { depth: 2 }, { reach: 5000 }, { R: 0.2 }, { platforms: 2 }, { spreaderFollowers: 1000 }, { coordinatedShare: 0.1 }), fc.constantFrom('30s', '10m', '3h'))
  .map(([measure, within]) => ({ ...measure, within }))
const topic = (id: string): fc.Arbitrary<object> => fc.record({
  id: fc.constant(id), name: fc.constant({ zh: '题', en: id }), query: fc.constantFrom('x', 'x', 'y'), velocity: fc.uniqueArray(rule, { maxLength: 3, selector: ({ count, within }) => `${count} ${within === '1m' ? '60s' : within}` }),
  ...(id === 'm' || id === 'a' ? { spread: fc.uniqueArray(spreadRule, { maxLength: 4, selector: (rule) => JSON.stringify(rule) }) } : {}),
  ...(id < 'n' ? { baseline: fc.constantFrom({}, { alarmBudget: '9 per 8h' }) } : {}),
})

/** The text of a rules file with one to four topics. */
export const randomRules: fc.Arbitrary<string> = fc.tuple(...['m', 'z', 'a', 'q'].map(topic))
  .chain((topics) => fc.subarray(topics, { minLength: 1 })).map((topics) => JSON.stringify({ topics }))

const row: fc.Arbitrary<RandomRow> = fc.record({
  id: fc.integer({ min: 1, max: 300 }), topics: fc.subarray([0, 1, 2, 3]), sign: fc.integer({ min: -1, max: 1 }), platform: fc.constantFrom('weibo', 'news', 'zhihu'),
  step: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 2 }) }, { weight: 3, arbitrary: fc.integer({ min: -20, max: 70 }) }, { weight: 1, arbitrary: fc.integer({ min: -700, max: 9000 }) }),
  skewed: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  // Most are of a few cascades, so that some grow; any id may be named before it comes, or itself.
  parent: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 300 }) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) }), root: fc.integer({ min: 0, max: 3 }),
  author: fc.nat(30), followers: fc.integer({ min: -1, max: 2000 }), share: fc.nat(20),
})
const input: fc.Arbitrary<RandomInput> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('batch' as const), rows: fc.array(row, { maxLength: 12 }), waitMs: fc.nat(5000), rejected: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick' as const), ms: fc.integer({ min: -130_000, max: 130_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rules' as const), text: fc.oneof({ weight: 4, arbitrary: randomRules }, { weight: 1, arbitrary: fc.constant('topics: 7') }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fill' as const), slices: fc.array(fc.tuple(fc.nat(9000), fc.integer({ min: 1, max: 5 })), { maxLength: 20 }), weeks: fc.option(fc.array(fc.tuple(fc.nat(839), fc.integer({ min: 1, max: 90 })), { maxLength: 20 })) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'end' as const }, { kind: 'forget' as const }) },
  { weight: 3, arbitrary: fc.record({
    kind: fc.constant('act' as const), id: fc.nat(99), by: randomPerson, about: fc.nat(9),
    action: randomAction({ alerts: ['nobody/1'], topics: ['m', 'z', 'a', 'q', 'source:weibo'], ends: fc.integer({ min: begin, max: begin + 2000 }).map((second) => second * 1000) }),
  }) },
)

export const randomInputs = (max: number): fc.Arbitrary<RandomInput[]> => fc.array(input, { maxLength: max })

export function parsedRules(text: string): Rules {
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error(`the rules of this test are refused: ${parsed.problems[0]?.message ?? ''}`)
  return parsed.rules
}

/** The input as the loop would hand it to this engine: at its clock, behind its position, matched by its rules. */
export function inputFor(engine: Engine, random: RandomInput, topicsInForce: number): Input {
  const seq = engine.position.seq + 1
  const clock = engine.clock ?? begin
  const now = (begin + seq * 10) * 1000
  switch (random.kind) {
    case 'batch': {
      const rows: PlainRow[] = random.rows.map(({ step, topics, ...row }) => ({ ...row, second: clock + step, topics: topics.filter((topic) => topic < topicsInForce) }))
      return { kind: 'batch', batch: preparedBatch(rows, { seq, time: now + random.waitMs, rulesSeq: engine.rulesSeq, rejected: random.rejected > 0 ? { 'not-json': random.rejected } : {} }) }
    }
    case 'tick': return { kind: 'tick', seq, now: clock * 1000 + random.ms }
    case 'rules': return { kind: 'command', seq, now, command: { kind: 'rules', text: random.text } }
    case 'fill': {
      const [pending] = engine.pendingFills()
      const seconds = ascending(random.slices.map(([behind, count]) => [clock - behind, count]))
      const minutes = ascending(seconds.map(([second, count]) => [Math.floor(second / 60), count]))
      const hour = Math.floor(clock / 3600)
      const past = random.weeks && { hours: ascending([...random.weeks.map(([behind, count]): [number, number] => [hour - 3 - behind, count]), ...minutes.map(([minute, count]): [number, number] => [Math.floor(minute / 60), count])]) }
      const topics = (pending?.topics ?? []).map((id) => ({ id, seconds, minutes, ...past }))
      const known = past && { known: [[(hour - 840) * 3600, (hour - 200) * 3600 + 1700], [(hour - 100) * 3600, clock]] satisfies [number, number][] }
      return { kind: 'command', seq, now, command: { kind: 'fill', rules: pending?.rulesSeq ?? 0, topics, ...known } }
    }
    case 'end': return { kind: 'command', seq, now, command: { kind: 'end' } }
    case 'forget': return { kind: 'command', seq, now, command: { kind: 'forget', author: 'somebody' } }
    case 'act': {
      const about = engine.desk.alerts(10)[random.about]
      const action = about && 'alert' in random.action ? { ...random.action, alert: about.id } : random.action
      return { kind: 'command', seq, now, command: { kind: 'act', id: String(random.id), by: random.by, action } }
    }
    default: return random satisfies never
  }
}

/** One slice a key, ascending. */
function ascending(slices: readonly (readonly [number, number])[]): [number, number][] {
  return [...Map.groupBy(slices, ([key]) => key)].map(([key, same]): [number, number] => [key, same.reduce((sum, [, count]) => sum + count, 0)]).sort((a, b) => a[0] - b[0])
}

/** Plays one input; answers its effects, and the fates that it wrote. */
export function play(engine: Engine, input: Input): { readonly effects: readonly Effect[]; readonly fates: readonly number[] } {
  const effects = engine.step(input)
  return { effects, fates: input.kind === 'batch' ? [...input.batch.native] : [] }
}
