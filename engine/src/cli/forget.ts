// `groundswell forget`: deletes a mention, or all of an author, on request (a platform's withdrawal, privacy law).
import { setTimeout as sleep } from 'node:timers/promises'
import { headers, nuid } from '@nats-io/nats-core'
import type { Command } from 'commander'
import { subjects, type EngineStatus, type Forgotten } from '@groundswell/schemas/subjects.ts'
import { openLink, type Link } from '../io/nats/link.ts'
import { patiently } from '../io/nats/patience.ts'
import { SettingsError } from '../io/settings/settings.ts'
import { natsAddress } from './nats-address.ts'

interface Flags { readonly mention?: string; readonly author?: string; readonly nats?: string; readonly config?: string }

export function registerForget(program: Command): void {
  program.command('forget')
    .description('delete a mention, or everything of an author, from every table; the engine must be running')
    .option('--mention <id>', 'id of the mention')
    .option('--author <author>', 'author, as in the mentions\' author field')
    .option('--nats <url>', 'the NATS server of the engine (default: the one that `groundswell start` runs, nats://127.0.0.1:4222)')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
    .action(async ({ mention, author, nats, config }: Flags) => {
      if ((mention === undefined) === (author === undefined) || mention === '' || author === '') {
        process.stderr.write('give one of --mention ID and --author AUTHOR\n')
        process.exitCode = 2
        return
      }
      try {
        const { seq, mentions, deadLetters, failure } = await ask({ kind: 'forget', ...(mention === undefined ? { author } : { mention }) }, natsAddress({ nats, config }))
        if (failure !== undefined) throw new Error(`not forgotten: the engine has set command ${seq} aside, because the store refuses. See which part is damaged with groundswell doctor --deep, mend it or take it out, then ask again. ${failure}`)
        process.stdout.write(`${JSON.stringify({ forgotten: mention ?? author, kind: mention === undefined ? 'author' : 'mention', command: seq, mentions, deadLetters })}\n`)
      } catch (error) {
        process.stderr.write(`${(error as Error).message}\n`)
        process.exitCode = error instanceof SettingsError ? 2 : 1
      }
    })
}

const carriedOutMs = 120_000 // a store that refuses is asked for about 40 s
const tellMs = 2000
const askTimes = 5 // an engine that is busy is no engine that is away: of that NATS tells at once

/** Puts the command on the stream and waits until the engine has carried it out; answers what it deleted. */
async function ask(command: Readonly<Record<string, unknown>>, url: string): Promise<Forgotten> {
  const link = await openLink({ url, name: 'groundswell-forget' })
  try {
    await statusOf(link)
    const once = headers()
    once.set('Nats-Msg-Id', nuid.next()) // asked again, it is on the stream once
    const reply = await patiently(() => link.nc.request(subjects.command('forget'), JSON.stringify(command), { timeout: 5000, headers: once }), { times: askTimes, whom: `JetStream at ${link.url}` })
    const answer = reply.json<{ seq?: number; error?: { description: string } }>()
    if (answer.seq === undefined) throw new Error(`the stream refuses the command: ${answer.error?.description ?? 'no reason given'}`)
    for (let waited = 0; waited < carriedOutMs; waited += 250) {
      const { position, forgotten } = await statusOf(link)
      // Two requests at once: the figures of the first are in the engine's log.
      if (position >= answer.seq && forgotten && forgotten.seq >= answer.seq) return forgotten
      if (waited === tellMs) process.stderr.write(`command ${answer.seq} is on the stream; waiting for the engine to carry it out\n`)
      await sleep(250)
    }
    throw new Error(`the engine has not come to command ${answer.seq} within ${carriedOutMs / 60_000} minutes: it will, look at its log`)
  } finally {
    await link.close()
  }
}

async function statusOf(link: Link): Promise<EngineStatus> {
  try {
    return (await patiently(() => link.nc.request(subjects.status, undefined, { timeout: 3000 }), { times: askTimes, whom: 'the engine' })).json<EngineStatus>()
  } catch (error) {
    throw new Error(`no engine answers on ${link.url}: start it first (groundswell start), or name its server with --nats`, { cause: error })
  }
}
