// Where the hours and days of the room's zone lie on a time axis, summer time and zones of half hours included.
import type { RoomTime } from '../room/room-time.ts'

export interface TimeTick { readonly at: number; readonly x: number; readonly label: string; readonly day: boolean } // at: seconds; day: midnight

const units = [60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800] as const

/** At most `ticksMax` between `from` and `to` (seconds), at round times of the zone. A midnight is told by its date. */
export function timeTicks(range: { readonly from: number; readonly to: number; readonly width: number; readonly ticksMax: number }, roomTime: (ms: number) => RoomTime): TimeTick[] {
  const { from, to, width, ticksMax } = range
  const span = to - from
  const unit = units.find((seconds) => span / seconds <= ticksMax) ?? units.at(-1)!
  const ticks: TimeTick[] = []
  const first = Math.floor((from + offsetAt(from, roomTime)) / unit) * unit
  for (let local = first; ; local += unit) {
    const guess = local - offsetAt(local, roomTime)
    const at = local - offsetAt(guess, roomTime) // the offset of the place itself: it changes twice a year
    if (at >= to) return ticks
    if (at < from) continue
    const told = roomTime(at * 1000)
    const day = told.minute === '00:00'
    ticks.push({ at, x: Math.round((width * (at - from) / span) * 10) / 10, label: day ? told.date : told.minute, day })
  }
}

function offsetAt(second: number, roomTime: (ms: number) => RoomTime): number {
  const { fullDate, time } = roomTime(second * 1000)
  return Date.parse(`${fullDate}T${time}Z`) / 1000 - Math.floor(second)
}
