// What spread rules and ignitions found as the message that leaves the process: words and numbers, and an id that is the same in every replay.
import type { IdentifiedIgnitionEvent, IdentifiedSpreadEvent, SpreadEvent } from '@groundswell/schemas/spike.ts'
import { isoSecond } from '../iso-second.ts'
import type { Ignition } from './ignition.ts'
import type { SpreadChange, SpreadEnd } from './spread-rules.ts'

type Words = SpreadEvent['reason']
type NameOf = (platform: number) => string

/** Keys stand in the order of the contract; the id is `<topic>/spread/<measure>/<threshold>/<within>/<root>/<at>/<state>`, with the root as `rootInId` has it. */
export function identifySpread(change: SpreadChange, nameOf: NameOf): IdentifiedSpreadEvent {
  const { state, topic: { rules: { id: topic } }, rule, root, size } = change
  const at = isoSecond(change.at)
  return {
    kind: 'spread', topic, state, rule: { [rule.measure]: rule.threshold, within: rule.within }, grade: rule.grade, at, root, value: figures(change.value), size,
    reason: state === 'begin' ? begun(change, nameOf) : over(change),
    id: `${topic}/spread/${rule.measure}/${rule.threshold}/${rule.within}/${rootInId(root)}/${at}/${state}`,
  }
}

/** The id is `<topic>/ignition/<root>/<at>`, likewise. */
export function identifyIgnition(topic: string, { at, root, mention, since, followers, quietSeconds, gained, size }: Ignition): IdentifiedIgnitionEvent {
  const iso = isoSecond(at)
  const [quiet, after] = [lasting(quietSeconds), lasting(at - since)]
  const known = followers < 0 ? { zh: '', en: '' } : { zh: `（${followers} 粉丝）`, en: ` by an account with ${followers} followers` }
  return {
    kind: 'ignition', topic, grade: 'minor', at: iso, root, mention, since: isoSecond(since), followers: followers < 0 ? null : followers, quietSeconds, gained, size,
    reason: {
      zh: `沉寂 ${quiet.zh}后被一次转发${known.zh}重新点燃：${after.zh}内带来 ${gained} 条；传播共 ${size} 条`,
      en: `quiet for ${quiet.en}, then one repost${known.en} drew ${gained} mentions within ${after.en}; ${size} in all`,
    },
    id: `${topic}/ignition/${rootInId(root)}/${iso}`,
  }
}

/** Ids of events are headers of NATS and of webhooks, which take no line feed and nothing beyond Latin; ids of mentions are anything. */
const rootInId = (root: string): string => encodeURIComponent(root)

/** "500 mentions 43 min after the root; 4 generations, 3 platforms". */
function begun({ at, rule: { measure }, rootAt, value, size, depth, platforms, interval }: SpreadChange, nameOf: NameOf): Words {
  const age = lasting(Math.max(0, at - Math.floor(rootAt / 1000)))
  const names = platforms.map(nameOf)
  const [generations, mentions] = [{ zh: `${depth} 代`, en: plural(depth, 'generation') }, { zh: `${size} 条`, en: plural(size, 'mention') }]
  const on = { zh: `${names.length} 个平台`, en: plural(names.length, 'platform') }
  const after = (words: Words, ...more: Words[]): Words => ({ zh: `根帖 ${age.zh}后${words.zh}；${more.map(({ zh }) => zh).join('、')}`, en: `${words.en} ${age.en} after the root; ${more.map(({ en }) => en).join(', ')}` })
  switch (measure) {
    case 'size': return after({ zh: `达 ${size} 条`, en: mentions.en }, generations, on)
    case 'depth': return after({ zh: `传到第 ${value} 代`, en: `${plural(value, 'generation')} deep` }, mentions, on)
    case 'reach': return after({ zh: `触达账号合计 ${value} 粉丝`, en: `accounts with ${value} followers in all` }, mentions, generations)
    case 'platforms': return after({ zh: `传到 ${value} 个平台（${names.join('、')}）`, en: `on ${plural(value, 'platform')} (${names.join(', ')})` }, mentions, generations)
    case 'spreaderFollowers': return after({ zh: `被有 ${value} 粉丝的账号转发`, en: `reposted by an account with ${value} followers` }, mentions, generations)
    case 'coordinatedShare': return after({ zh: `${percent(value)}% 来自多次在一分钟内发布相同内容的账号`, en: `${percent(value)} % from accounts that repeatedly share the same within a minute` }, mentions, on)
    case 'R': {
      const [low, high] = (interval ?? [0, 0]).map(twoFigures)
      return after({ zh: `每条带来 ${twoFigures(value)} 条（95%：${low} 至 ${high}），仍在增长`, en: `each mention draws ${twoFigures(value)} (95 %: ${low} to ${high}), so it still grows,` }, mentions, generations)
    }
    default: return measure satisfies never
  }
}

const ends: Readonly<Record<SpreadEnd, (change: SpreadChange) => Words>> = {
  rested: ({ lastHour, size }) => ({ zh: `趋于平静：共 ${size} 条，最近一小时 ${lastHour} 条`, en: `at rest: ${lastHour} of ${plural(size, 'mention')} in the last hour` }),
  evicted: ({ size }) => ({ zh: `不再跟踪：传播已从内存移出，告警时 ${size} 条`, en: `followed no longer: it left memory; ${plural(size, 'mention')} when it was told` }),
  joined: ({ size }) => ({ zh: `已并入另一个传播：告警时 ${size} 条`, en: `part of another cascade now; ${plural(size, 'mention')} when it was told` }),
}

function over(change: SpreadChange): Words { return ends[change.why ?? 'rested'](change) }

function lasting(seconds: number): Words {
  if (seconds < 60) return { zh: `${seconds} 秒`, en: `${seconds} s` }
  if (seconds < 7200) return { zh: `${Math.floor(seconds / 60)} 分钟`, en: `${Math.floor(seconds / 60)} min` }
  if (seconds < 172_800) return { zh: `${Math.floor(seconds / 3600)} 小时`, en: `${Math.floor(seconds / 3600)} h` }
  return { zh: `${Math.floor(seconds / 86_400)} 天`, en: `${Math.floor(seconds / 86_400)} d` }
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
const percent = (share: number): number => Math.round(100 * share)
const twoFigures = (value: number): number => Number(value.toPrecision(2))
/** Counts are whole; of an estimate three figures are said. */
const figures = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(3)))
