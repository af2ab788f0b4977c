// `groundswell demo`: start, plus a live, seeded, clearly marked drill: a carrier outage that passes 100,000 mentions in two hours.
import { mkdirSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { openApp, type App } from '../app.ts'
import { createDrill } from '../drill/drill.ts'
import { playDrill, type PlayerProgress } from '../drill/player.ts'
import type { Settings } from '../io/settings/settings.ts'
import { live, type Living } from './lifetime.ts'
import { addEngineFlags, settingsOf } from './start.ts'
import { version } from './version.ts'

const drillStartMs = 2 * 3600_000 // event time begins two hours ago
const speed = 60
const marker = 'this-folder-is-a-drill-and-is-emptied-at-every-demo'
const rules = fileURLToPath(new URL('../../../rules/demo.yml', import.meta.url))

export function registerDemo(program: Command): void {
  addEngineFlags(program.command('demo').description('start, plus a seeded and clearly marked drill (演练): a carrier outage that passes 100,000 mentions in 2 h'))
    .option('--seed <n>', 'seed of the drill', '1')
    .action(async ({ seed, ...flags }: Record<string, unknown>) => {
      const settings = settingsOf({ data: './data/demo', natsPort: '0', rules, ...flags })
      if (!settings) return
      if (!/^\d{1,9}$/.test(String(seed))) {
        process.stderr.write(`--seed ${String(seed)} is no whole number of at most nine digits\n`)
        process.exitCode = 2
        return
      }
      try {
        await live(() => openDemo(settings, Number(seed)))
      } catch (error) {
        process.stderr.write(`groundswell demo stops: ${(error as Error).message}\n`)
        process.exitCode = 1
      }
    })
}

async function openDemo(settings: Settings, seed: number): Promise<Living> {
  emptyDrillFolder(settings.data)
  const app = await openApp({ settings, mode: 'demo', version, inProcessAllowed: true })
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

/** A drill starts two hours ago, which is older than the clock of the drill before: each begins with an empty folder. */
function emptyDrillFolder(folder: string): void {
  const mark = join(folder, marker)
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(mark)) {
    throw new Error(`${folder} holds something that is no drill, and a drill empties its folder: name another with --data`)
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(mark, '')
}
