// Durations as people write them in rules: 90s, 10m, 2h, 7d.
const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const
export const durationPattern = /^\d+(s|m|h|d)$/
export const durationSecondsMax = 7 * 86_400

/** Seconds of `90s`, `10m`, `2h`, `7d`; null where the text is no duration, is zero or is over seven days. */
export function durationSeconds(text: string): number | null {
  if (!durationPattern.test(text)) return null
  const seconds = Number(text.slice(0, -1)) * units[text.slice(-1) as keyof typeof units]
  return seconds > 0 && seconds <= durationSecondsMax ? seconds : null
}
