// What people in the drill talk about: a carrier that does not exist loses its network over everyday background talk.
// `{p}` in a text is a place. Texts hold nothing that JSON must escape.
import { outageAge, outagePerMinute, phases, rhythm } from './curve.ts'

export interface Story {
  readonly id: string
  readonly tag: string
  /** Mentions a minute at a minute of the drill and an event time (ms). */
  readonly perMinute: (minute: number, ms: number) => number
  readonly voices: (minute: number) => Voices
}
/** Texts with the sentiment that a source would give them. */
export interface Voices { readonly zh: readonly Line[]; readonly en: readonly Line[] }
export type Line = readonly [text: string, sentiment: number]

const everyday = (id: string, tag: string, mean: number, voices: Voices): Story =>
  ({ id, tag, perMinute: (_minute, ms) => mean * rhythm(ms), voices: () => voices })

const outageEarly: Voices = {
  zh: [['{p}这边突然没信号了，有人一样吗', -0.5], ['示例电信又断网？{p}家里宽带也上不去', -0.6], ['{p}网络中断十分钟了，打客服一直占线', -0.7], ['手机显示无服务，{p}断网的举手', -0.4]],
  en: [['No signal in {p} since ten minutes ago, ExampleTel outage again?', -0.5], ['ExampleTel broadband outage in {p}, support line is busy', -0.7]],
}
const outageTrending: Voices = {
  zh: [['示例电信大面积断网，{p}的商户没法收款了', -0.8], ['断网冲上热搜第一，示例电信到现在没有说法', -0.8], ['网络中断影响{p}的医院挂号，太离谱了', -0.9], ['{p}断网一小时，外卖都接不了单', -0.7], ['全城断网，只能靠隔壁家的网发这条', -0.4], ['别慌，{p}这边断网前一切正常，等官方通报', 0.1]],
  en: [['Nationwide ExampleTel outage: shops in {p} cannot take payments', -0.8], ['Outage is trending number one and ExampleTel says nothing', -0.8], ['Whole of {p} has no signal, network outage for an hour now', -0.6]],
}
const outageOfficial: Voices = {
  zh: [['示例电信官方通报：核心设备故障致网络中断，正在抢修', 0], ['官方回应断网：{p}已部分恢复，用户将获补偿', 0.3], ['网络中断一小时才通报，示例电信的道歉太晚了', -0.7], ['工信部门关注{p}断网，要求限期恢复', -0.2], ['记者探访{p}抢修现场：网络中断原因是什么', 0]],
  en: [['ExampleTel statement: core equipment failure behind outage, repair under way', 0], ['ExampleTel apologises for the outage in {p}, too late for many', -0.5], ['Regulator asks ExampleTel to explain the outage', -0.2]],
}
const outageRecovery: Voices = {
  zh: [['{p}网络恢复了，断网两小时终于能打电话', 0.5], ['断网之后示例电信说补一天流量，就这？', -0.6], ['复盘这次网络中断：单点故障为何影响{p}', -0.2], ['感谢抢修人员，{p}断网结束', 0.7]],
  en: [['Signal is back in {p} after the outage', 0.5], ['One day of free data for a two hour outage? Really, ExampleTel?', -0.6]],
}

function outageVoices(minute: number): Voices {
  const age = outageAge(minute)
  if (age < phases.trending) return outageEarly
  if (age < phases.official) return outageTrending
  return age < phases.recovery ? outageOfficial : outageRecovery
}

/** A match has a goal about every 50 minutes: a burst that dies in five. */
function sportsPerMinute(minute: number, ms: number): number {
  return 110 * rhythm(ms) * (1 + 2.5 * Math.exp(-(((minute + 13) % 50) / 5)))
}

/** The outage comes first; the order of the rest has no meaning. */
export const stories: readonly Story[] = [
  { id: 'network-outage', tag: '断网', perMinute: outagePerMinute, voices: outageVoices },
  { id: 'sports-final', tag: '决赛', perMinute: sportsPerMinute, voices: () => ({
    zh: [['决赛这个进球太精彩了，{p}酒吧都沸腾了', 0.9], ['裁判这个判罚有问题，决赛不该这样', -0.5], ['{p}球迷今晚无眠，决赛加油', 0.7]],
    en: [['What a goal in the final, {p} goes wild', 0.9], ['That call in the final was wrong', -0.5]] }) },
  everyday('price-dispute', '涨价', 60, {
    zh: [['会员又涨价，这次直接贵了三成', -0.7], ['{p}超市鸡蛋涨价，大家少买点', -0.4], ['套餐涨价还不通知，已经投诉', -0.8], ['涨价可以，服务跟上就行', 0.1]],
    en: [['Another price increase for the membership, cancelled', -0.7], ['Price increase in {p} supermarkets again', -0.4]] }),
  everyday('app-update', '新版本', 45, {
    zh: [['新版本更新完闪退，谁来修一下', -0.6], ['这次新版本界面清爽多了', 0.7], ['更新之后耗电变快，新版本慎升', -0.5]],
    en: [['App update crashes on start, please fix', -0.6], ['The new app update looks great', 0.7]] }),
  everyday('delivery-delay', '快递', 90, {
    zh: [['快递在{p}停了三天了，催也没用', -0.6], ['外卖超时一小时，骑手说单太多', -0.4], ['{p}快递小哥冒雨送到，点赞', 0.8], ['快递丢件，理赔流程太慢', -0.8]],
    en: [['My parcel delivery is late again in {p}', -0.6], ['Fast parcel delivery, thank you', 0.8]] }),
  everyday('food-safety', '食品安全', 30, {
    zh: [['{p}一家店后厨被曝光，食品安全谁来管', -0.8], ['食品安全抽检结果公布，{p}合格率上升', 0.5], ['吃坏肚子了，已打投诉电话说食品安全问题', -0.9]],
    en: [['Food safety inspection in {p} finds problems', -0.7], ['Food safety results are better this year', 0.5]] }),
  everyday('weather-warning', '暴雨', 80, {
    zh: [['{p}发布暴雨预警，出门带伞', -0.1], ['暴雨把{p}路都淹了，注意安全', -0.5], ['暴雨过后的晚霞真美', 0.8]],
    en: [['Rainstorm warning for {p}, stay safe', -0.1], ['Beautiful sky after the rainstorm', 0.8]] }),
  everyday('transit-delay', '地铁', 50, {
    zh: [['{p}地铁又晚点，早高峰挤爆了', -0.5], ['地铁故障，{p}站台等了二十分钟', -0.6], ['{p}地铁新线开通，通勤快了一半', 0.7]],
    en: [['Metro delay in {p}, platform is packed', -0.5], ['New metro line in {p} is a joy', 0.7]] }),
  everyday('customer-service', '客服', 35, {
    zh: [['客服机器人绕了八圈，转人工要等半小时', -0.7], ['示例电信客服态度不错，问题解决了', 0.6], ['客服说已登记，然后就没有然后了', -0.5]],
    en: [['Customer service bot goes in circles', -0.7], ['Customer service solved it in five minutes', 0.6]] }),
  everyday('everyday-talk', '日常', 140, {
    zh: [['{p}今天的早餐，豆浆油条', 0.4], ['加班到现在，{p}的夜景还行', -0.1], ['周末去{p}爬山，有人一起吗', 0.5], ['新买的书到了，先睹为快', 0.6]],
    en: [['Coffee and a long walk in {p}', 0.5], ['Working late again', -0.2]] }),
]
