import type { Said } from '@groundswell/schemas/said.ts'
import { expect, test } from 'vitest'
import type { EngineWords } from './problem-words.ts'
import { refusalWords } from './refusal-detail.ts'

const coded: Said = { code: 'no-alert', values: { alert: '"a"' } }

/** In one text; '' where the words of the page are enough. */
function inOne(why: string, told: EngineWords, lang: 'zh' | 'en'): string {
  const words = refusalWords(why, told, lang)
  return words === null ? '' : `${words.lead}${words.text}`
}

test.each([
  { why: 'away', zh: '', en: '', case: 'nobody wants the words of a browser' },
  { why: 'forbidden', zh: '', en: 'needs the role viewer', case: 'a page in Chinese says in Chinese that there is no permission' },
  { why: 'refused', zh: '英文原文：needs the role viewer', en: 'needs the role viewer', case: 'what no words explain is told as the engine says it' },
])('$case', ({ why, zh, en }) => {
  expect([inOne(why, { detail: 'needs the role viewer' }, 'zh'), inOne(why, { detail: 'needs the role viewer' }, 'en')]).toEqual([zh, en])
  expect([inOne(why, { detail: undefined }, 'en'), inOne(why, {}, 'zh')]).toEqual(['', ''])
})

test('what the engine says as a code is told in the language of the page, also beside words that would do', () => {
  const told = { detail: 'no alert "a"', said: [coded] }
  expect(['zh', 'en'].map((lang) => inOne('unknown', told, lang as 'zh' | 'en'))).toEqual(['没有告警 "a"', 'no alert "a"'])
  expect(refusalWords('refused', told, 'zh')).toEqual({ lead: '', text: '没有告警 "a"', lang: 'zh' })
  expect(refusalWords('away', told, 'zh')).toBeNull()
})
