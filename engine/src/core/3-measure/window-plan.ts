// Which windows a topic keeps, and at which resolution: seconds up to two hours, whole minutes above.
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import { baselineWindows } from '@groundswell/schemas/spike.ts'
import type { WheelPlan } from './slice-wheel.ts'

export const windowLimits = { secondsMax: 7200, pastMinutes: 1440, paceSeconds: 600 } as const

/** Minutes of the windows that the baseline watches, as `baselineWindows` names them: the first windows of the wheel of minutes. */
export const watchedMinutes = baselineWindows.map((window) => durationSeconds(window)! / 60)

/** One sliding window of a topic: which wheel carries it, at which index, and how many seconds it spans. */
export interface PlannedWindow { readonly wheel: 'seconds' | 'minutes'; readonly index: number; readonly seconds: number; readonly text: string }

export interface TopicPlan {
  readonly seconds: WheelPlan
  readonly minutes: WheelPlan
  readonly perMinute: PlannedWindow
  readonly pace: PlannedWindow // the last ten minutes: what `ratio` compares with normal, whatever the rules' windows
  readonly ofRule: readonly PlannedWindow[] // one a velocity rule, in the order of the file
  readonly shown: PlannedWindow // what the wall shows where there is no velocity rule: the last hour
}

/**
 * Every topic keeps the last 60 s (mentions a minute), the last ten minutes (its pace), its rules' windows and those of the baseline. A rule
 * shares no window with the baseline: each is read at heads of its own. Minutes are kept for the longest window, for the 60 of the
 * sparkline, and for what the baseline has not learnt yet.
 */
export function planWindows(topic: TopicRules): TopicPlan {
  const lengths = { seconds: [] as number[], minutes: [...watchedMinutes] }
  const plan = (text: string): PlannedWindow => {
    const seconds = durationSeconds(text)
    if (seconds === null) throw new Error(`topic ${topic.id}: "${text}" is no window; rules must be parsed before they are planned`)
    const wheel = seconds <= windowLimits.secondsMax ? 'seconds' : 'minutes'
    const length = wheel === 'seconds' ? seconds : Math.ceil(seconds / 60)
    const found = lengths[wheel].indexOf(length, wheel === 'minutes' ? watchedMinutes.length : 0)
    const index = found < 0 ? lengths[wheel].push(length) - 1 : found
    return { wheel, index, seconds, text }
  }
  const perMinute = plan('60s')
  const pace = plan('10m')
  const ofRule = (topic.velocity ?? []).map((rule) => plan(rule.within))
  const shown = ofRule[0] ?? plan('1h')
  const minutesRetained = Math.max(...lengths.minutes, windowLimits.pastMinutes + windowLimits.paceSeconds / 60 + 1)
  return {
    perMinute, pace, ofRule, shown,
    seconds: { lengths: lengths.seconds, retained: Math.max(...lengths.seconds) },
    minutes: { lengths: lengths.minutes, retained: minutesRetained },
  }
}
