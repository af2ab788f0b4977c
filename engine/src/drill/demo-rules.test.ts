// The rules files that ship with the house are valid, and the demo's fit the drill that it plays.
import { readFileSync } from 'node:fs'
import { rulesSchema } from '@groundswell/schemas/rules.ts'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const read = (name: string) => rulesSchema.parse(parse(readFileSync(new URL(`../../../rules/${name}`, import.meta.url), 'utf8')))

test.each(['demo.yml', 'example.yml'])('rules/%s is valid and its topics are distinct and bilingual', (name) => {
  const { topics } = read(name)
  expect(new Set(topics.map((topic) => topic.id)).size).toBe(topics.length)
  for (const topic of topics) expect(/\p{Script=Han}/u.test(topic.name.zh) && /[a-z]/i.test(topic.name.en)).toBe(true)
})

test('the demo watches the outage at 100,000 in 2 h and excludes no drill', () => {
  const { topics } = read('demo.yml')
  expect(topics.length).toBeGreaterThanOrEqual(8)
  const outage = topics.find((topic) => topic.id === 'network-outage')
  expect(outage?.velocity).toContainEqual({ count: 100_000, within: '2h', grade: 'severe' })
  for (const topic of topics) expect(topic.query).not.toMatch(/NOT|演练|drill/i)
})
