import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRules, RulesRefused, watchRules, type Looking } from './rules-watch.ts'

let folder: string
let stop: () => void = () => undefined
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'groundswell-rules-')) })
afterEach(() => {
  stop()
  rmSync(folder, { recursive: true, force: true })
})

const rules = (query: string) => `topics:\n  - { id: a, name: { zh: 甲, en: A }, query: ${query} }\n`

/** Looks fifty times as often. */
const often: Looking = { read: (file) => readFile(file), after: (ms, look) => { const timer = setTimeout(look, ms / 50); return () => clearTimeout(timer) } }

/** Watches, and answers what is told, one at a time. */
function watched(file: string, inForce: string) {
  const told: string[] = []
  let wake: () => void = () => undefined
  const tell = (what: string) => { told.push(what); wake() }
  stop = watchRules(file, inForce, { good: () => tell('good'), mended: () => tell('mended'), changed: (text) => tell(`changed ${text}`), refused: (reason) => tell(`refused ${reason}`) }, often)
  return async () => {
    while (told.length === 0) await new Promise<void>((resolve) => { wake = resolve })
    return told.shift()!
  }
}

test('a changed file is told, a bad one refused with its place, and going back to the old text mends it', async () => {
  const file = join(folder, 'rules.yml')
  writeFileSync(file, rules('断网'))
  const next = watched(file, rules('断网'))
  writeFileSync(file, rules('outage'))
  expect(await next()).toBe('good')
  expect(await next()).toBe(`changed ${rules('outage')}`)
  writeFileSync(file, rules('"open'))
  expect(await next()).toMatch(/^refused .*rules\.yml:\d+:\d+ /)
  writeFileSync(file, rules('outage'))
  expect([await next(), await next()]).toEqual(['good', 'mended'])
  writeFileSync(file, rules('断网 OR outage'))
  expect(await next()).toBe('good')
  expect(await next()).toMatch(/^changed/)
})

test('a file that is looked at while somebody writes it is neither refused nor taken by halves', async () => {
  const whole = `${rules('断网')}  - { id: b, name: { zh: 乙, en: B }, query: outage }\n`
  const looks = ['', rules('断网 OR outage'), whole.slice(0, -9), whole, whole, whole]
  const told: string[] = []
  await new Promise<void>((over) => {
    stop = watchRules('rules.yml', rules('断网'), { good: () => told.push('good'), changed: (text) => told.push(`changed ${text}`), refused: (reason) => told.push(`refused ${reason}`) }, {
      read: async () => Buffer.from(looks.shift()!),
      after: (_, look) => { if (looks.length > 0) setImmediate(look); else over(); return () => undefined },
    })
  })
  expect(told).toEqual(['good', `changed ${whole}`])
})

test('a file that is written all the time is taken after five seconds as it is found', async () => {
  let looks = 0
  const told = await new Promise<string>((tell) => {
    stop = watchRules('rules.yml', rules('断网'), { good: () => undefined, changed: tell, refused: tell }, {
      read: async () => Buffer.from(rules(`word${++looks}`)),
      after: (_, look) => { if (looks < 50) setImmediate(look); else tell('never'); return () => undefined },
    })
  })
  expect(told).toBe(rules('word20'))
})

test('a file that is deleted is told to be gone, and to be right again when it is back', async () => {
  const file = join(folder, 'rules.yml')
  writeFileSync(file, rules('断网'))
  const next = watched(file, rules('断网'))
  rmSync(file)
  expect(await next()).toBe(`refused ${file} is gone: put it back, or save it anew; the rules in force stay`)
  writeFileSync(file, rules('断网'))
  expect([await next(), await next()]).toEqual(['good', 'mended'])
})

test('a rules file that is wrong at the start is refused with file, line and column', async () => {
  const file = join(folder, 'rules.yml')
  writeFileSync(file, 'topics:\n  - id: a\n')
  await expect(readRules(file)).rejects.toThrow(RulesRefused)
  await expect(readRules(file)).rejects.toThrow(/rules\.yml:2:/)
})

test('a rules file that is no UTF-8 is refused at the start and while it runs', async () => {
  const file = join(folder, 'rules.yml')
  writeFileSync(file, Buffer.concat([Buffer.from('# '), Buffer.from([0xb6, 0xcf]), Buffer.from(`\n${rules('断网')}`)]))
  await expect(readRules(file)).rejects.toThrow(`${file} is not UTF-8: save it as UTF-8`)
  const next = watched(file, rules('断网'))
  expect(await next()).toBe(`refused ${file} is not UTF-8: save it as UTF-8`)
  writeFileSync(file, `\ufeff${rules('断网')}`)
  expect([await next(), await next()], 'a byte order mark changes nothing').toEqual(['good', 'mended'])
})
