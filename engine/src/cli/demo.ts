// `groundswell demo`: start, plus a live, seeded, clearly marked drill: a carrier outage that passes 100,000 mentions in two hours.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { openApp, type App } from '../app.ts'
import { createDrill } from '../drill/drill.ts'
import { playDrill, type PlayerProgress } from '../drill/player.ts'
import { loadSettings, type Settings, type SettingsInput } from '../io/settings/settings.ts'
import { lockData, lockName } from './data-lock.ts'
import { live, type Living } from './lifetime.ts'
import { settingsOr2 } from './settings-or-2.ts'
import { addEngineFlags } from './start.ts'
import { version } from './version.ts'

const drillStartMs = 2 * 3600_000 // event time begins two hours ago
const speed = 60
const marker = 'this-folder-is-a-drill-and-is-emptied-at-every-demo'
const rules = fileURLToPath(new URL('../../../rules/demo.yml', import.meta.url))

export function registerDemo(program: Command): void {
  addEngineFlags(program.command('demo').description('start, plus a seeded and clearly marked drill (演练): a carrier outage that passes 100,000 mentions in 2 h'), { data: './data/demo', rules: 'those of the drill' })
    .option('--nats-port <port>', 'port of the embedded NATS server (default: a free one)')
    .option('--seed <n>', 'seed of the drill', '1')
    .action(async ({ seed, ...flags }: Record<string, unknown>) => {
      const settings = settingsOr2(() => drillSettings(flags, { env: process.env, cwd: process.cwd() }))
      if (!settings) return
      if (!/^\d{1,9}$/.test(String(seed))) {
        process.stderr.write(`--seed ${String(seed)} is no whole number of at most nine digits\n`)
        process.exitCode = 2
        return
      }
      try {
        const release = lockData(settings.data)
        await live(() => openDemo(settings, Number(seed))).finally(release)
      } catch (error) {
        process.stderr.write(`groundswell demo stops: ${(error as Error).message}\n`)
        process.exitCode = 1
      }
    })
}

const serversOfTheRoom = /^GROUNDSWELL_(NATS|CLICKHOUSE|WEBHOOKS)(_FILE)?$/

/**
 * A drill is heard in no server of the room: what file and environment say of NATS, ClickHouse and webhooks is not for it, and its data and
 * rules are its own. Where the wall listens, who may read it and what the room is called stay.
 */
export function drillSettings(flags: Readonly<Record<string, unknown>>, { env, cwd }: Pick<SettingsInput, 'env' | 'cwd'>): Settings {
  const ours = Object.fromEntries(Object.entries(env).filter(([name]) => !serversOfTheRoom.test(name)))
  const { natsPort = '0', ...rest } = flags
  const settings = loadSettings({ flags: { data: './data/demo', rules, natsPort, webhooks: [], ...rest }, env: ours, cwd })
  return { ...settings, nats: { kind: 'embedded', port: Number(natsPort) }, clickhouse: { kind: 'embedded' } }
}

async function openDemo(settings: Settings, seed: number): Promise<Living> {
  emptyDrillFolder(settings.data)
  const app = await openApp({ settings: withOwnRules(settings), mode: 'demo', version, inProcessAllowed: true })
  const stopping = new AbortController()
  process.stderr.write(`\n  DEMO / 演练   the wall: ${app.url}\n  A seeded drill at ${speed}×: a carrier outage ignites after about 20 s. Ctrl-C ends everything.\n\n`)
  const playing = play(app, seed, stopping.signal)
  return {
    ended: Promise.race([app.ended, playing.then(() => app.ended)]),
    close: async () => {
      stopping.abort()
      await playing.catch(() => undefined)
      await app.close()
    },
  }
}

async function play(app: App, seed: number, signal: AbortSignal): Promise<PlayerProgress> {
  const startMs = Math.floor((Date.now() - drillStartMs) / 1000) * 1000
  let met = false
  return playDrill({
    seconds: createDrill({ seed, startMs }), startMs, speed, signal, now: Date.now,
    publish: (subject, data, id) => app.stream.publish(subject, data, id),
    sleep: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
    onProgress: (progress) => {
      if (progress.met && !met) app.log.info('the drill has met the present and goes on at 1×', { mentions: progress.sent })
      met ||= progress.met
    },
  })
}

/** What is saved at the desk of a drill is gone with it: the rules that are shipped stay as they are. */
export function withOwnRules(settings: Settings): Settings {
  if (settings.rules !== rules) return settings
  const own = join(settings.data, 'rules.yml')
  copyFileSync(rules, own)
  return { ...settings, rules: own }
}

/** A drill starts two hours ago, which is older than the clock of the drill before: each begins with an empty folder. */
export function emptyDrillFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const held = readdirSync(folder).filter((name) => name !== lockName)
  if (held.length > 0 && !held.includes(marker)) throw new Error(`${folder} holds something that is no drill, and a drill empties its folder: name another with --data`)
  writeFileSync(join(folder, marker), '')
  for (const name of held) if (name !== marker) rmSync(join(folder, name), { recursive: true, force: true })
}
