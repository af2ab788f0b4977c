import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { beginFormat, formatNow, formatOf, FormatRefused, openFormat, restoringName } from './data-format.ts'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'groundswell-format-')) })
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })
const written = (): unknown => JSON.parse(readFileSync(join(folder, 'format.json'), 'utf8'))

test('a first start writes the format and the version, and the next has nothing to do', () => {
  expect(formatOf(folder)).toBeNull()
  expect(openFormat(folder, '1.2.3')).toBeNull()
  expect(readdirSync(folder), 'a start that is refused leaves nothing').toEqual([])
  beginFormat(folder, '1.2.3')
  expect(written()).toEqual({ format: formatNow, version: '1.2.3' })
  expect(openFormat(folder, '9.9.9')).toBeNull()
  beginFormat(folder, '9.9.9')
  expect(written(), 'the version that wrote the format').toEqual({ format: formatNow, version: '1.2.3' })
  expect(readdirSync(folder)).toEqual(['format.json'])
})

test('a folder from before there was a format is upgraded, and closed to others', () => {
  mkdirSync(join(folder, 'clickhouse'))
  chmodSync(folder, 0o755)
  expect(openFormat(folder, '1.2.3')).toEqual({ format: 0, version: '0.1.0 or older' })
  expect([written(), statSync(folder).mode & 0o777]).toEqual([{ format: formatNow, version: '1.2.3' }, 0o700])
})

test('a newer format is refused with both versions and changes nothing', () => {
  writeFileSync(join(folder, 'format.json'), '{"format":7,"version":"4.0.0"}')
  expect(() => openFormat(folder, '1.2.3')).toThrow(FormatRefused)
  expect(() => openFormat(folder, '1.2.3')).toThrow(/written by groundswell 4\.0\.0 in format 7; this is groundswell 1\.2\.3, which knows formats up to 1: start the newer version/)
  expect(written()).toEqual({ format: 7, version: '4.0.0' })
})

test.each(['', '{', '[]', '{"format":"1","version":"x"}', '{"format":1}', '{"format":0,"version":"x"}'])('a format file that says nothing is refused: %j', (text) => {
  writeFileSync(join(folder, 'format.json'), text)
  expect(() => openFormat(folder, '1.2.3')).toThrow(/format\.json does not say which format/)
})

test('a folder whose restore did not come to its end is refused', () => {
  writeFileSync(join(folder, restoringName), '')
  expect(() => openFormat(folder, '1.2.3')).toThrow(/restore again/)
})
