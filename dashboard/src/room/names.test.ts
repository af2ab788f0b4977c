import { expect, test } from 'vitest'
import { namesMax, remember, storedNames, storeNames } from './names.ts'

test('names are remembered once, the newest first, as many as there is room for', () => {
  expect(remember(['li', 'wang'], ['zhao', null, 'li', ' ', undefined])).toEqual(['zhao', 'li', 'wang'])
  const names = ['li', 'wang']
  expect(remember(names, ['wang'])).toBe(names)
  expect(remember(Array.from({ length: namesMax }, (_, index) => `n${index}`), ['new'])).toHaveLength(namesMax)
})

test('what was stored comes back, and what is no list of names is none', () => {
  let kept: string | null = null
  storeNames({ setItem: (_key, value) => { kept = value } }, ['li'])
  expect(storedNames({ getItem: () => kept })).toEqual(['li'])
  for (const broken of ['{', '7', '[1]', null]) expect(storedNames({ getItem: () => broken })).toEqual([])
  expect(storedNames({ getItem: () => { throw new Error('denied') } })).toEqual([])
})
