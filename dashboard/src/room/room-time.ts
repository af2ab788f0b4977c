// The server's time in the room's zone, with the offset spelled out: nobody has to guess whose clock a wall shows (W25).
export interface RoomTime {
  readonly time: string // 14:32:07
  readonly minute: string // 14:32
  readonly date: string // 11-21
  readonly fullDate: string // 2025-11-21
  readonly weekday: number // 0 = Sunday
  readonly offset: string // UTC+8, UTC+5:30, UTC+0
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** A formatter of one zone: building it is dear, asking it is cheap. An unknown zone is told as UTC, and says so by its offset. */
export function roomTime(zone: string): (ms: number) => RoomTime {
  const format = formatter(zone)
  return (ms) => {
    const part: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(ms)) part[type] = value
    const minute = `${part['hour']}:${part['minute']}`
    const date = `${part['month']}-${part['day']}`
    return {
      minute, date, time: `${minute}:${part['second']}`, fullDate: `${part['year']}-${date}`,
      weekday: weekdays.indexOf(part['weekday'] ?? ''), offset: offsetOf(part['timeZoneName'] ?? 'GMT'),
    }
  }
}

/** As short as it can be without being mistaken: the minute on the day of `now`, with the date on another, with the year in another. */
export function briefTime(at: RoomTime, now: RoomTime): string {
  if (at.fullDate === now.fullDate) return at.minute
  return `${at.fullDate.slice(0, 4) === now.fullDate.slice(0, 4) ? at.date : at.fullDate} ${at.minute}`
}

const offsetOf = (name: string): string => (/[+-]/.test(name) ? name.replace('GMT', 'UTC') : 'UTC+0')

function formatter(zone: string): Intl.DateTimeFormat {
  const shape = { hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    weekday: 'short', timeZoneName: 'shortOffset' } as const
  try {
    return new Intl.DateTimeFormat('en-US', { ...shape, timeZone: zone })
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...shape, timeZone: 'UTC' })
  }
}
