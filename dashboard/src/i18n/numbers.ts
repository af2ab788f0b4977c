// Numbers and durations as a wall says them: grouped while they can be read digit by digit, shortened above.
import type { Language } from './language.ts'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 41,208 · 123.4万 / 1.23M · 12.3亿 / 1.23B */
export function count(value: number, lang: Language): string {
  if (value < 1_000_000) return grouped.format(value)
  if (lang === 'zh') return value < 100_000_000 ? `${shortened(value / 10_000)}万` : `${shortened(value / 100_000_000)}亿`
  return value < 1_000_000_000 ? `${shortened(value / 1_000_000)}M` : `${shortened(value / 1_000_000_000)}B`
}

/** A round threshold in few digits: 2,000 · 2万 / 20k · 10万 / 100k; one that is not round stays whole. */
export function threshold(value: number, lang: Language): string {
  const step = lang === 'zh' ? 10_000 : 1_000
  if (value < 10_000 || value >= 1_000_000 || value % step !== 0) return count(value, lang)
  return `${value / step}${lang === 'zh' ? '万' : 'k'}`
}

/** At least three digits, rounded down: a count is never said to be larger than it is. */
const shortened = (value: number): string => {
  const digits = value < 10 ? 2 : value < 1000 ? 1 : 0
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: 'trunc' }).format(value)
}

/** ×9.4 · ×120 · ×9,999+ */
export function times(ratio: number): string {
  if (ratio > 9_999) return '×9,999+'
  return `×${ratio < 99.95 ? ratio.toFixed(1) : grouped.format(ratio)}`
}

/** Whole percent, rounded down: 100 % means reached. */
export const percent = (share: number): string => `${Math.floor(share * 100 + 1e-9)}%`

const units = { zh: { s: '秒', m: '分', h: '时', d: '天' }, en: { s: 's', m: 'm', h: 'h', d: 'd' } } as const

/** The largest whole unit: 4秒, 12分, 3时, 2天. */
export function duration(ms: number, lang: Language): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const unit = units[lang]
  if (seconds < 60) return `${seconds}${unit.s}`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${unit.m}`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}${unit.h}`
  return `${grouped.format(Math.floor(seconds / 86_400))}${unit.d}`
}

/** A length of time as a rule writes it, in words: 5m is 5 分钟 / 5 min. */
export function spelledSpan(text: string, lang: Language): string {
  const [, number = text, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const names: Readonly<Record<string, string>> = lang === 'zh' ? { s: '秒', m: '分钟', h: '小时', d: '天' } : { s: 's', m: 'min', h: 'h', d: 'd' }
  return `${number} ${names[unit] ?? ''}`.trim()
}

/** What is normal need not be whole: 0.4 · 3.7 · 38 · 1,204. */
export const average = (value: number, lang: Language): string => (value < 9.95 ? String(Math.round(value * 10) / 10) : count(Math.round(value), lang))

/** Signed, with two significant digits: +1.7 · −0.03 · 0. */
export function signed(value: number): string {
  const size = Math.abs(value) < 0.005 ? '0' : String(Number(Math.abs(value).toPrecision(2)))
  return size === '0' ? '0' : `${value < 0 ? '−' : '+'}${size}`
}
