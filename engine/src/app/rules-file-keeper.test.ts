import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { InProcessStream } from '../io/in-process/stream.ts'
import { newestRules } from '../pipeline/rules-publisher.ts'
import { watchRules } from '../pipeline/rules-watch.ts'
import { RulesFileKeeper } from './rules-file-keeper.ts'

let folder: string
let file: string
let keeper: RulesFileKeeper
let stream: InProcessStream
const raised: string[] = []
const rules = (query: string): string => `topics:\n  - { id: a, query: ${query} }\n`

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundswell-keeper-'))
  file = join(folder, 'rules.yml')
  writeFileSync(file, rules('x'))
  stream = new InProcessStream({ now: () => 1_000 })
  raised.length = 0
  const nothing = (): void => undefined
  keeper = new RulesFileKeeper({ settings: { rules: file }, stream, log: { info: nothing, warn: nothing, error: nothing, debug: nothing }, problems: { raise: (_kind: string, what: string) => raised.push(what), over: nothing }, metrics: { rulesRefused: nothing } } as unknown as ConstructorParameters<typeof RulesFileKeeper>[0])
})
afterEach(() => {
  keeper.close()
  rmSync(folder, { recursive: true, force: true })
})
const messages = async (): Promise<number> => (await stream.state()).lastSeq

test('what a desk wrote is not published by the watcher; what is written by hand behind it is, also where it is the old text', async () => {
  keeper.begin(rules('x'), rules('x'))
  const written = await keeper.write(rules('y'), rules('x'))
  expect([readFileSync(file, 'utf8'), keeper.name, written.kept]).toEqual([rules('y'), 'rules.yml', null])
  // The watcher looks at the next change no earlier than at this one.
  writeFileSync(file, rules('z'))
  await expect.poll(() => newestRules(stream)).toBe(rules('z'))
  expect(await messages()).toBe(1)
  await keeper.write(rules('y'), rules('z'))
  await keeper.restore({ before: new TextEncoder().encode(rules('z')), text: rules('y'), kept: null, dropped: [] })
  expect(readFileSync(file, 'utf8')).toBe(rules('z'))
  writeFileSync(file, rules('y'))
  await expect.poll(() => newestRules(stream)).toBe(rules('y'))
  expect(await messages()).toBe(2)
})

test('a file that is another than what the stream has is published at the start, unless somebody has saved meanwhile', async () => {
  await keeper.write(rules('y'), rules('x'))
  keeper.begin(rules('x'), rules('y'))
  expect(await messages()).toBe(0)
})

test('a first file that could not be taken away is looked after again', async () => {
  rmSync(file)
  const written = await keeper.write(rules('x'), rules('w'))
  rmSync(file)
  mkdirSync(file) // which is no file to read
  await expect(keeper.restore(written)).rejects.toThrow(/EISDIR/)
  rmSync(file, { recursive: true })
  writeFileSync(file, rules('by hand'))
  await expect.poll(() => newestRules(stream)).toBe(rules('by hand'))
})

test('a first file that a refused save made and took away is not missed', async () => {
  rmSync(file)
  await keeper.restore(await keeper.write(rules('x'), rules('w')))
  // A watcher that looks later than the keeper's would have sees that there is none.
  const seen = Promise.withResolvers<string>()
  const stop = watchRules(file, rules('x'), { good: () => undefined, changed: () => undefined, refused: seen.resolve })
  expect(await seen.promise).toMatch(/is gone/)
  stop()
  expect(raised).toEqual([])
})
