import { expect, test } from 'vitest'
import { z } from 'zod'
import { codedText, inEnglish, joined, said, saidIssue, saidOf, saidSchema } from './problem.ts'
import { problemTexts } from './problem-texts.ts'

test('what is said is put into words with its values, and with what is said within them', () => {
  expect(inEnglish(said('at-line', { line: 3, column: 7, problem: said('key-unknown', { key: 'quory' }) }))).toBe('line 3, column 7: unknown key quory: check its spelling or remove it')
  expect(inEnglish(said('several', { problems: [said('of-topic', { path: 'id', problem: said('id') }), said('file-empty')] }))).toMatch(/^id: an id is .*; the file is empty/)
})

test('a value that looks like a place is told as it is', () => {
  expect(inEnglish(said('key-unknown', { key: '{key} $& {line}' }))).toBe('unknown key {key} $& {line}: check its spelling or remove it')
})

test.each([[[], ''], [['a'], 'a'], [['a', 'b', 'c'], 'a and b and c']])('%j is joined', (list, words) => {
  const all = joined(list)
  expect(typeof all === 'string' ? all : inEnglish(all)).toBe(words)
})

test('the text of a shape is known again by what it says, and zod\'s own is not', () => {
  const shape = z.string().regex(/^a/, codedText('limit-most', { max: 7 })).superRefine((text, issues) => { if (text === 'z') issues.addIssue(saidIssue(said('key-unknown', { key: text }))) })
  const issuesOf = (value: unknown) => shape.safeParse(value).error?.issues.map((issue) => saidOf(issue as { message: string })) ?? []
  expect(issuesOf('b')).toEqual([{ code: 'limit-most', values: { max: 7 } }])
  expect(issuesOf('z')).toEqual([{ code: 'limit-most', values: { max: 7 } }, { code: 'key-unknown', values: { key: 'z' } }])
  expect(issuesOf(5)).toEqual([null])
})

test('a code is the same for every reader: words with hyphens; and what is said can be read back from JSON', () => {
  expect(Object.keys(problemTexts).filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([])
  const one = said('at-line', { line: 1, column: 2, problem: said('file-empty') })
  expect(saidSchema.parse(JSON.parse(JSON.stringify(one)))).toEqual(one)
})
