import { inEnglish, said, type Said } from '@groundswell/schemas/problem.ts'
import { problemTexts, type ProblemCode } from '@groundswell/schemas/problem-texts.ts'
import { describe, expect, test } from 'vitest'
import { problemsInChinese } from './problem-messages.ts'
import { problemText, problemWords } from './problem-words.ts'

const codes = Object.keys(problemTexts) as ProblemCode[]
const places = (text: string): Set<string> => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))
/** What YAML's parser says is left out where the Chinese says it all. */
const ofParser = (code: ProblemCode): string[] => (code.startsWith('yaml-') ? ['words'] : [])
const passedOn = new Set<ProblemCode>(['several', 'parameter', 'part', 'of-topic'])

describe('every code', () => {
  test('of the contract is there in Chinese, and no other', () => expect(Object.keys(problemsInChinese).toSorted()).toEqual(codes.toSorted()))
  test.each(codes)('%s names the same values in both languages', (code) => {
    const own = places(problemsInChinese[code])
    expect([...own].filter((name) => !places(problemTexts[code]).has(name)), 'unknown to the engine').toEqual([])
    expect([...places(problemTexts[code])].filter((name) => !own.has(name) && !ofParser(code).includes(name)), 'not told').toEqual([])
  })
  test.each(codes.filter((code) => !passedOn.has(code)))('%s is Chinese in Chinese and English in English', (code) => {
    expect(problemsInChinese[code]).toMatch(/[一-鿿]/)
    expect(problemsInChinese[code]).not.toMatch(/[，。：；（）] | [，。：；（）]/)
    expect(problemTexts[code]).not.toMatch(/[一-鿿，。：（）]/)
  })
})

const told = (...all: Said[]) => ({ detail: all.map(inEnglish).join(' · '), said: all })

test.each([
  { case: 'a problem within another', words: told(said('at-line', { line: 3, column: 7, problem: said('in-query', { problem: said('open-alone'), column: 2, drawn: 'x' }) }), said('mend-rules')), zh: '第 3 行第 7 列：这个 ( 没有闭合：请在这一组结束处补上 )（查询的第 2 列）\nx。请改正：什么都没有保存' },
  { case: 'a word of ours as a value, without blanks around it', words: told(said('value-kind', { name: said('name-entry', { at: 2, list: 'velocity' }), value: said('shown-list'), kind: said('kind-whole') })), zh: 'velocity 的第 2 项是一个列表：请写一个整数' },
  { case: 'a value of the file, with them', words: told(said('value-small', { name: 'count', value: '0', min: 1 })), zh: 'count 不能是 0：至少 1' },
  { case: 'several', words: told(said('several', { problems: [said('parameter', { key: 'text', value: '"。"', problem: said('text-nothing') }), said('parameter-unknown', { names: 'x' })] })), zh: 'text="。"：要找的文字里没有字母、数字、汉字或符号；没有参数 x' },
])('$case', ({ words, zh }) => {
  expect(problemWords(words, 'zh')).toEqual({ lead: '', text: zh, lang: 'zh' })
  expect(problemWords(words, 'en')).toEqual({ lead: '', text: words.detail, lang: 'en' })
})

test('what has no code, or one that this page does not know, is told as it came, and a Chinese page says that it is English', () => {
  const newer = { code: 'of-tomorrow', values: {} } as unknown as Said
  for (const all of [[], [newer], [said('file-empty'), newer], [said('several', { problems: [newer] })]]) {
    expect(problemWords({ detail: 'socket hang up', said: all }, 'zh')).toEqual({ lead: '英文原文：', text: 'socket hang up', lang: 'en' })
    expect(problemText({ detail: 'socket hang up', said: all }, 'zh')).toBe('英文原文：socket hang up')
  }
  expect(problemWords({ said: undefined }, 'zh').text).toBe('')
})
