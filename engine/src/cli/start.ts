// `groundswell start`: everything – engine, API, wall – with embedded parts where no URL is given.
import type { Command } from 'commander'
import { openApp, type App } from '../app.ts'
import { createLog, type Log } from '../io/log/log.ts'
import { loadSettings, type Settings } from '../io/settings/settings.ts'
import { beginFormat, formatNow, openFormat, type DataFormat } from './data-format.ts'
import { lockData } from './data-lock.ts'
import { live } from './lifetime.ts'
import { settingsOr2 } from './settings-or-2.ts'
import { version } from './version.ts'

/** What an engine takes, whatever it is for. */
export function addEngineFlags(command: Command, { data, rules }: { readonly data: string; readonly rules: string }): Command {
  return command
    .option('--data <dir>', `folder of everything the engine keeps (default ${data})`)
    .option('--http <port>', 'port of the wall and the API (default 8080)')
    .option('--listen <addr>', 'address to listen on (default 127.0.0.1; any other needs a token)')
    .option('--rules <file>', `the rules file (default ${rules})`)
    .option('--workers <n>', 'worker threads')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
}

export function registerStart(program: Command): void {
  addEngineFlags(program.command('start').description('start everything: engine, API and wall'), { data: './data', rules: './rules.yml where it exists' })
    .option('--nats <url>', 'a NATS server; none: one is started beside the engine')
    .option('--nats-port <port>', 'port of the embedded NATS server (default 4222)')
    .option('--clickhouse <url>', 'a ClickHouse server; none: the embedded one')
    .action(async (flags: Record<string, unknown>) => {
      const settings = settingsOr2(() => loadSettings({ flags, env: process.env, cwd: process.cwd() }))
      if (settings) await untilStopped(settings)
    })
}

async function openLive(settings: Settings, upgraded: DataFormat | null): Promise<App> {
  const app = await openApp({ settings, mode: 'live', version })
  beginFormat(settings.data, version)
  if (upgraded) app.log.info(`the data folder was brought from format ${upgraded.format} (groundswell ${upgraded.version}) to format ${formatNow}`)
  if (settings.rules === null) app.log.warn('there is no rules file: only rules that are on the stream already are in force. Name one with --rules FILE or GROUNDSWELL_RULES, such as rules/example.yml, or put a rules.yml here')
  process.stderr.write(`\n  GROUNDSWELL   the wall: ${app.url}${settings.token === null ? '' : ' (open /?token=… once)'}\n\n`)
  return app
}

async function begin(settings: Settings): Promise<void> {
  let upgraded = openFormat(settings.data, version)
  await live(() => openLive(settings, upgraded).finally(() => { upgraded = null }))
}

/** A crash that nobody is told of comes again. */
export function tellTakenOver(log: Pick<Log, 'warn'>, pid: number | null): void {
  log.warn(`the engine before${pid === null ? '' : ` (process ${pid})`} did not stop by itself: it was killed, or crashed, or the machine went down. This one goes on from what that one kept; for the reason see the end of its log, and the kernel's (dmesg) for lack of memory`)
}

async function untilStopped(settings: Settings): Promise<void> {
  try {
    const release = lockData(settings.data, (pid) => tellTakenOver(createLog({ level: settings.logLevel }), pid))
    await begin(settings).finally(release)
  } catch (error) {
    process.stderr.write(`groundswell stops: ${(error as Error).message}\n`)
    if (settings.logLevel === 'debug') process.stderr.write(`${(error as Error).stack}\n`)
    process.exitCode = 1
  }
}
