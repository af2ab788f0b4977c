import type { Said } from '@groundswell/schemas/said.ts'
import { expect, test } from 'vitest'
import { refusalDetail, refusalWords } from './refusal-detail.ts'

const coded: Said = { code: 'no-alert', values: { alert: '"a"' } }

test.each([
  { why: 'away', zh: '', en: '', case: 'nobody wants the words of a browser' },
  { why: 'forbidden', zh: '', en: 'needs the role viewer', case: 'a page in Chinese says in Chinese that there is no permission' },
  { why: 'refused', zh: '英文原文：needs the role viewer', en: 'needs the role viewer', case: 'what no words explain is told as the engine says it' },
])('$case', ({ why, zh, en }) => {
  expect([refusalDetail(why, 'needs the role viewer', 'zh'), refusalDetail(why, 'needs the role viewer', 'en')]).toEqual([zh, en])
  expect([refusalDetail(why, undefined, 'en'), refusalDetail(why, {}, 'zh')]).toEqual(['', ''])
})

test('what the engine says as a code is told in the language of the page, also beside words that would do', () => {
  const told = { detail: 'no alert "a"', said: [coded] }
  expect(['zh', 'en'].map((lang) => refusalDetail('unknown', told, lang as 'zh' | 'en'))).toEqual(['没有告警 "a"', 'no alert "a"'])
  expect(refusalWords('refused', told, 'zh')).toEqual({ lead: '', text: '没有告警 "a"', lang: 'zh' })
  expect(refusalWords('away', told, 'zh')).toBeNull()
})
