// The findings as people read them: what is wrong first, each with how it is mended, and a line that sums up.
import { counted, states, type Check } from './check.ts'

const marks = { wrong: 'WRONG', warn: 'warn ', note: 'note ', ok: 'ok   ' } as const

export function tableOf(checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ check }) => check.length))
  const lines = states.flatMap((state) => checks.filter((one) => one.state === state)).flatMap(({ check, state, found, mend }) => [
    `${marks[state]}  ${check.padEnd(width)}  ${indented(found, width + 9)}`, ...(mend === '' ? [] : [`${' '.repeat(width + 9)}→ ${indented(mend, width + 11)}`]),
  ])
  return `${lines.join('\n')}\n\n${sumOf(checks)}\n`
}

const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`)

function sumOf(checks: readonly Check[]): string {
  const count = (state: Check['state']): number => checks.filter((one) => one.state === state).length
  const [bad, odd] = [count('wrong'), count('warn')]
  if (bad > 0) return `${bad} of ${counted(checks.length, 'check')} found something wrong${odd > 0 ? `, and there ${odd === 1 ? 'is' : 'are'} ${counted(odd, 'warning')}` : ''}`
  return odd > 0 ? `${counted(odd, 'warning')} in ${counted(checks.length, 'check')}` : `nothing is wrong (${counted(checks.length, 'check')})`
}
