import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { settingsJsonSchema } from './settings-schema.ts'
import { loadSettings, SettingsError } from './settings.ts'
import { profilesOf, wallOfToken, wallsSchema } from './walls.ts'

const cwd = mkdtempSync(join(tmpdir(), 'groundswell-walls-'))
afterAll(() => { rmSync(cwd, { recursive: true, force: true }) })
const loaded = (yml: string, env: NodeJS.ProcessEnv = {}) => {
  writeFileSync(join(cwd, 'groundswell.yml'), yml)
  return loadSettings({ flags: {}, env, cwd })
}
const main = { id: 'main', name: { zh: '大屏', en: 'Wall' }, diagonalInches: 55, columns: 2, rows: 2, resolution: { width: 3840, height: 2160 }, distanceM: 7, sound: false, rotates: true, day: { from: 7, to: 22 }, lang: null }

test('a room that describes no wall has one: 2×2 screens of 55 inches, read from 7 m', () => {
  expect(loaded('').walls).toEqual([main])
})

test('what a wall does not say is as on the wall that nobody describes', () => {
  expect(loaded('walls:\n  - id: lobby\n  - { id: hall, name: { zh: 大厅, en: Hall }, diagonal: 46, columns: 4, rows: 2, resolution: 6656x1792, distance: 12.5, sound: on, rotate: off, day: 22-6, lang: zh }\n').walls).toEqual([
    { ...main, id: 'lobby', name: { zh: 'lobby', en: 'lobby' } },
    { id: 'hall', name: { zh: '大厅', en: 'Hall' }, diagonalInches: 46, columns: 4, rows: 2, resolution: { width: 6656, height: 1792 }, distanceM: 12.5, sound: true, rotates: false, day: { from: 22, to: 6 }, lang: 'zh' },
  ])
  expect(loaded('', { GROUNDSWELL_WALLS: '[{"id":"lobby","distance":9}]' }).walls).toMatchObject([{ id: 'lobby', distanceM: 9 }])
})

test.each([
  { wall: '{ id: Lobby }', key: 'walls[0].id', says: 'a-z 0-9' }, { wall: '{ distance: 7 }', key: 'walls[0].id', says: 'such as lobby' },
  { wall: '{ id: a, diagonal: 55in }', key: 'walls[0].diagonal', says: '5 to 2000 inches' }, { wall: '{ id: a, columns: 0 }', key: 'walls[0].columns', says: '1 to 64' },
  { wall: '{ id: a, resolution: 4K }', key: 'walls[0].resolution', says: 'such as 3840x2160' }, { wall: '{ id: a, distance: 500 }', key: 'walls[0].distance', says: '0.3 to 200 metres' },
  { wall: '{ id: a, sound: loud }', key: 'walls[0].sound', says: 'on or off' }, { wall: '{ id: a, day: 7-25 }', key: 'walls[0].day', says: 'such as 7-22' },
  { wall: '{ id: a, day: morning }', key: 'walls[0].day', says: 'such as 7-22' }, { wall: '{ id: a, lang: de }', key: 'walls[0].lang', says: 'zh or en' },
  { wall: '{ id: a, colour: red }', key: 'walls[0].colour', says: 'known here: id, name, diagonal' }, { wall: '{ id: a }\n  - { id: a }', key: 'walls[1].id', says: 'an id of its own' },
])('$wall is refused at $key', ({ wall, key, says }) => {
  const problems = (() => {
    try { loaded(`walls:\n  - ${wall}\n`) } catch (error) { if (error instanceof SettingsError) return error.problems; throw error }
    throw new Error('it was taken')
  })()
  expect(problems.map((problem) => problem.key)).toEqual([key])
  expect(problems[0]!.detail).toContain(says)
})

test('the JSON Schema takes what the settings take', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(settingsJsonSchema())
  expect(validate({ walls: [{ id: 'lobby', resolution: '3840x2160', sound: 'on', day: '7-22' }] }), JSON.stringify(validate.errors)).toBe(true)
  expect([validate({ walls: [{ distance: 7 }] }), validate({ walls: [{ id: 'a', resolution: '4K' }] })]).toEqual([false, false])
})

test('a device belongs to a wall that there is, which need not be said where there is one; others belong to none', () => {
  const [one, two] = [profilesOf([]), profilesOf(wallsSchema.parse([{ id: 'a' }, { id: 'b' }]))]
  expect(wallOfToken(one, { role: 'wall' })).toEqual({ ok: true, wall: 'main' })
  expect(wallOfToken(two, { role: 'wall', wall: 'b' })).toEqual({ ok: true, wall: 'b' })
  expect(wallOfToken(two, { role: 'wall' })).toMatchObject({ ok: false, hint: 'say which: a, b' })
  expect(wallOfToken(two, { role: 'wall', wall: 'c' })).toMatchObject({ ok: false, detail: 'there is no wall "c" in the settings' })
  expect([wallOfToken(two, { role: 'viewer' }), wallOfToken(two, { role: 'viewer', wall: 'a' }).ok]).toEqual([{ ok: true, wall: null }, false])
})
