import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copiesMax, restoreRulesFile, RulesFileRefused, writeRulesFile } from './rules-file.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundswell-rules-file-'))
  file = join(folder, 'rules.yml')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const held = (): string => readFileSync(file, 'utf8')

test('the file has the new text, its name and its mode, and nothing lies beside it', async () => {
  writeFileSync(file, 'old')
  chmodSync(file, 0o640)
  expect(await writeRulesFile(file, 'new', 'old')).toMatchObject({ kept: null })
  expect(held()).toBe('new')
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(readdirSync(folder)).toEqual(['rules.yml'])
})

test('a link stays a link', async () => {
  writeFileSync(join(folder, 'real.yml'), 'old')
  symlinkSync('real.yml', file)
  await writeRulesFile(file, 'new', 'old')
  expect(readFileSync(join(folder, 'real.yml'), 'utf8')).toBe('new')
  expect(readdirSync(folder).sort()).toEqual(['real.yml', 'rules.yml'])
})

test('what somebody wrote that is not in force is kept beside it', async () => {
  writeFileSync(file, 'half a thou')
  expect(await writeRulesFile(file, 'new', 'old')).toMatchObject({ kept: `${file}.not-in-force` })
  expect(readFileSync(`${file}.not-in-force`, 'utf8')).toBe('half a thou')
  expect(held()).toBe('new')
})

test('a second copy is kept apart from the first, the same text is kept once, and of too many the oldest goes by name', async () => {
  const texts = Array.from({ length: copiesMax + 2 }, (_, n) => `half a thought ${n}`)
  const all = []
  for (const text of [texts[0]!, ...texts]) {
    writeFileSync(file, text)
    all.push(await writeRulesFile(file, 'new', 'old'))
  }
  const name = (n: number): string => (n === 0 ? 'rules.yml.not-in-force' : `rules.yml.not-in-force-${n + 1}`)
  expect(all.map(({ kept }) => kept)).toEqual([0, ...texts.keys()].map((n) => join(folder, name(n))))
  expect(all.map(({ dropped }) => dropped)).toEqual([...Array.from({ length: copiesMax + 1 }, () => []), [name(0)], [name(1)]])
  expect(readdirSync(folder).filter((one) => one !== 'rules.yml').map((one) => readFileSync(join(folder, one), 'utf8')).sort()).toEqual(texts.slice(2))
})

test('what somebody writes before it is put back stays', async () => {
  writeFileSync(file, 'old')
  const written = await writeRulesFile(file, 'new', 'old')
  writeFileSync(file, 'by hand')
  expect(await restoreRulesFile(file, written)).toBe(false)
  expect(held()).toBe('by hand')
})

test('a file that was not there is made, and is gone again when it did not come into force', async () => {
  const written = await writeRulesFile(file, 'new', '')
  expect(held()).toBe('new')
  await restoreRulesFile(file, written)
  expect(readdirSync(folder)).toEqual([])
})

test('a file that did not come into force is as it was', async () => {
  writeFileSync(file, 'old')
  await restoreRulesFile(file, await writeRulesFile(file, 'new', 'old'))
  expect(held()).toBe('old')
})

test('a place that cannot be written is refused by name', async () => {
  mkdirSync(file)
  await expect(writeRulesFile(file, 'new', 'old')).rejects.toThrow(RulesFileRefused)
  await expect(writeRulesFile(join(folder, 'nowhere', 'rules.yml'), 'new', 'old')).rejects.toThrow(/^rules\.yml cannot be written \(.*ENOENT/)
})
