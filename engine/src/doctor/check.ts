// One finding of `groundswell doctor`, and how examinations are run: each for some seconds at most, and one that fails ends no other.

export const states = ['wrong', 'warn', 'note', 'ok'] as const // the worst first
export type CheckState = (typeof states)[number]

/** `found` names the value; `mend` says what to do, and is empty where nothing is to be done. */
export interface Check { readonly check: string; readonly state: CheckState; readonly found: string; readonly mend: string }

export const ok = (check: string, found: string): Check => ({ check, state: 'ok', found, mend: '' })
export const note = (check: string, found: string, mend = ''): Check => ({ check, state: 'note', found, mend })
export const warn = (check: string, found: string, mend: string): Check => ({ check, state: 'warn', found, mend })
export const wrong = (check: string, found: string, mend: string): Check => ({ check, state: 'wrong', found, mend })

/** An examination looks at one thing and may find several. */
export interface Examination { readonly check: string; readonly look: () => readonly Check[] | Promise<readonly Check[]> }

/** Everything that was found, in the order of the examinations. One that fails or hangs becomes a note with its reason. */
export async function examine(examinations: readonly Examination[], within: <T>(work: Promise<T>) => Promise<T>): Promise<Check[]> {
  const found = await Promise.all(examinations.map(async ({ check, look }) => {
    try {
      return await within(Promise.resolve().then(look))
    } catch (error) {
      return [note(check, `could not be looked at: ${error instanceof Error ? error.message : String(error)}`)]
    }
  }))
  return found.flat()
}

/** Rejects where the work takes longer; the work itself is left to end by itself. */
export async function withinMs<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** `1 file`, `2 files`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `3.2 GiB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** `42 s`, `5 min`, `3 h`, `9 days`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
