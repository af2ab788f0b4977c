// What a topic's spread rules tell, in words, in both languages.
import { measureOf, type SpreadMeasure, type SpreadRule } from '@groundswell/schemas/rules.ts'

interface Words { readonly en: string; readonly zh: string }
export interface ExplainedSpread extends Words { readonly measure: SpreadMeasure; readonly threshold: number; readonly within: string; readonly grade: string }

const unitsZh: Readonly<Record<string, string>> = { s: '秒', m: '分钟', h: '小时', d: '天' }
const reached: Readonly<Record<SpreadMeasure, (threshold: number) => Words>> = {
  size: (n) => ({ en: `has ${n} mentions`, zh: `达到 ${n} 条` }),
  depth: (n) => ({ en: `is ${n} generations deep`, zh: `传到第 ${n} 代` }),
  reach: (n) => ({ en: `has come to accounts with ${n} followers in all`, zh: `触达账号合计 ${n} 粉丝` }),
  R: (n) => ({ en: `still grows, each mention drawing ${n} or more and surely more than 1, as seen when a minute closes`, zh: `仍在增长：每条带来 ${n} 条以上（且可信地大于 1），每分钟结束时判断` }),
  platforms: (n) => ({ en: `is on ${n} platforms`, zh: `传到 ${n} 个平台` }),
  spreaderFollowers: (n) => ({ en: `was reposted by an account with ${n} followers`, zh: `被有 ${n} 粉丝的账号转发` }),
  coordinatedShare: (n) => ({ en: `comes by ${Math.round(100 * n)} % from accounts that repeatedly share the same within a minute`, zh: `${Math.round(100 * n)}% 来自多次在一分钟内发布相同内容的账号` }),
}

export function explainSpread(rules: readonly SpreadRule[]): ExplainedSpread[] {
  return rules.map((rule) => {
    const { measure, threshold } = measureOf(rule)
    const { en, zh } = reached[measure](threshold)
    return {
      measure, threshold, within: rule.within, grade: rule.grade ?? 'minor',
      en: `Tells when one cascade whose root matched ${en}, not later than ${rule.within} after the root; it ends when an hour brings fewer than 1 in 20 of its mentions.`,
      zh: `根帖命中本话题的某个传播在根帖后 ${rule.within.slice(0, -1)} ${unitsZh[rule.within.slice(-1)] ?? ''}内${zh}时告警；最近一小时不足其总量的二十分之一时结束。`,
    }
  })
}
