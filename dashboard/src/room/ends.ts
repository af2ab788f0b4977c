// Ends of silences and pins, as a desk offers them: so long from now, or the next time that the room's clocks show an hour.
import type { RoomTime } from './room-time.ts'

export const endNames = ['30m', '2h', 'morning', 'custom'] as const
export type EndName = (typeof endNames)[number]
export const morningHour = 8
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** ms: the next moment at which the room's clocks show that hour; where the clocks are changed in between, they still do. */
export function nextHour(now: number, hour: number, roomTime: (ms: number) => RoomTime): number {
  const [h = 0, m = 0, s = 0] = roomTime(now).time.split(':').map(Number)
  const ahead = ((hour - h) * 60 - m) * 60_000 - s * 1000
  const at = Math.floor(now / 1000) * 1000 + (ahead > 0 ? ahead : ahead + dayMs)
  const shown = Number(roomTime(at).time.slice(0, 2))
  const off = ((shown - hour + 36) % 24) - 12 // hours that the clocks were put forward or back
  return at - off * hourMs
}

/** ms; null where no end can be made of it. `hours` is of `custom` alone. */
export function endOf(name: EndName, { now, hours, roomTime }: { readonly now: number; readonly hours: number; readonly roomTime: (ms: number) => RoomTime }): number | null {
  if (name === '30m') return now + hourMs / 2
  if (name === '2h') return now + 2 * hourMs
  if (name === 'morning') return nextHour(now, morningHour, roomTime)
  return Number.isFinite(hours) && hours > 0 ? now + Math.round(hours * hourMs) : null
}
