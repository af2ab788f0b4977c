import { expect, test } from 'vitest'
import { refusalDetail } from './refusal-detail.ts'

test.each([
  { why: 'away', zh: '', en: '', case: 'nobody wants the words of a browser' },
  { why: 'forbidden', zh: '', en: 'needs the role viewer', case: 'a page in Chinese says in Chinese that there is no permission' },
  { why: 'refused', zh: 'needs the role viewer', en: 'needs the role viewer', case: 'what no words explain is told as the engine says it' },
])('$case', ({ why, zh, en }) => {
  expect([refusalDetail(why, 'needs the role viewer', 'zh'), refusalDetail(why, 'needs the role viewer', 'en')]).toEqual([zh, en])
  expect(refusalDetail(why, undefined, 'en')).toBe('')
})
