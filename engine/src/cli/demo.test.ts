import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { groundswell } from '../../test/processes.ts'
import { lockName } from './data-lock.ts'
import { drillSettings, emptyDrillFolder, withOwnRules } from './demo.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundswell-demo-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
})

test('a drill reaches no server of the room: addresses, webhooks, rules and data of file and environment are not for it', () => {
  writeFileSync(join(folder, 'rules.yml'), 'topics: []\n')
  writeFileSync(join(folder, 'groundswell.yml'), `data: real
nats: nats://real:4222
natsPort: 4555
clickhouse: http://real:8123
rules: rules.yml
webhooks: [{ url: 'https://real/hook', secret: 'whsec_${Buffer.alloc(24).toString('base64')}' }]
room: { zone: Europe/Berlin }
http: 9000
`)
  const env = {
    GROUNDSWELL_NATS_FILE: '/run/secrets/nats', GROUNDSWELL_CLICKHOUSE: 'http://also-real:8123', GROUNDSWELL_WEBHOOKS: 'no JSON', GROUNDSWELL_DATA: 'also-real',
    GROUNDSWELL_RULES: 'also-real.yml', GROUNDSWELL_NATS_PORT: '4556', GROUNDSWELL_TOKEN: 'a-token-of-the-room',
  }
  const settings = drillSettings({ http: '0' }, { env, cwd: folder })
  expect(settings).toMatchObject({
    nats: { kind: 'embedded', port: 0 }, clickhouse: { kind: 'embedded' }, webhooks: [], data: join(folder, 'data', 'demo'),
    http: 0, token: 'a-token-of-the-room', room: { zone: 'Europe/Berlin' },
  })
  expect(settings.rules).toMatch(/rules\/demo\.yml$/)
  expect(drillSettings({ natsPort: '4999', rules: 'rules.yml', data: 'mine' }, { env, cwd: folder })).toMatchObject({
    nats: { kind: 'embedded', port: 4999 }, rules: join(folder, 'rules.yml'), data: join(folder, 'mine'), http: 9000,
  })
})

test.each(['--nats', '--clickhouse'])('%s is no flag of a drill', async (flag) => {
  const { code, stderr } = await groundswell(['demo', flag, 'nats://127.0.0.1:4222'], { cwd: folder })
  expect([code, existsSync(join(folder, 'data'))], stderr).toEqual([2, false])
  expect(stderr).toMatch(/unknown option/)
})

test('a drill has a copy of the rules that are shipped, and rules that somebody names as they are', () => {
  const settings = drillSettings({ data: '.' }, { env: {}, cwd: folder })
  const own = withOwnRules(settings).rules!
  expect(own).toBe(join(folder, 'rules.yml'))
  expect(readFileSync(own)).toEqual(readFileSync(settings.rules!))
  const named = { ...settings, rules: join(folder, 'mine.yml') }
  expect(withOwnRules(named)).toBe(named)
})

test('a drill empties its own folder but for the lock, and no other', () => {
  const drill = join(folder, 'drill')
  mkdirSync(drill)
  writeFileSync(join(drill, lockName), '')
  emptyDrillFolder(drill)
  writeFileSync(join(drill, 'old'), '')
  emptyDrillFolder(drill)
  expect(readdirSync(drill).sort()).toEqual([lockName, 'this-folder-is-a-drill-and-is-emptied-at-every-demo'])
  writeFileSync(join(folder, 'facts'), '')
  expect(() => { emptyDrillFolder(folder) }).toThrow(/holds something that is no drill/)
  expect(existsSync(join(folder, 'facts'))).toBe(true)
})
