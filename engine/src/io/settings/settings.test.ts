import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settingsJsonSchema } from './settings-schema.ts'
import { loadSettings, SettingsError } from './settings.ts'

let cwd: string
beforeEach(() => { cwd = mkdtempSync(join(tmpdir(), 'groundswell-settings-')) })
afterEach(() => { rmSync(cwd, { recursive: true, force: true }) })

const load = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) => loadSettings({ flags, env, cwd })
const write = (name: string, text: string) => { writeFileSync(join(cwd, name), text) }
const problemsOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  throw new Error('the settings were taken')
}
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const token = 'f00df00df00df00df00d'

test('without file, environment or flags the defaults of the contract stand', () => {
  expect(load()).toMatchObject({
    data: join(cwd, 'data'), http: 8080, listen: '127.0.0.1', nats: { kind: 'embedded', port: 4222 }, clickhouse: { kind: 'embedded' }, rules: null,
    room: { title: { zh: '舆情值守', en: 'Opinion watch' }, zone: 'Asia/Shanghai' }, retentionDays: 180, recordDays: 30, token: null, webhooks: [], cooldownSeconds: 1800,
    streamMaxBytes: 4 * 1024 ** 3, seenMax: 50_000_000, cascades: { mentionsMax: 2_000_000, quietHours: 48 }, checkpointSeconds: 30, checkpointsKept: 3, blindSeconds: 900, blindSecondsBySource: {}, canarySeconds: 30, logLevel: 'info', warnings: [],
  })
  expect(load().workers).toBeGreaterThanOrEqual(1)
  expect(load().workers).toBeLessThanOrEqual(4)
})

test('the environment beats the file and a flag beats both', () => {
  write('groundswell.yml', 'http: 1001\nretentionDays: 7\ncooldown: 5m\nroom: { zone: Europe/Berlin }\n')
  const settings = load({ http: '1003' }, { GROUNDSWELL_HTTP: '1002', GROUNDSWELL_RETENTION_DAYS: '30', GROUNDSWELL_ROOM_TITLE_ZH: '值班', GROUNDSWELL_ROOM_TITLE_EN: 'Watch' })
  expect(settings).toMatchObject({ http: 1003, retentionDays: 30, cooldownSeconds: 300, room: { title: { zh: '值班', en: 'Watch' }, zone: 'Europe/Berlin' } })
})

test('a source has a time of its own, or none; the environment names them all anew', () => {
  write('groundswell.yml', 'blindAfter: 20m\nsources:\n  news: { blindAfter: 8h }\n  forum: { blindAfter: off }\n')
  expect(load()).toMatchObject({ blindSeconds: 1200, blindSecondsBySource: { news: 28_800, forum: null } })
  expect(load({}, { GROUNDSWELL_SOURCES: '{"weibo":{"blindAfter":"5m"}}' }).blindSecondsBySource).toEqual({ weibo: 300 })
})

test('a variable that is no JSON is told how it reads, each in its own words', () => {
  const [sources] = problemsOf(() => load({}, { GROUNDSWELL_SOURCES: '{bad' }))
  expect([sources!.key, sources!.source, sources!.detail]).toEqual(['sources', 'GROUNDSWELL_SOURCES', 'is no JSON; it reads {"weibo": {"blindAfter": "2h"}}'])
  expect(problemsOf(() => load({}, { GROUNDSWELL_WEBHOOKS: '{bad' }))[0]!.detail).toContain('it reads [{"url"')
})

test('rules.yml is taken where it exists, and another one where it is named', () => {
  write('rules.yml', 'topics: []\n')
  expect(load().rules).toBe(join(cwd, 'rules.yml'))
  write('mine.yml', 'topics: []\n')
  expect(load({ rules: 'mine.yml' }).rules).toBe(join(cwd, 'mine.yml'))
  expect(problemsOf(() => load({ rules: 'missing.yml' }))[0]).toMatchObject({ key: 'rules', value: join(cwd, 'missing.yml'), source: '--rules' })
})

test.each([
  { file: 'http: eighty\n', key: 'http', value: '"eighty"', detail: /port/ },
  { file: 'http: 70000\n', key: 'http', value: '70000', detail: /65535/ },
  { file: 'room: { zone: Mars/Olympus }\n', key: 'room.zone', value: '"Mars/Olympus"', detail: /Asia\/Shanghai/ },
  { file: 'room: { zone: "+08:00" }\n', key: 'room.zone', value: '"+08:00"', detail: /IANA/ },
  { file: 'colour: red\n', key: 'colour', value: '"red"', detail: /no such setting; known here: data, http/ },
  { file: 'room: { colour: red }\n', key: 'room.colour', value: '"red"', detail: /title, zone/ },
  { file: 'checkpointEvery: often\n', key: 'checkpointEvery', value: '"often"', detail: /such as 30m, or off/ },
  { file: 'sources: { Weibo!: { blindAfter: 2h } }\n', key: 'sources.Weibo!', value: '{"blindAfter":"2h"}', detail: /its name of a-z 0-9 _ -/ },
  { file: 'sources: { news: { blindAfter: late } }\n', key: 'sources.news.blindAfter', value: '"late"', detail: /such as 30m, or off/ },
  { file: 'sources: { news: { blind: 2h, blindAfter: 2h } }\n', key: 'sources.news.blind', value: '"2h"', detail: /known here: blindAfter/ },
  { file: 'sources: { news: 2h }\n', key: 'sources.news', value: '"2h"', detail: /^a source reads weibo/ },
  { file: 'cascades: { mentionsMax: 5 }\n', key: 'cascades.mentionsMax', value: '5', detail: /at least 100000/ },
  { file: 'checkpointsKept: 1\n', key: 'checkpointsKept', value: '1', detail: /at least 2/ },
  { file: 'cooldown: 30 minutes\n', key: 'cooldown', value: '"30 minutes"', detail: /30m/ },
  { file: 'cooldown: 30\n', key: 'cooldown', value: '30', detail: /^a duration is .*such as 30m$/ },
  { file: 'retentionDays: 0\n', key: 'retentionDays', value: '0', detail: /^days are at least 1$/ },
  { file: 'streamMaxBytes: 4GB\n', key: 'streamMaxBytes', value: '"4GB"', detail: /such as 4GiB, at least 128MiB$/ },
  { file: 'webhooks: [{ url: "https://x.example", secret: whsec_abc }]\n', key: 'webhooks[0].secret', value: '(not shown)', detail: /whsec_/ },
  { file: 'cooldown: 8d\n', key: 'cooldown', value: '"8d"', detail: /^8d is more than 7d: this is 1s to 7d, such as 30m$/ },
  { file: 'cooldown: 0m\n', key: 'cooldown', value: '"0m"', detail: /^0m is less than 1s: / },
  { file: 'checkpointEvery: 999d\n', key: 'checkpointEvery', value: '"999d"', detail: /^999d is more than 7d: this is 1s to 7d, or off, such as 30m$/ },
  { file: 'canaryEvery: 0s\n', key: 'canaryEvery', value: '"0s"', detail: /^0s is less than 1s: / },
  { file: 'blindAfter: 4s\n', key: 'blindAfter', value: '"4s"', detail: /^4s is less than 5s: this is 5s to 7d, or off, such as 30m$/ },
  { file: 'sources: { news: { blindAfter: 8d } }\n', key: 'sources.news.blindAfter', value: '"8d"', detail: /^8d is more than 7d: this is 5s to 7d/ },
  { file: 'clickhouse: tcp://user:password@host:9000\n', key: 'clickhouse', value: '"tcp://…@host:9000"', detail: /http/ },
  { file: 'streamMaxBytes: 1KiB\n', key: 'streamMaxBytes', value: '"1KiB"', detail: /128MiB/ },
  { file: 'streamMaxBytes: 16777216\n', key: 'streamMaxBytes', value: '16777216', detail: /128MiB/ },
  { file: 'nats: "nats://u:p/w@a:4222,tok@b c"\n', key: 'nats', value: '"nats://…@a:4222,…@b c"', detail: /separated by commas/ },
  { file: 'nats: http://a:4222\n', key: 'nats', value: '"http://a:4222"', detail: /nats:\/\/host:4222/ },
  { file: 'token: short\n', key: 'token', value: '(not shown)', detail: /16 characters/ },
  { file: 'webhooks: [{ url: "ftp://x", secret: whsec_abc }]\n', key: 'webhooks[0].url', value: '"ftp://x"', detail: /http/ },
  { file: 'webhooks: [{ url: "https://x.example" }]\n', key: 'webhooks[0].secret', value: '(absent)', detail: /whsec_/ },
])('$key = $value of the file is refused with key, value, source and what to do', ({ file, key, value, detail }) => {
  write('groundswell.yml', file)
  const problem = problemsOf(() => load()).find((each) => each.key === key)
  expect(problem).toMatchObject({ key, value, source: join(cwd, 'groundswell.yml') })
  expect(problem!.detail).toMatch(detail)
})

test.each(['nats://a:4222,nats://b:4222', 'tls://u:p@a, tls://u:p@b:4223', 'a:4222,b', 'token@a'])('the NATS servers %s are taken', (nats) => {
  expect(load({ nats }).nats).toEqual({ kind: 'url', url: nats })
})

const keys = ['data', 'http', 'listen', 'hosts', 'nats', 'natsPort', 'clickhouse', 'rules', 'room', 'room.title', 'room.title.zh', 'room.zone', 'retentionDays', 'token', 'tokenFile', 'webhooks', 'cooldown', 'streamMaxBytes', 'workers', 'seenMax', 'cascades', 'checkpointEvery', 'checkpointsKept', 'blindAfter', 'canaryEvery', 'logLevel']
test.each(keys)('a wrong %s is answered in words, whatever is wrong with it', (key) => {
  for (const value of [-1, 1.5, 2e9, true, null, '', ' ', 'a b', [7], [{}], { a: 1 }, { url: 7, secret: 7, secretFile: 7, grades: 7 }, [{ url: 7, secret: 7, secretFile: 7, grades: ['x'] }]]) {
    const text = JSON.stringify(key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value))
    write('groundswell.yml', text)
    let problems: readonly { readonly detail: string }[] = []
    try {
      load()
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      problems = error.problems
    }
    for (const { detail } of problems) expect(detail, text).not.toMatch(/invalid|expected|received|too (small|big)|must match|\^/i)
  }
})

test('a settings file that is named and missing says so, from --config', () => {
  expect(problemsOf(() => load({ config: 'missing.yml' }))).toEqual([{ key: 'config', value: join(cwd, 'missing.yml'), source: '--config', detail: 'there is no such file; name the settings file, or leave it out' }])
})

test('one start names everything that is wrong, each with its own source', () => {
  write('groundswell.yml', 'retentionDays: 0\n')
  const problems = problemsOf(() => load({ http: '99999' }, { GROUNDSWELL_SEEN_MAX: 'many' }))
  expect(problems.map(({ key, source }) => `${key} ${source}`).sort()).toEqual([`http --http`, `retentionDays ${join(cwd, 'groundswell.yml')}`, 'seenMax GROUNDSWELL_SEEN_MAX'])
})

test('a file that is no YAML is refused with its line', () => {
  write('groundswell.yml', 'http: 1\nroom: {\n')
  expect(problemsOf(() => load())[0]!.detail).toMatch(/line/)
})

test.each(['0.0.0.0', '::', '192.168.1.5'])('listening on %s without a token is refused, with a token it is taken', (listen) => {
  expect(problemsOf(() => load({ listen }))[0]).toMatchObject({ key: 'listen', value: listen, source: '--listen' })
  expect(load({ listen }, { GROUNDSWELL_TOKEN: token })).toMatchObject({ listen, token })
})

test.each(['127.0.0.1', '::1', 'localhost', '127.1.2.3'])('listening on %s needs no token', (listen) => {
  expect(load({ listen }).token).toBeNull()
})

test('secrets come from files too, and are never repeated in an error', () => {
  write('token', `${token}\n`)
  write('hook', `${secret}\n`)
  write('groundswell.yml', 'webhooks:\n  - { url: "https://room.example/hook", secretFile: hook, grades: [severe] }\n')
  expect(load({}, { GROUNDSWELL_TOKEN_FILE: 'token' })).toMatchObject({ token, webhooks: [{ url: 'https://room.example/hook', secret, grades: ['severe'] }] })
  write('token', 'too short\n')
  const [problem] = problemsOf(() => load({}, { GROUNDSWELL_TOKEN_FILE: 'token' }))
  expect(problem).toMatchObject({ key: 'token', source: 'GROUNDSWELL_TOKEN_FILE' })
  expect(JSON.stringify(problem)).not.toContain('too short')
  expect(problemsOf(() => load({}, { GROUNDSWELL_TOKEN_FILE: 'nowhere' }))[0]!.detail).toContain('nowhere')
})

test('a token of the environment beats the token file of groundswell.yml', () => {
  write('groundswell.yml', 'tokenFile: nowhere\n')
  expect(load({}, { GROUNDSWELL_TOKEN: token }).token).toBe(token)
})

test('an unknown GROUNDSWELL_ variable is a warning, since other tools may own it; those of tests are not', () => {
  expect(load({}, { GROUNDSWELL_HTPP: '1', GROUNDSWELL_TEST_CLICKHOUSE: 'x' }).warnings).toEqual(['GROUNDSWELL_HTPP is no setting of Groundswell; it is ignored'])
})

test('the JSON Schema takes what the settings take and refuses what they refuse', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(settingsJsonSchema())
  expect(validate({ http: 8080, room: { zone: 'Asia/Shanghai' }, streamMaxBytes: '4GiB', webhooks: [{ url: 'https://x.example', secret }] })).toBe(true)
  expect(validate({})).toBe(true)
  expect(validate({ http: 'x' })).toBe(false)
  expect(validate({ colour: 'red' })).toBe(false)
})
