import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ageText, bytesText, examine, note, ok, warn, withinMs, wrong, type Check } from './check.ts'
import { checkpointChecks, lookAtCheckpoints, type CheckpointFacts } from './checkpoints.ts'
import { folderChecks, lookAtFolder, secretChecks, type FolderFacts } from './folder.ts'
import { diskChecks, machineChecks } from './machine.ts'
import { lookAtOutbox, outboxChecks } from './outbox.ts'
import { tableOf } from './print.ts'
import { lookAtRules, rulesChecks } from './rules.ts'
import { runningChecks, type Inside } from './running.ts'
import { secretFilesOf, settingsChecks } from './settings.ts'
import { rulesHash } from './tables.ts'
import { encodeCheckpoint } from '../io/checkpoint/checkpoint-format.ts'

let room = ''
beforeEach(() => { room = mkdtempSync(join(tmpdir(), 'groundswell-doctor-')) })
afterEach(() => { rmSync(room, { recursive: true, force: true }) })

const minute = 60_000
/** `state check`, in order. */
const told = (checks: readonly Check[]): string[] => checks.map(({ state, check }) => `${state} ${check}`)

describe('examinations', () => {
  test('one that throws or hangs becomes a note, and the others are told', async () => {
    const never = new Promise<never>(() => undefined)
    const within = <T>(work: Promise<T>): Promise<T> => Promise.race([work, Promise.resolve().then(() => Promise.resolve()).then(() => Promise.resolve()).then(() => { throw new Error('no answer within 9 s') })])
    const checks = await examine([
      { check: 'a', look: () => { throw new Error('broken pipe') } }, { check: 'b', look: () => never }, { check: 'c', look: () => [ok('c', 'well')] },
    ], within)
    expect(checks).toEqual([note('a', 'could not be looked at: broken pipe'), note('b', 'could not be looked at: no answer within 9 s'), ok('c', 'well')])
    await expect(withinMs(never, 1)).rejects.toThrow('no answer within 0.001 s')
    expect(await withinMs(Promise.resolve(5), 1000)).toBe(5)
  })

  test('the table has what is wrong first, each with how to mend it, and a line that sums up', () => {
    const table = tableOf([ok('node', 'v24'), wrong('disk', 'full', 'free space'), warn('folder mode', '0755', 'chmod')])
    expect(table).toBe('WRONG  disk         full\n                    → free space\nwarn   folder mode  0755\n                    → chmod\nok     node         v24\n\n1 of 3 checks found something wrong, and there is 1 warning\n')
    expect(tableOf([ok('node', 'v24'), warn('sources', '1 is blind', 'look')])).toMatch(/\n1 warning in 2 checks\n$/)
    expect(tableOf([ok('node', 'v24')])).toContain('nothing is wrong (1 check)')
  })

  test.each([[0, '0 B', '0 s'], [1536, '1.5 KiB', '2 s'], [5 * 1024 ** 3, '5.0 GiB', '62 days'], [200 * 1024 ** 2, '200 MiB', '2 days']])('%i is %s as bytes and %s as ms', (value, bytes, age) => {
    expect([bytesText(value), ageText(value)]).toEqual([bytes, age])
  })
})

describe('machine and disk', () => {
  const machine = { node: 'v24.21.0', platform: 'linux', arch: 'x64', nodePinned: '24.21.0' }
  test.each([
    { facts: machine, says: ['ok node', 'ok platform'] },
    { facts: { ...machine, node: 'v26.0.0' }, says: ['warn node', 'ok platform'] },
    { facts: { ...machine, platform: 'win32' }, says: ['ok node', 'wrong platform'] },
  ])('$facts.node on $facts.platform', ({ facts, says }) => { expect(told(machineChecks(facts))).toEqual(says) })

  const gib = 1024 ** 3
  test.each([
    { free: 500, grows: gib, says: 'ok disk' }, { free: 500, grows: 100 * gib, says: 'warn disk' }, { free: 90, grows: null, says: 'warn disk' },
    { free: 15, grows: null, says: 'wrong disk' }, { free: 0.5, grows: null, says: 'wrong disk' },
  ])('$free GiB free of 1,000, growing by $grows bytes a day', ({ free, grows, says }) => {
    const [disk] = diskChecks({ freeBytes: free * gib, totalBytes: 1000 * gib, growthBytesPerDay: grows })
    expect(told([disk!])).toEqual([says])
    if (says !== 'ok disk') expect(disk!.mend).toContain('free space')
  })
  test('the days until it is full are told', () => {
    expect(diskChecks({ freeBytes: 500 * gib, totalBytes: 1000 * gib, growthBytesPerDay: 100 * gib })[0]!.found).toBe('500 GiB free (50 %), growing by 100 GiB a day: full in 5 days')
  })
})

describe('settings', () => {
  test('each wrong setting and each unknown variable is told; secrets are not repeated', () => {
    const { settings, checks } = settingsChecks({ flags: { http: 'many' }, env: { GROUNDSWELL_TOKEN: 'short' }, cwd: room })
    expect(settings).toBeNull()
    expect(checks.map(({ state, found }) => `${state} ${found.split(' =')[0]}`).toSorted()).toEqual(['wrong http', 'wrong token'])
    expect(JSON.stringify(checks)).not.toContain('short')
    expect(settingsChecks({ flags: {}, env: { GROUNDSWELL_HTPP: '1' }, cwd: room }).checks).toMatchObject([{ state: 'warn', found: expect.stringContaining('GROUNDSWELL_HTPP') as string }])
    expect(settingsChecks({ flags: {}, env: {}, cwd: room }).checks).toMatchObject([{ state: 'ok' }])
  })

  test('files that hold secrets are for their owner alone', () => {
    const put = (name: string, text: string, mode: number): void => writeFileSync(join(room, name), text, { mode })
    put('groundswell.yml', 'tokenFile: token\nwebhooks: [ { url: "https://a.example", secretFile: hook } ]\n', 0o644)
    put('token', 'x', 0o644)
    put('hook', 'x', 0o600)
    put('nats', 'x', 0o640)
    const files = secretFilesOf({ flags: {}, env: { GROUNDSWELL_NATS_FILE: 'nats' }, cwd: room })
    expect(files.map(({ path, mode }) => [path.slice(room.length + 1), mode.toString(8)])).toEqual([['token', '644'], ['hook', '600'], ['nats', '640']])
    expect(told(secretChecks(files))).toEqual(['warn secret files', 'ok secret files', 'warn secret files'])
    expect(secretChecks(files)[0]!.mend).toBe(`chmod 600 ${join(room, 'token')}`)
    put('inline.yml', 'token: f00df00df00df00df00d\n', 0o644)
    expect(secretFilesOf({ flags: { config: 'inline.yml' }, env: {}, cwd: room })).toHaveLength(1)
  })
})

describe('data folder', () => {
  const well: FolderFacts = { path: '/data', mode: 0o700, writable: true, lock: { kind: 'held', pid: 7 }, format: { format: 1, version: '1.0.0' }, formatRefused: null }
  test.each([
    { facts: well, says: ['ok data folder', 'ok folder mode', 'ok engine', 'ok format'] },
    { facts: { ...well, writable: false, mode: 0o755 }, says: ['wrong data folder', 'warn folder mode', 'ok engine', 'ok format'] },
    { facts: { ...well, lock: { kind: 'stale', pid: 7 } as const }, says: ['ok data folder', 'ok folder mode', 'warn engine', 'ok format'] },
    { facts: { ...well, lock: { kind: 'free' } as const, format: { format: 0, version: 'x' } }, says: ['ok data folder', 'ok folder mode', 'note engine', 'note format'] },
    { facts: { ...well, format: { format: 9, version: '3.0.0' } }, says: ['ok data folder', 'ok folder mode', 'ok engine', 'wrong format'] },
    { facts: { ...well, format: null, formatRefused: 'torn' }, says: ['ok data folder', 'ok folder mode', 'ok engine', 'wrong format'] },
    { facts: null, says: ['note data folder'] },
  ])('$says', ({ facts, says }) => { expect(told(folderChecks('/data', facts))).toEqual(says) })

  test('a folder is looked at as it lies; a lock of a process that is gone is stale', async () => {
    expect(await lookAtFolder(join(room, 'none'))).toBeNull()
    mkdirSync(join(room, 'outbox'))
    writeFileSync(join(room, 'engine.lock'), '{"pid":999999999,"began":"long ago"}')
    expect(await lookAtFolder(room)).toMatchObject({ mode: statSync(room).mode & 0o777, writable: true, lock: { kind: 'stale', pid: 999_999_999 }, format: { format: 0 } })
  })
})

describe('checkpoints', () => {
  const now = 1_000_000_000_000
  const wanted = { everySeconds: 30, running: true, now }
  const one = (number: number, damage: string | null = null, ageMs = minute): CheckpointFacts => ({ name: `checkpoint-${number}`, bytes: 5, writtenAt: now - ageMs, place: { stream: 1, seq: number, lastInsert: number, savedAt: now - ageMs }, damage })
  test.each([
    { facts: { checkpoints: [one(2), one(1)], setAside: [] }, says: ['ok checkpoints', 'ok checkpoints'] },
    { facts: { checkpoints: [one(2, 'bytes changed'), one(1)], setAside: [] }, says: ['wrong checkpoints', 'ok checkpoints'], mend: /takes the one before/ },
    { facts: { checkpoints: [one(1, 'cut short')], setAside: [] }, says: ['wrong checkpoints'], mend: /restore a backup/ },
    { facts: { checkpoints: [one(1, null, 20 * minute)], setAside: ['checkpoint-0.damaged'] }, says: ['ok checkpoints', 'warn checkpoints', 'warn checkpoints'] },
    { facts: null, says: ['note checkpoints'] },
  ])('$says', ({ facts, says, mend = /(?:)/ }) => {
    const checks = checkpointChecks(facts, wanted)
    expect(told(checks)).toEqual(says)
    expect(checks[0]!.mend).toMatch(mend)
    if (facts?.setAside.length === 1) expect(checks.at(-1)!.found).toMatch(/^1 damaged file was set aside/)
  })

  test('turned off is a note', () => { expect(told(checkpointChecks(null, { ...wanted, everySeconds: null }))).toEqual(['note checkpoints']) })

  test('a flipped byte in a file is found, and a segment that is missing is named', async () => {
    const header = { stream: 5, seq: 9, rulesSeq: 0, rulesText: '', lastInsert: 9, savedAt: now, seenMax: 1000, segments: { first: 0, crcs: [] as number[] }, groundswell: '1' }
    const put = async (number: number, crcs: number[], flip: boolean): Promise<void> => {
      const bytes = Buffer.concat(await encodeCheckpoint({ ...header, segments: { first: 0, crcs } }, new Uint8Array(100)))
      if (flip) bytes[bytes.length - 3]! ^= 1
      writeFileSync(join(room, `checkpoint-${String(number).padStart(12, '0')}`), bytes)
    }
    await put(1, [], false)
    await put(2, [77], false)
    await put(3, [], true)
    writeFileSync(join(room, 'checkpoint-000000000000.damaged'), '')
    const facts = await lookAtCheckpoints(room)
    expect(facts!.checkpoints.map(({ name, damage }) => [Number(name.slice(-3)), damage])).toEqual([[3, expect.stringContaining('bytes changed')], [2, expect.stringContaining('there is no ids-0-0000004d.seg')], [1, null]])
    expect(facts!.setAside).toHaveLength(1)
    expect(await lookAtCheckpoints(join(room, 'none'))).toBeNull()
  })
})

describe('outbox', () => {
  test('what waits is counted by destination from the journal, a torn last line left out', async () => {
    const lines = [
      { k: 'put', alert: { event: { id: 'a' }, at: 1000 }, to: ['nats', 'https://u:pw@hook.example/x'] }, { k: 'done', id: 'a', to: 'nats' },
      { k: 'put', alert: { event: { id: 'b' }, at: 500 }, to: ['nats'] }, { k: 'done', id: 'b', to: 'nats' }, { k: 'known', id: 'c' },
    ]
    writeFileSync(join(room, 'alerts.ndjson'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"k":"pu`)
    const facts = await lookAtOutbox(join(room, 'alerts.ndjson'))
    expect(facts).toEqual({ waiting: new Map([['https://u:pw@hook.example/x', 1]]), oldestAt: 1000, unreadable: 1 })
    const [late] = outboxChecks(facts, { disabled: 0, now: 1000 + 20 * minute })
    expect(late).toMatchObject({ state: 'warn', found: '1 delivery waits, the oldest for 20 min: 1 for https://…@hook.example/x' })
    expect(told(outboxChecks(facts, { disabled: 2, now: 2000 }))).toEqual(['wrong outbox', 'note outbox'])
    expect(told(outboxChecks({ ...facts!, waiting: new Map(), oldestAt: null, unreadable: 5 }, { disabled: null, now: 0 }))).toEqual(['warn outbox', 'ok outbox'])
    expect(told(outboxChecks(await lookAtOutbox(join(room, 'none')), { disabled: null, now: 0 }))).toEqual(['note outbox'])
  })
})

describe('rules', () => {
  const text = 'topics:\n  - { id: a, name: { zh: 甲, en: A }, query: 断网 }\n'
  test('the file is right, empty, refused, or another than what is in force', () => {
    const file = join(room, 'rules.yml')
    const state = (content: string | Buffer, inForce: string | null, running = true): string => { writeFileSync(file, content); return told(rulesChecks(lookAtRules(file), { inForce, running }))[0]! }
    expect(state(text, rulesHash(text))).toBe('ok rules')
    expect(state(`\ufeff${text}`, rulesHash(text))).toBe('ok rules')
    expect(state(text, rulesHash('other'))).toBe('warn rules')
    expect(state(text, rulesHash('other'), false)).toBe('note rules')
    expect(state(text, null)).toBe('ok rules')
    expect(state('topics: []\n', null)).toBe('warn rules')
    expect(state('topics: [\n', null)).toBe('wrong rules')
    expect(state(Buffer.from([0xb6, 0xcf]), null)).toBe('wrong rules')
    expect(told(rulesChecks(lookAtRules(null), { inForce: null, running: true }))).toEqual(['note rules'])
    expect(told(rulesChecks(lookAtRules(null), { inForce: rulesHash(text), running: true }))).toEqual(['ok rules'])
    expect(told(rulesChecks(lookAtRules(null), { inForce: rulesHash(text), running: false }))).toEqual(['note rules'])
  })
})

describe('the running engine', () => {
  const inside: Inside = { version: '1', pid: 7, position: { stream: 1, seq: 2 }, problems: [], tables: null, tablesError: null, destinationsDisabled: 0, sourcesBlind: 0, canarySeconds: 0.4, canaryAgeSeconds: 10 }
  const asked = { inside, failure: null, version: '1', canary: true, now: 10 * minute }
  test.each([
    { given: asked, says: ['ok api', 'ok problem', 'ok canary', 'ok sources'] },
    { given: { ...asked, inside: null, failure: 'refused' }, says: ['wrong api'] },
    { given: { ...asked, version: '2', canary: false, inside: { ...inside, sourcesBlind: null } }, says: ['warn api', 'ok problem', 'note canary', 'note sources'] },
    { given: { ...asked, inside: { ...inside, canaryAgeSeconds: 900, sourcesBlind: 2, problems: [{ kind: 'store-down' as const, since: 0, detail: 'gone' }, { kind: 'poison' as const, since: 0, detail: 'x' }] } }, says: ['ok api', 'wrong problem', 'warn problem', 'warn canary', 'warn sources'] },
  ])('$says', ({ given, says }) => {
    const checks = runningChecks(given)
    expect(told(checks)).toEqual(says)
    for (const check of checks) if (check.state === 'wrong' || check.state === 'warn') expect(check.mend).not.toBe('')
  })
})
