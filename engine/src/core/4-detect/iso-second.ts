// Seconds since 1970 as ISO-8601 in UTC. The core has no Date; this is the proleptic Gregorian calendar by arithmetic
// (H. Hinnant, "chrono-compatible low-level date algorithms", 2013).

/** `2015-06-15T16:12:44Z` for 1434384764; whole seconds from 1970 on. */
export function isoSecond(second: number): string {
  const day = Math.floor(second / 86_400)
  const rest = second - day * 86_400
  const z = day + 719_468 // days since 0000-03-01
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153) // months since March
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1)}`
  return `${date}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`
}

const two = (value: number): string => String(value).padStart(2, '0')
