// Why the baseline gives an alarm, or ends one, in words and numbers that the person who is woken can check.
import type { Bilingual } from '@groundswell/schemas/live.ts'
import type { BaselineEvent } from '@groundswell/schemas/spike.ts'
import { hourOfWeek as utcHourOfWeek } from '../3-measure/season.ts'

/** The hour of the week, 0 … 167 from Sunday 0:00, that a room's clocks show at a second since 1970. */
export type HourOfWeek = (second: number) => number

export interface Evidence extends Pick<BaselineEvent, 'state' | 'count' | 'within' | 'usual' | 'high' | 'falseAlarms'> {
  readonly at: number // second
  readonly moved: boolean
  readonly span: string // of the budget: 8h
  readonly platform: string | null
  readonly hourOfWeek: HourOfWeek | null // null: hours are said in UTC, and that they are
}

const days = { en: ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'], zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] } as const
const units = { s: { en: 's', zh: '秒' }, m: { en: 'min', zh: '分钟' }, h: { en: 'h', zh: '小时' }, d: { en: 'd', zh: '天' } } as const

/** "412 in 5 min; Fridays at 14:00 usually 38, 99 % of such windows at most 97; a false alarm like this 0.3 times per 8 h". */
export function reasonOf(evidence: Evidence): BaselineEvent['reason'] {
  const { state, moved, at, count, within, usual, high, falseAlarms, span, platform, hourOfWeek } = evidence
  const hours = (hourOfWeek ?? utcHourOfWeek)(at)
  const [day, hour] = [Math.floor(hours / 24), String(hours % 24).padStart(2, '0')]
  const zone = hourOfWeek === null ? { en: ' UTC', zh: '（UTC）' } : { en: '', zh: '' }
  const isDay = within === '24h'
  const [counted, normal] = [countedIn(count, within), usuallyIs(usual, high)]
  const en = `${counted.en}; ${isDay ? '' : `${days.en[day]} at ${hour}:00${zone.en} `}${normal.en}`
  const zh = `${counted.zh}；${isDay ? '' : `${days.zh[day]} ${hour} 时${zone.zh}`}${normal.zh}`
  const on = platform === null ? { en: '', zh: '' } : { en: `on ${platform}: `, zh: `${platform}：` }
  if (state === 'begin') {
    const [of, all] = platform === null ? ['', ''] : [' on any platform', '各平台合计']
    const often = falseAlarms < 0.001 ? { en: 'less than 0.001', zh: '不到 0.001' } : { en: String(falseAlarms), zh: `约 ${falseAlarms}` }
    return { zh: `${on.zh}${zh}；${all}这样的误报每 ${lasting(span, 'zh')}${often.zh} 次`, en: `${on.en}${en}; a false alarm like this${of} ${often.en} times per ${lasting(span, 'en')}` }
  }
  return moved
    ? { zh: `${on.zh}常态已改变：${zh}`, en: `${on.en}what is normal has moved: ${en}` }
    : { zh: `${on.zh}已回到常态：${zh}`, en: `${on.en}back to normal: ${en}` }
}

/** "412 in 5 min". */
export const countedIn = (count: number, within: string): Bilingual => ({ zh: `${lasting(within, 'zh')}内 ${count} 条`, en: `${count} in ${lasting(within, 'en')}` })

/** "usually 38, 99 % of such windows at most 97". */
export const usuallyIs = (usual: number, high: number): Bilingual => ({ zh: `通常 ${rounded(usual)} 条，99% 的同类窗口不超过 ${Math.floor(high)} 条`, en: `usually ${rounded(usual)}, 99 % of such windows at most ${Math.floor(high)}` })

const lasting = (duration: string, language: 'en' | 'zh'): string => `${duration.slice(0, -1)} ${units[duration.slice(-1) as keyof typeof units][language]}`
const rounded = (value: number): number => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value))
