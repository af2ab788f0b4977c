// `groundswell publish`: recordings → NATS, at full speed or at N× event time. Exit 0: everything is in the stream; 1: a line was refused
// or something failed, such as reading a file (what could be published was); 2: wrong usage.
import { access, constants, stat } from 'node:fs/promises'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { mentionLimits } from '@groundswell/schemas/mention.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import type { EngineStatus } from '@groundswell/schemas/subjects.ts'
import { Publisher } from '../io/nats/publisher.ts'
import { openNatsStream } from '../io/nats/stream.ts'
import type { NatsStream } from '../io/nats/stream.ts'
import { Progress } from '../publishing/progress.ts'
import { publishRecordings } from '../publishing/publish.ts'
import type { PublishResult } from '../publishing/publish.ts'
import { SettingsError } from '../io/settings/settings.ts'
import { natsAddress } from './nats-address.ts'

interface Flags { readonly speed?: number; readonly shiftToNow?: boolean; readonly nats?: string; readonly config?: string }

const messageOverhead = 512 // Nats-Msg-Id and headers
const statusMs = 5000 // an engine that is busy is one all the same; where there is none, NATS says so at once
const goodbyeMs = 3000 // how long Ctrl-C waits for what was sent to be acknowledged

export function registerPublish(program: Command): void {
  program.command('publish')
    .description('publish recordings of mentions (NDJSON, or gzip of it; - is standard input) into NATS, merged by time')
    .argument('<file...>', 'files; several are merged stably by ts')
    .option('--speed <n|max>', 'seconds of event time in a second, or as fast as the stream takes it (default: max)', speedOf)
    .option('--shift-to-now', 'move all times by one constant, so that the newest mention is sent at its own time')
    .option('--nats <url>', 'the NATS server (default: the one that `groundswell start` runs, nats://127.0.0.1:4222)')
    .option('--config <file>', 'settings file (default ./groundswell.yml)')
    .addHelpText('after', `
Every line goes to mentions.<platform>, as its platform field says; mentions.unknown where it names none. Lines that are no
mentions are published too: the engine keeps them as dead letters. A line that fits no NATS message is refused: it gets a JSON
line {"kind":"refused",…} on stdout, the rest is published, and the exit code is 1. The last line on stdout sums up.`)
    .action(async (files: string[], flags: Flags, command: Command) => {
      checkInput(files, flags, command)
      const url = addressOf(flags, command)
      try {
        await checkFiles(files)
        await publish(files, flags, url)
      } catch (error) {
        process.stderr.write(`groundswell publish: ${(error as Error).message}\n`)
        process.exitCode = 1
      }
    })
}

function addressOf({ nats, config }: Flags, command: Command): string {
  try {
    return natsAddress({ nats, config })
  } catch (error) {
    if (error instanceof SettingsError) return command.error(`error: ${error.message}`, { exitCode: 2 })
    throw error
  }
}

async function publish(files: readonly string[], flags: Flags, url: string): Promise<void> {
  const startedAt = performance.now()
  const stream = await openNatsStream({ url, name: 'groundswell publish', warn: (message) => process.stderr.write(`${message}\n`) })
  const stopping = new AbortController()
  const onSignal = () => { if (stopping.signal.aborted) process.exit(130); stopping.abort() } // the second time at once
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    const status = await askStatus(stream)
    if (!status) process.stderr.write('no engine answers on this NATS: the stream keeps what is published until one reads it\n')
    const progress = new Progress({ stream: process.stderr, bytesTotal: await bytesOf(files), now: () => performance.now() })
    stream.onTrouble(({ detail }) => progress.say(detail))
    const sink = new Publisher(stream.link, { whenFull: 'wait', onRefusing: (reason) => progress.say(reason ?? 'the stream takes messages again') })
    stopping.signal.addEventListener('abort', () => { setTimeout(() => sink.close(), goodbyeMs).unref() })
    const result = await publishRecordings({
      files, sink, status, speed: flags.speed ?? Infinity, shiftToNow: flags.shiftToNow === true, now: () => Date.now(), signal: stopping.signal,
      lineBytesMax: Math.min(mentionLimits.lineBytesMax, (stream.link.nc.info?.max_payload ?? 1 << 20) - messageOverhead),
      onRead: (bytes) => progress.read(bytes),
      onPublished: (mentions) => progress.published(mentions),
      onRefused: (refused) => {
        progress.say(`refused: ${refused.file} line ${refused.line}: ${refused.reason}`)
        process.stdout.write(`${JSON.stringify({ kind: 'refused', ...refused })}\n`)
      },
    }).finally(() => { progress.end(!stopping.signal.aborted); sink.close() })
    sumUp(result, (performance.now() - startedAt) / 1000, stopping.signal.aborted)
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await stream.close()
  }
}

function sumUp(result: PublishResult, seconds: number, stopped: boolean): void {
  process.stdout.write(`${JSON.stringify({ ...result, seconds: Math.round(seconds * 1000) / 1000 })}\n`)
  if (stopped) process.stderr.write('stopped before the end; what is counted here is in the stream\n')
  if (result.repeated > 0) process.stderr.write(`${result.repeated} of ${result.messages} messages were in the stream already and are there once\n`)
  if (result.refused > 0) process.stderr.write(`${result.refused} lines were refused, all others are published\n`)
  if (stopped || result.refused > 0) process.exitCode = 1
}

async function askStatus(stream: NatsStream): Promise<EngineStatus | null> {
  try {
    return (await stream.link.nc.request(subjects.status, '', { timeout: statusMs })).json<EngineStatus>()
  } catch (error) {
    if (stream.link.connected && /no responders|timeout/i.test((error as Error).message)) return null
    throw error
  }
}

function checkInput(files: readonly string[], flags: Flags, command: Command): void {
  if (flags.shiftToNow && files.includes('-')) command.error('error: --shift-to-now reads its input twice; standard input can be read once: save it to a file', { exitCode: 2 })
  if (files.filter((file) => file === '-').length > 1) command.error('error: standard input (-) can be read once only', { exitCode: 2 })
}

async function checkFiles(files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (file === '-') continue
    try {
      await access(file, constants.R_OK)
      if (!(await stat(file)).isDirectory()) continue
    } catch (error) {
      throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error })
    }
    throw new Error(`${file} is a folder: name the files in it`)
  }
}

async function bytesOf(files: readonly string[]): Promise<number | null> {
  if (files.includes('-')) return null
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function speedOf(text: string): number {
  if (text === 'max') return Infinity
  const speed = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || speed <= 0) throw new InvalidArgumentError('a number over 0, such as 1 or 60, or max.')
  return speed
}
