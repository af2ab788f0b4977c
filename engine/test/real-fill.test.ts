// Real series of mentions (../shared/data/nab): a topic that comes half-way and is filled tells what it would have told, had it been watched
// all along, and some more: a fill brings what is normal, but not how surprising that was from minute to minute, and on a wild series the
// watched topic has learnt to be calm about much.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseRules } from '../src/core/2-enrich/rules-file.ts'
import { Engine } from '../src/core/engine.ts'
import { preparedBatch } from './prepared-batch.ts'

const folder = fileURLToPath(new URL('../../../shared/data/nab/series/', import.meta.url))
if (!existsSync(folder)) console.warn('shared/data/nab is not beside this repository: the test of fills on real series is skipped.')
const text = 'topics:\n  - { id: a, query: x, baseline: {} }\n'
const parsed = parseRules(text)
if (!parsed.ok) throw new Error('the rules of this test are wrong')
const { rules } = parsed

type Row = readonly [second: number, count: number]
const rowsOf = (name: string): Row[] => readFileSync(`${folder}${name}`, 'utf8').trim().split('\n').slice(1).map((line): Row => {
  const [at = '', count] = line.split(',')
  return [Date.parse(`${at.replace(' ', 'T')}Z`) / 1000, Number(count)]
})

/** Seconds at which alarms of the second half began; a fill comes half-way, or the topic is watched from the first row on. */
function toldInSecondHalf(rows: readonly Row[], isFilled: boolean): number[] {
  const engine = new Engine({ rules: isFilled ? { topics: [] } : rules, rulesSeq: 0, stream: 1, seenMax: 10_000 })
  const half = rows.length >> 1
  const told: number[] = []
  let id = 0
  rows.forEach(([second, count], i) => {
    if (isFilled && i === half) fill(engine, rows.slice(0, half))
    const topics = isFilled && i < half ? [] : [0]
    const mentions = Array.from({ length: count }, (_, n) => ({ id: ++id, second: second + Math.floor((299 * n) / count), topics }))
    const batch = preparedBatch([...mentions, { id: ++id, second: second + 299 }], { seq: engine.position.seq + 1, rulesSeq: engine.rulesSeq })
    for (const effect of engine.step({ kind: 'batch', batch })) {
      if (effect.kind === 'event' && effect.event.kind === 'baseline' && effect.event.state === 'begin' && i >= half) told.push(Date.parse(effect.event.at) / 1000)
    }
  })
  return told
}

function fill(engine: Engine, rows: readonly Row[]): void {
  const clock = engine.clock!
  const seq = engine.position.seq + 1
  engine.step({ kind: 'command', seq, now: 0, command: { kind: 'rules', text } })
  const counted = (unit: number, back: number): [number, number][] => {
    const counts = new Map<number, number>()
    for (const [second, count] of rows) {
      for (let n = 0; n < count; n++) {
        const at = second + Math.floor((299 * n) / count)
        if (at > clock - back) counts.set(Math.floor(at / unit), (counts.get(Math.floor(at / unit)) ?? 0) + 1)
      }
    }
    return [...counts]
  }
  const past = { seconds: [], minutes: counted(60, 7 * 86_400), hours: counted(3600, 35 * 86_400) }
  engine.step({ kind: 'command', seq: seq + 1, now: 0, command: { kind: 'fill', rules: seq, topics: [{ id: 'a', ...past }], known: [[rows[0]![0], clock]] } })
}

test.skipIf(!existsSync(folder)).each(['Twitter_volume_KO.csv', 'Twitter_volume_UPS.csv'])('%s: of what a watched topic tells nine of ten are told, within the hour, and not two thirds as many again', (name) => {
  const rows = rowsOf(name)
  const [watched, filled] = [toldInSecondHalf(rows, false), toldInSecondHalf(rows, true)]
  const share = (of: readonly number[], among: readonly number[]): number => of.filter((at) => among.some((other) => Math.abs(other - at) <= 3600)).length / of.length
  expect(watched.length).toBeGreaterThan(10)
  expect(share(watched, filled)).toBeGreaterThanOrEqual(0.9)
  expect(filled.length / watched.length).toBeLessThanOrEqual(1.6)
  expect(share(filled, watched)).toBeGreaterThanOrEqual(0.65)
})
