// Which windows a topic keeps, and at which resolution: seconds up to two hours, whole minutes above.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { WheelPlan } from './slice-wheel.ts'

export const windowLimits = { secondsMax: 7200, pastMinutes: 1440, ratioSecondsMax: 43_200 } as const

/** One sliding window of a topic: which wheel carries it, at which index, and how many seconds it spans. */
export interface PlannedWindow { readonly wheel: 'seconds' | 'minutes'; readonly index: number; readonly seconds: number; readonly text: string }

export interface TopicPlan {
  readonly seconds: WheelPlan
  readonly minutes: WheelPlan
  readonly perMinute: PlannedWindow
  readonly ofRule: readonly PlannedWindow[] // one a velocity rule, in the order of the file
  readonly shown: PlannedWindow // what the wall shows where there is no velocity rule: the last hour
}

/**
 * Every topic keeps the last 60 s (mentions a minute) and its rules' windows. Minutes are kept for the longest window, for
 * the 60 of the sparkline, and for `ratio`: 24 h before the longest window that has one (at most 12 h).
 */
export function planWindows(topic: TopicRules): TopicPlan {
  const lengths = { seconds: [] as number[], minutes: [] as number[] }
  const plan = (text: string): PlannedWindow => {
    const seconds = durationSeconds(text)
    if (seconds === null) throw new Error(`topic ${topic.id}: "${text}" is no window; rules must be parsed before they are planned`)
    const wheel = seconds <= windowLimits.secondsMax ? 'seconds' : 'minutes'
    const length = wheel === 'seconds' ? seconds : seconds / 60
    const found = lengths[wheel].indexOf(length)
    const index = found < 0 ? lengths[wheel].push(length) - 1 : found
    return { wheel, index, seconds, text }
  }
  const perMinute = plan('60s')
  const ofRule = (topic.velocity ?? []).map((rule) => plan(rule.within))
  const shown = ofRule[0] ?? plan('1h')
  const longest = Math.max(shown.seconds, ...ofRule.map((w) => w.seconds))
  const minutesRetained = Math.max(...lengths.minutes, windowLimits.pastMinutes + Math.ceil(Math.min(longest, windowLimits.ratioSecondsMax) / 60) + 1)
  return {
    perMinute, ofRule, shown,
    seconds: { lengths: lengths.seconds, retained: Math.max(...lengths.seconds) },
    minutes: { lengths: lengths.minutes, retained: minutesRetained },
  }
}
