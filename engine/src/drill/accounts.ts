// Who speaks in the drill: accounts that exist nowhere, most with few followers, and a few hubs with millions. All marked as drill.
import type { Chance } from './chance.ts'

export interface Account { readonly id: string; readonly name: string; readonly followers: number; readonly verified: boolean }

const peopleMax = 200_000
const hubNames = ['本地早知道', '城市热点', '科技观察', '民生直通车', '数码前线', '街头记者', '热搜小报', '通信圈', '深夜编辑部', '生活小百科', '周末评论', '全网快讯']

export const hubs: readonly Account[] = hubNames.map((name, index) => ({
  id: `drill:hub${index}`, name: `演练·${name}`, followers: Math.round(9_000_000 / (index + 1)), verified: true,
}))
export const officials: readonly Account[] = [
  { id: 'drill:exampletel', name: '演练·示例电信', followers: 3_200_000, verified: true },
  { id: 'drill:regulator', name: '演练·示例主管部门', followers: 1_100_000, verified: true },
]

/** One of the many; some speak far more often than others. The same number always has the same followers (Pareto, median about 150). */
export function person(chance: Chance): Account {
  const draw = chance.unit()
  const number = Math.floor(peopleMax * draw * draw)
  const mixed = (Math.imul(number + 1, 0x9e3779b1) >>> 0) / 4_294_967_296
  const followers = Math.min(800_000, Math.floor(60 / (mixed + 0.00005) ** 1.1) - 50)
  return { id: `drill:u${number}`, name: `演练用户${number}`, followers, verified: followers > 50_000 }
}
