// Whether planted stories are found, with their exact boundaries, in a seeded talk that is as repetitive as talk is.
import { expect, test } from 'vitest'
import { emergingTerms, entropyOf } from './emerging-terms.ts'
import { keyOfTokens, ownTokens } from './own-tokens.ts'
import type { WeighedText } from './phrases.ts'

function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 4_294_967_296
  }
}

const common = [...'的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感']
const spoken = ['今天', '网络', '怎么', '手机', '公司', '服务', '客服', '宽带', '信号', '大家', '昨天', '知道', '什么时候', 'wifi', 'router', 'app']

interface Story { readonly phrase: string; readonly share: number }

/** Texts of common characters and words, and of every story those who tell it, each in other words around it. */
function talk({ seed, texts, stories }: { readonly seed: number; readonly texts: number; readonly stories: readonly Story[] }): string[] {
  const random = chance(seed)
  const one = <Value>(values: readonly Value[]): Value => values[Math.floor(random() ** 2 * values.length)]!
  const some = (from: number): string => Array.from({ length: from + Math.floor(random() * 6) }, () => (random() < 0.3 ? one(spoken) : one(common))).join('')
  return Array.from({ length: texts }, () => {
    const told = stories.find(({ share }) => random() < share)
    return told ? `${some(2)}${random() < 0.3 ? '，' : ''}${/^\w/.test(told.phrase) ? ' ' : ''}${told.phrase}${/\w$/.test(told.phrase) ? ' ' : ''}${some(2)}` : some(6)
  })
}

function weigh(now: readonly string[], before: readonly string[]): WeighedText[] {
  const texts = new Map<string, WeighedText & { now: number; before: number }>()
  for (const [said, when] of [[now, 'now'], [before, 'before']] as const) {
    for (const text of said) {
      const own = ownTokens(text)
      const had = texts.get(keyOfTokens(own)) ?? { ...own, now: 0, before: 0, negative: 0 }
      had[when]++
      texts.set(keyOfTokens(own), had)
    }
  }
  return [...texts.values()]
}

const planted = ['青龙桥机房起火', '光缆挖断', '全额退款', '张三丰', '星期五恢复', 'core router down', '5g基站', 'blackout', '总经理道歉', '连夜抢修']

test.each([1, 2, 3])('planted stories are found among the first terms, with their boundaries, and nothing that is always said (seed %i)', (seed) => {
  const stories = planted.map((phrase) => ({ phrase, share: 0.02 }))
  const terms = emergingTerms({ texts: weigh(talk({ seed, texts: 4000, stories }), talk({ seed: seed + 100, texts: 4000, stories: [] })), known: [], limit: 40 }).map(({ term }) => term)
  expect(terms.slice(0, planted.length).sort()).toEqual([...planted].sort())
  // Of all else that is told by chance hardly anything is a term.
  expect(terms.length - planted.length).toBeLessThanOrEqual(4)
})

test('a story that was told before as often is no news, one that is told ten times as often is', () => {
  const [old, grown] = ['青龙桥机房起火', '光缆挖断'] as const
  const now = talk({ seed: 5, texts: 4000, stories: [{ phrase: old, share: 0.05 }, { phrase: grown, share: 0.05 }] })
  const before = talk({ seed: 6, texts: 4000, stories: [{ phrase: old, share: 0.05 }, { phrase: grown, share: 0.005 }] })
  const terms = emergingTerms({ texts: weigh(now, before), known: [], limit: 40 })
  expect(terms[0]).toMatchObject({ term: grown })
  expect(terms.map(({ term }) => term)).not.toContain(old)
  expect(terms[0]!.count / terms[0]!.before).toBeGreaterThan(5)
})

test('what the topic itself looks for is no news, nor what is part of it; what has it as a part may be', () => {
  const now = talk({ seed: 7, texts: 2000, stories: [{ phrase: '光缆挖断', share: 0.1 }, { phrase: '主干光缆', share: 0.1 }] })
  const of = (known: readonly string[]): string[] => emergingTerms({ texts: weigh(now, talk({ seed: 8, texts: 2000, stories: [] })), known: known.map((term) => ownTokens(term).tokens), limit: 40 }).map(({ term }) => term)
  expect(of(['断网', '光缆挖断']).filter((term) => '光缆挖断'.includes(term))).toEqual([])
  expect(of(['光缆'])).toEqual(expect.arrayContaining(['光缆挖断', '主干光缆']))
})

test('a text that is pasted a thousand times is one text: its pieces are no terms', () => {
  const now = [...talk({ seed: 9, texts: 2000, stories: [] }), ...Array.from({ length: 1000 }, () => '供电局领导正在现场慰问群众')]
  expect(emergingTerms({ texts: weigh(now, talk({ seed: 10, texts: 2000, stories: [] })), known: [], limit: 40 }).filter(({ term }) => '供电局领导正在现场慰问群众'.includes(term) && [...term].length > 2)).toEqual([])
})

const termsOf = (seed: number, stories: readonly Story[]): string[] => emergingTerms({ texts: weigh(talk({ seed, texts: 3000, stories }), talk({ seed: seed + 100, texts: 3000, stories: [] })), known: [], limit: 40 }).map(({ term }) => term)

test('a piece ends where it ends: of a sentence longer than any term no cut is told', () => {
  const sentence = '青龙桥机房昨夜突发火情两名员工被救出送医'
  expect(termsOf(21, [{ phrase: sentence, share: 0.05 }]).filter((term) => sentence.includes(term))).toEqual([])
})

test.each([{ alone: 0.02, told: ['全额退款'], why: 'mostly part of the longer one' }, { alone: 0.2, told: ['全额退款', '退款'], why: 'mostly said by itself, too' }])('what is $why is told as $told', ({ alone, told }) => {
  expect(termsOf(22, [{ phrase: '全额退款', share: 0.06 }, { phrase: '退款', share: alone }]).filter((term) => '全额退款'.includes(term)).sort()).toEqual(told.toSorted())
})

test('a term beside a word that goes with everything is that term', () => {
  const terms = termsOf(23, [{ phrase: '道歉', share: 0.07 }, { phrase: '道歉上', share: 0.03 }])
  expect(terms.filter((term) => term.includes('道歉'))).toEqual(['道歉'])
})

test('with nothing before, terms are ranked by how often they are said, and nothing is called surprising', () => {
  const terms = emergingTerms({ texts: weigh(talk({ seed: 11, texts: 1000, stories: [{ phrase: '光缆挖断', share: 0.2 }] }), []), known: [], limit: 10 })
  expect(terms.map(({ term }) => term)).toContain('光缆挖断')
  expect(Math.max(...terms.map(({ score }) => score))).toBeLessThan(2)
  expect(emergingTerms({ texts: [], known: [], limit: 10 })).toEqual([])
})

test.each([[new Map([[1, 5]]), 0], [new Map([[1, 5], [2, 5]]), Math.log(2)], [new Map([[-1, 4]]), Math.log(4)], [new Map(), 0]])('neighbours %j have an entropy of %d', (neighbours, entropy) => {
  expect(entropyOf(neighbours)).toBeCloseTo(entropy)
})
