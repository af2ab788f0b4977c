import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { generatedFolder, jsonSchemaFiles } from './json-schema.ts'

const files = [...jsonSchemaFiles()]

test.each(files)('%s is committed as the zod schema has it', (name, text) => {
  expect(readFileSync(join(generatedFolder, name), 'utf8'), 'stale: run node schemas/src/json-schema.ts').toBe(text)
})

test.each(files)('%s is a JSON Schema of draft 2020-12', (_, text) => {
  const schema = JSON.parse(text) as { $schema: string }
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
  expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true)
})

test('editors show a description for every property of a rule, and mark what is wrong', () => {
  const schema = JSON.parse(new Map(files).get('rules.schema.json')!) as Shape
  const silent: string[] = []
  collectSilent(schema, 'rules', silent)
  expect(silent).toEqual([])
  const isRules = new Ajv2020({ strict: false }).compile(schema)
  const topic = { id: 'a', name: { zh: '题', en: 'topic' }, query: 'x', velocity: [{ count: 10, within: '2h', grade: 'severe' }] }
  expect(isRules({ topics: [topic] })).toBe(true)
  expect(isRules({ topics: [{ ...topic, velocty: [] }] })).toBe(false)
  expect(isRules({ topics: [{ ...topic, velocity: [{ count: 10, within: '2 hours' }] }] })).toBe(false)
})

interface Shape { readonly description?: string; readonly properties?: Readonly<Record<string, Shape>>; readonly items?: Shape }

function collectSilent(shape: Shape, path: string, silent: string[]): void {
  for (const [name, property] of Object.entries(shape.properties ?? {})) {
    if (property.description === undefined) silent.push(`${path}.${name}`)
    collectSilent(property, `${path}.${name}`, silent)
    if (property.items !== undefined) collectSilent(property.items, `${path}.${name}[]`, silent)
  }
}
