import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { restoreRulesFile, RulesFileRefused, writeRulesFile } from './rules-file.ts'

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
