import { recentCounts } from '@groundswell/engine/src/core/3-measure/recent-counts.ts'
import { Countdowns } from '@groundswell/engine/src/core/4-detect/countdown.ts'
import { expect, test } from 'vitest'
import { seededCrises } from './crises.ts'
import { replay } from './replay.ts'
import type { Series } from './series.ts'

const [crisis] = seededCrises(1) as [Series]
const cut = Math.floor(0.6 * crisis.seconds.length)
const before: Series = { ...crisis, seconds: crisis.seconds.slice(0, cut) }
const end = before.seconds.at(-1)!

interface Told { readonly rule: string; readonly clock: number; readonly forecast: string; after: number }

function played(series: Series): Told[] {
  const told: Told[] = []
  replay(series, ({ wheels, rule, clock, since }) => {
    const one: Told = { rule: `${rule.count}/${rule.within}`, clock, forecast: JSON.stringify(new Countdowns(wheels, recentCounts(wheels, clock, since)).of(rule)), after: -1 }
    told.push(one)
    return one
  }, (one, after) => { one.after = after })
  return told
}

test('forecasts up to a moment are the same when the recording ends there: nothing of what comes later is in them', () => {
  const short = played(before)
  const rules = new Set(short.map(({ rule }) => rule)) // a longer recording may have larger thresholds besides
  const long = played(crisis).filter(({ rule, clock }) => clock < end && rules.has(rule))
  expect(short.length).toBeGreaterThan(500)
  const forecasts = (told: readonly Told[]): string[] => told.map(({ rule, clock, forecast }) => `${clock} ${rule} ${forecast}`)
  expect(forecasts(short)).toEqual(forecasts(long))
})

test('what is told of a forecast is when a recount of the window first reaches the threshold', () => {
  const spans = { m: 60, h: 3600 } as const
  for (const { rule, clock, after } of played(before).filter((_, n) => n % 50 === 0)) {
    const [count, within] = rule.split('/') as [string, string]
    const span = Number(within.slice(0, -1)) * spans[within.at(-1) as 'm' | 'h']
    const reaches = (second: number): boolean => {
      const from = span <= 7200 ? second - span + 1 : (Math.floor(second / 60) - span / 60 + 1) * 60
      return before.seconds.filter((at) => at >= from && at <= second).length >= Number(count)
    }
    const ends = span <= 7200 ? [...before.seconds].filter((at) => at > clock) : [...before.seconds].map((at) => at - (at % 60) + 59).filter((at) => at > clock && at <= end)
    expect(`${rule} at ${clock}: ${ends.find(reaches) ?? Infinity}`).toBe(`${rule} at ${clock}: ${clock + after}`)
  }
})
