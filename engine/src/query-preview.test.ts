import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesNaively } from './core/2-enrich/matcher/naive.ts'
import { parseQuery } from './core/2-enrich/query/parse.ts'
import { excerpt, previewLimits, previewOf } from './query-preview.ts'

const t0 = Date.parse('2024-05-20T12:00:30Z')
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const line = (id: string, text: string, more: object = {}): string => `${JSON.stringify({ id, ts: t0 - Number(id) * 20_000, text, platform: 'weibo', author: null, tags: [], followers: null, ...more })}\n`
const preview = (query: string, sample: readonly Uint8Array[], limit = 10, passed = () => false) => previewOf({ query, limit, lang: 'en' }, { sample, passed })

test('tells how many matched of how many, by minute, with the places in the texts as they were written', () => {
  const sample = [encode(line('0', '又斷網了') + line('1', '天气') + line('2', 'ＯＵＴＡＧＥ\u00e9')), encode(line('3', '断网，又斷網') + line('4', '断网', { followers: 5, verified: true }))]
  const found = preview('断网 OR "outageé"', sample)
  expect(found).toMatchObject({ ok: true, answer: {
    looked: 5, matched: 4, from: t0 - 80_000, to: t0, explained: 'Mentions that say one of “断网”, “outageé”.',
    minutes: [{ at: Date.parse('2024-05-20T11:59:00Z'), count: 3 }, { at: Date.parse('2024-05-20T12:00:00Z'), count: 1 }],
  } })
  if (!found.ok) return
  expect(found.answer.examples.map(({ text, spans }) => spans.map(([start, end]) => text.slice(start, end)))).toEqual([['斷網'], ['ＯＵＴＡＧＥé'], ['断网', '斷網'], ['断网']])
})

test('escapes of JSON are read, and places are those of what was said', () => {
  const sample = [encode('{"id":"1","ts":1716206430000,"text":"\\ud83d\\ude00\\n\\u65ad\\u7f51\\"!","platform":"weibo"}\n')]
  const found = preview('断网', sample)
  expect(found).toMatchObject({ answer: { examples: [{ text: '😀\n断网"!', spans: [[3, 5]] }] } })
})

test('fields count as in the engine, and a text that is said again is one example', () => {
  const sample = [encode(line('0', '断网', { verified: true }) + line('1', '断网', { verified: true }) + line('2', '断网'))]
  expect(preview('断网 verified:true', sample)).toMatchObject({ answer: { matched: 2, examples: [{ id: '0' }] } })
})

test('a wrong query is told with its column and a caret, as check-rules says it', () => {
  expect(preview('断网 OR (a', [])).toMatchObject({ ok: false, problem: { column: 7, message: 'this ( is never closed: add ) where the group ends', drawn: expect.stringMatching(/^断网 OR \(a\n\u3000\u3000 {4}\^$/) } })
})

test('when the time is over, the newest were looked at, and it says how many', () => {
  const sample = [encode(Array.from({ length: 2000 }, (_, id) => line(String(id), '断网')).join(''))]
  expect(preview('断网', sample, 1, () => true)).toMatchObject({ answer: { looked: 512, matched: 512, examples: [{ id: '0' }] } })
})

test('matches what the plain reading of the query matches', () => {
  const texts = fc.array(fc.array(fc.constantFrom('断', '網', '网', ' ', 'A', 'ａ', '"', '\\', '\n', '😀', '，'), { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')), { minLength: 1, maxLength: 20 })
  fc.assert(fc.property(texts, fc.constantFrom('断网', 'a OR 网', 'a 断 NOT 😀', 'a NEAR/3 网'), (all, query) => {
    const parsed = parseQuery(query)
    const found = preview(query, [encode(all.map((text, id) => line(String(id), text)).join(''))])
    if (!parsed.ok || !found.ok) expect.fail()
    expect(found.answer.matched).toBe(all.filter((text) => matchesNaively(parsed.node, { text })).length)
  }))
})

test('of a long text the part around the first place is shown, and no character is cut in two', () => {
  const long = `${'😀'.repeat(500)}断网${'😀'.repeat(500)}`
  const { text, spans } = excerpt(long, [[1000, 1002]])
  expect(spans.map(([start, end]) => text.slice(start, end))).toEqual(['断网'])
  expect(text.length).toBeLessThanOrEqual(previewLimits.textMax + 2)
  expect(text.isWellFormed()).toBe(true)
  expect(text.startsWith('…') && text.endsWith('…')).toBe(true)
  expect(excerpt('断网', [[0, 2]])).toEqual({ text: '断网', spans: [[0, 2]] })
})
