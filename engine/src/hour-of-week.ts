// The hour of the week that a room's clocks show, summer time included: for words only, nothing is measured by it.
import type { HourOfWeek } from './core/4-detect/reason.ts'

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `zone`: an IANA name that is known to be one; another throws RangeError. Building it is dear (about 50 µs), asking it is cheap. */
export function hourOfWeekIn(zone: string): HourOfWeek {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' })
  return (second) => {
    const parts = format.formatToParts(second * 1000)
    const of = (type: 'weekday' | 'hour'): string => parts.find((part) => part.type === type)!.value
    return 24 * dayNames.indexOf(of('weekday')) + Number(of('hour'))
  }
}
