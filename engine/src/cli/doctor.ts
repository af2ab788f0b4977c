// `groundswell doctor`: what is wrong and how to mend it. A table on stderr, a JSON line a finding on a stdout that is no terminal; exit 1 where something is wrong.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Command } from 'commander'
import { loginOf } from '../app/sources.ts'
import { examine, note, withinMs, wrong, type Check, type Examination } from '../doctor/check.ts'
import { checkpointChecks, lookAtCheckpoints, type CheckpointsFacts } from '../doctor/checkpoints.ts'
import { deepChecks, lookDeep, type DeepFacts } from '../doctor/deep.ts'
import { folderChecks, lookAtFolder, secretChecks, type FolderFacts } from '../doctor/folder.ts'
import { diskChecks, machineChecks, memoryChecks } from '../doctor/machine.ts'
import { clockCheck, lookAtNats, serverChecks, streamChecks, type NatsFacts } from '../doctor/nats.ts'
import { lookAtOutbox, outboxChecks } from '../doctor/outbox.ts'
import { tableOf } from '../doctor/print.ts'
import { lookAtRules, rulesChecks } from '../doctor/rules.ts'
import { runningChecks, type Inside } from '../doctor/running.ts'
import { secretFilesOf, settingsChecks } from '../doctor/settings.ts'
import { letterChecks, lookAtTables, placeChecks, tableChecks, type TableFacts } from '../doctor/tables.ts'
import { lookAtTokens, tokenChecks } from '../doctor/tokens.ts'
import { mendingOf, missingWindows } from '../io/clickhouse/check-tables.ts'
import { startEmbeddedClickhouse } from '../io/clickhouse/embedded.ts'
import { ClickhouseStore, type StoreOptions } from '../io/clickhouse/store.ts'
import { findNatsServer } from '../io/nats/find-server.ts'
import { configName } from '../io/nats/orphan.ts'
import type { Settings, SettingsInput } from '../io/settings/settings.ts'
import { lockData } from './data-lock.ts'
import { engineAt } from './engine-http.ts'
import { nodePinned, version } from './version.ts'

export function registerDoctor(program: Command): void {
  program.command('doctor').description('look at settings, disk, NATS, ClickHouse, checkpoints and the running engine: what is wrong and how to mend it')
    .option('--data <dir>', 'data folder (default ./data)')
    .option('--http <port>', 'port of the engine\'s API (default 8080)')
    .option('--nats <url>', 'the NATS server of the engine')
    .option('--clickhouse <url>', 'the ClickHouse server of the engine')
    .option('--rules <file>', 'the rules file')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
    .option('--json', 'a JSON line a finding on stdout also where that is a terminal')
    .option('--mend', 'set what can be set without a doubt: dedup windows of tables, the mode of the data folder')
    .option('--deep', 'also read every part of every table and compare it with its checksums: may take minutes')
    .addHelpText('after', '\nWithout --mend it changes nothing. While no engine runs it opens the embedded ClickHouse for some seconds, and holds the data folder meanwhile.')
    .action(async ({ mend, deep, json, ...flags }: Record<string, unknown>) => {
      const checks = await diagnose({ flags, env: process.env, cwd: process.cwd() }, { mend: mend === true, deep: deep === true })
      if (json === true || !process.stdout.isTTY) for (const check of checks) process.stdout.write(`${JSON.stringify(check)}\n`)
      process.stderr.write(tableOf(checks))
      process.exitCode = checks.some(({ state }) => state === 'wrong') ? 1 : 0
      setTimeout(() => process.exit(), 5000).unref() // what hangs must not keep the answer from ending
    })
}

const notAsked = 'not looked at: the engine was not asked'
const lookMs = 15_000
const openMs = 60_000 // the embedded ClickHouse reads its tables when it opens
const deepMs = 3_600_000 // each table has a limit of its own
const run = promisify(execFile)

interface Doing { readonly mend: boolean; readonly deep: boolean }

async function diagnose(input: SettingsInput, doing: Doing): Promise<Check[]> {
  const { settings, checks } = settingsChecks(input)
  const machine = machineChecks({ node: process.version, platform: process.platform, arch: process.arch, nodePinned })
  if (!settings) return [...checks, ...machine]
  return [...checks, ...secretChecks(secretFilesOf(input)), ...machine, ...await roomChecks(settings, doing)]
}

/** What was found out, or why not. */
type Looked<Facts> = { readonly facts: Facts; readonly failure: null } | { readonly facts: null; readonly failure: string }
const look = <Facts>(ms: number, work: () => Promise<Facts>): Promise<Looked<Facts>> =>
  withinMs(Promise.resolve().then(work), ms).then((facts) => ({ facts, failure: null }), (error: Error) => ({ facts: null, failure: error.message }))

async function roomChecks(settings: Settings, doing: Doing): Promise<Check[]> {
  const now = Date.now()
  if (doing.mend && existsSync(settings.data)) await chmod(settings.data, 0o700)
  const folder = await look(lookMs, () => lookAtFolder(settings.data))
  const running = folder.facts?.lock.kind === 'held'
  const asked = running ? await look(lookMs, () => engineAt(settings).get<Inside>('/api/doctor', {}, lookMs)) : null
  const conf = confOf(settings)
  const [nats, tables, checkpoints] = await Promise.all([
    natsUrlOf(settings, running, conf).then((url) => (url === null ? null : look(lookMs, () => lookAtNats(url)))),
    tablesOf(settings, { folder: folder.facts, asked, doing }), look(lookMs, () => lookAtCheckpoints(join(settings.data, 'checkpoints'))),
  ])
  const found: Found = { settings, now, running, folder, asked, nats, tables, checkpoints, conf, deep: doing.deep }
  return examine(examinationsOf(found), (work) => withinMs(work, lookMs))
}

interface TablesRead extends TableFacts { readonly deep?: readonly DeepFacts[] } // deep: only where it was asked for

interface Found {
  readonly settings: Settings
  readonly now: number
  readonly running: boolean
  readonly folder: Looked<FolderFacts | null>
  readonly asked: Looked<Inside> | null // null: no engine runs
  readonly nats: Looked<NatsFacts> | null // null: no server runs
  readonly tables: Looked<TablesRead> | null // null: there are none yet
  readonly deep: boolean
  readonly checkpoints: Looked<CheckpointsFacts | null>
  readonly conf: string | null
}

function examinationsOf({ settings, now, running, folder, asked, nats, tables, checkpoints, conf, deep }: Found): Examination[] {
  const inside = asked?.facts ?? null
  const unasked = asked !== null && inside === null && settings.clickhouse.kind === 'embedded' // only the engine can ask its embedded store
  return [
    { check: 'data folder', look: () => (folder.failure === null ? folderChecks(settings.data, folder.facts) : [wrong('data folder', folder.failure, `see that ${settings.data} is a folder of the user that runs the engine`)]) },
    { check: 'tokens', look: async () => (folder.facts === null ? [] : tokenChecks(await lookAtTokens(settings.data), { walls: settings.walls.map(({ id }) => id), now })) },
    { check: 'disk', look: async () => diskChecks({ ...await spaceOf(settings.data), growthBytesPerDay: settings.clickhouse.kind === 'embedded' ? tables?.facts?.growthBytesPerDay ?? null : null }) },
    { check: 'memory', look: () => memoryChecks({ totalBytes: totalmem(), cascadeMentionsMax: settings.cascades.mentionsMax }) },
    ...(asked ? [{ check: 'api', look: () => runningChecks({ inside: asked.facts, failure: asked.failure, version, canary: settings.canarySeconds !== null, now }) }] : []),
    ...(settings.nats.kind === 'embedded' ? [{ check: 'nats-server', look: () => binaryChecks() }] : []),
    { check: 'nats', look: () => natsChecks(nats, settings, { running, conf, now }) },
    { check: 'clickhouse', look: () => (unasked ? [note('clickhouse', notAsked)] : storeChecks(tables, settings)) },
    ...(deep && tables ? [{ check: 'checksums', look: () => (tables.facts?.deep ? deepChecks(tables.facts.deep) : [note('checksums', 'were not compared: the tables could not be read from here', 'the embedded ClickHouse belongs to the engine that runs: stop it and run groundswell doctor --deep again')]) }] : []),
    { check: 'checkpoints', look: () => (checkpoints.failure === null ? checkpointChecks(checkpoints.facts, { everySeconds: settings.checkpointSeconds, running, now }) : [wrong('checkpoints', checkpoints.failure, 'see that the folder belongs to the user that runs the engine')]) },
    { check: 'position', look: () => (unasked ? [note('position', notAsked)] : placeChecks({ now, position: positionOf(tables?.facts ?? null, inside, now), stream: nats?.facts?.stream ?? null, checkpoint: checkpoints.facts?.checkpoints.find(({ damage }) => damage === null)?.place ?? null })) },
    { check: 'dead letters', look: () => (tables?.facts ? letterChecks(tables.facts.letters) : [note('dead letters', unasked ? notAsked : 'the store was not looked at')]) },
    { check: 'outbox', look: async () => outboxChecks(await lookAtOutbox(join(settings.data, 'outbox', 'alerts.ndjson')), { disabled: inside?.destinationsDisabled ?? null, now }) },
    { check: 'rules', look: () => rulesChecks(lookAtRules(settings.rules), { inForce: tables?.facts?.rules?.hash ?? null, running }) },
  ]
}

function positionOf(tables: TableFacts | null, inside: Inside | null, now: number): { readonly stream: number; readonly seq: number; readonly at: number } | null {
  if (inside && inside.position.seq > 0) return { ...inside.position, at: now }
  const [newest] = tables?.positions ?? []
  return newest ? { stream: newest.stream, seq: newest.last, at: newest.at } : null
}

async function spaceOf(folder: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number }> {
  let path = folder
  while (!existsSync(path)) path = join(path, '..') // what is not made yet will lie on the disk of the folder above
  const { bavail, blocks, bsize } = await statfs(path)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

async function binaryChecks(): Promise<Check[]> {
  const binary = await findNatsServer()
  if (binary === null) return [wrong('nats-server', 'there is none on this machine', 'install it (Debian: apt-get install nats-server; macOS: brew install nats-server), or name a running one with --nats URL')]
  const { stdout } = await run(binary, ['--version'], { timeout: 5000 })
  return [{ check: 'nats-server', state: 'ok', found: `${binary}, ${stdout.trim()}`, mend: '' }]
}

/** The configuration that the engine wrote for its own server. */
function confOf({ nats, data }: Settings): string | null {
  const path = join(data, 'nats', configName)
  return nats.kind === 'embedded' && existsSync(path) ? readFileSync(path, 'utf8') : null
}

async function natsUrlOf({ nats }: Settings, running: boolean, conf: string | null): Promise<string | null> {
  if (nats.kind === 'url') return nats.url
  const port = /^port: (\d+)$/m.exec(conf ?? '')?.[1]
  return running && port !== undefined ? `nats://127.0.0.1:${port}` : null
}

function natsChecks(nats: Found['nats'], { nats: { kind }, streamMaxBytes }: Settings, { running, conf, now }: Pick<Found, 'running' | 'conf' | 'now'>): Check[] {
  if (nats === null) return [note('nats', 'the embedded server runs only while the engine does: the stream was not looked at')]
  if (nats.facts === null) return [wrong('nats', nats.failure, kind === 'url' ? 'start the server, correct --nats, or see the network between' : 'the engine starts it again by itself; see nats/nats-server.log in the data folder')]
  const { stream } = nats.facts
  return [...serverChecks(nats.facts, kind === 'embedded' ? conf ?? '' : null), ...streamChecks(stream, { maxBytes: streamMaxBytes, now }), ...(running && stream ? [clockCheck(stream, Date.now())] : [])]
}

function storeChecks(tables: Found['tables'], { retentionDays }: Settings): Check[] {
  if (tables === null) return [note('clickhouse', 'there are no tables yet', 'the first start makes them')]
  if (tables.facts === null) return [wrong('clickhouse', tables.failure, 'start the server or correct its address; of the embedded one see the log of the engine and the disk')]
  return tableChecks(tables.facts, { retentionDays })
}

async function tablesOf(settings: Settings, { folder, asked, doing }: { readonly folder: FolderFacts | null; readonly asked: Found['asked']; readonly doing: Doing }): Promise<Found['tables']> {
  const { clickhouse, data, retentionDays } = settings
  if (clickhouse.kind === 'url') return look(doing.deep ? deepMs : lookMs, () => lookThrough({ ...loginOf(clickhouse.url), retentionDays }, doing))
  if (asked) return asked.facts?.tables ? { facts: asked.facts.tables, failure: null } : { facts: null, failure: asked.facts?.tablesError ?? 'the engine was not asked' }
  const directory = join(data, 'clickhouse')
  if (folder === null || !existsSync(directory)) return null
  if (folder.formatRefused !== null) return { facts: null, failure: 'the folder is of a format that this version does not know' }
  return look(doing.deep ? deepMs : openMs, async () => {
    const release = lockData(data)
    try {
      const embedded = await startEmbeddedClickhouse({ directory })
      try { return await lookThrough({ ...embedded, retentionDays }, doing) } finally { await embedded.stop() }
    } finally {
      release()
    }
  })
}

async function lookThrough(options: StoreOptions, { mend, deep }: Doing): Promise<TablesRead> {
  const store = new ClickhouseStore(options)
  try {
    const facts = await lookAtTables(store)
    const statements = mend ? missingWindows(facts.tables).map(mendingOf) : []
    for (const statement of statements) {
      await store.command(statement)
      process.stderr.write(`done: ${statement}\n`)
    }
    const read = statements.length === 0 ? facts : await lookAtTables(store)
    return deep ? { ...read, deep: await lookDeep(store, read.tables) } : read
  } finally {
    await store.close()
  }
}
