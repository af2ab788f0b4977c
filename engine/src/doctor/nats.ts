// NATS: the server, how it keeps its promises, the input stream as we need it, how full it is, and how far the engine is behind it.
import { JetStreamApiError, jetstreamManager, type StreamInfo } from '@nats-io/jetstream'
import { streams } from '@groundswell/schemas/subjects.ts'
import { inputConfig, streamInfo } from '../io/nats/stream-config.ts'
import { openLink } from '../io/nats/link.ts'
import { ageText, bytesText, note, ok, warn, wrong, type Check } from './check.ts'

export interface StreamFacts {
  readonly created: number // ms
  readonly config: Readonly<Record<string, unknown>>
  readonly firstSeq: number
  readonly lastSeq: number
  readonly firstAt: number // ms; 0 where it is empty
  readonly lastAt: number
  readonly messages: number
  readonly bytes: number
}
export interface NatsFacts {
  readonly url: string
  readonly version: string
  readonly maxPayload: number
  readonly jetstream: boolean
  readonly stream: StreamFacts | null
}

const connectMs = 3000

/** Throws StreamDown or StreamMisconfigured with what to do. */
export async function lookAtNats(url: string): Promise<NatsFacts> {
  const link = await openLink({ url, name: 'groundswell doctor', connectMs })
  try {
    const { version = '', max_payload: maxPayload = 0 } = link.nc.info ?? {}
    const jsm = await jetstreamManager(link.nc, { timeout: connectMs }).catch((error: unknown) => {
      if (error instanceof JetStreamApiError || /jetstream/i.test(String(error))) return null
      throw error
    })
    const info = jsm && await streamInfo(jsm, streams.in.name)
    return { url: link.url, version, maxPayload, jetstream: jsm !== null, stream: info && streamFactsOf(info) }
  } finally {
    await link.close()
  }
}

export function streamFactsOf({ created, config, state }: Pick<StreamInfo, 'created' | 'config' | 'state'>): StreamFacts {
  return {
    created: Date.parse(created), config: { ...config }, firstSeq: state.first_seq, lastSeq: state.last_seq, messages: state.messages, bytes: state.bytes,
    firstAt: state.messages === 0 ? 0 : Date.parse(state.first_ts), lastAt: state.messages === 0 ? 0 : Date.parse(state.last_ts),
  }
}

export const natsWanted = { version: '2.12.3', payloadBytes: 1 << 20 } as const

/** `embedded`: the text of the configuration that the engine wrote for its own server; null where the server is another's. */
export function serverChecks({ url, version, jetstream, maxPayload }: NatsFacts, embedded: string | null): Check[] {
  const isOld = olderThan(version, natsWanted.version)
  const update = `update nats-server to ${natsWanted.version} or newer (https://github.com/nats-io/nats-server/releases): older ones can lose acknowledged messages in a crash`
  return [
    !isOld ? ok('nats', `${version} at ${url}`) : embedded === null ? warn('nats', `${version} at ${url}`, update) : note('nats', `${version} at ${url}, beside the engine`, `for production ${update}`),
    jetstream ? ok('jetstream', 'is on') : wrong('jetstream', `${url} runs without JetStream`, 'start nats-server with -js and a store directory that is backed by a disk'),
    maxPayload >= natsWanted.payloadBytes - 512 * 1024 ? ok('max_payload', bytesText(maxPayload)) : warn('max_payload', bytesText(maxPayload), 'set max_payload: 1MB: longer mentions are refused'),
    syncCheck(embedded),
  ]
}

function syncCheck(embedded: string | null): Check {
  const advice = 'set sync_interval: always under jetstream of the server: a crash of the process loses nothing either way, a power cut can lose two minutes'
  if (embedded === null) return note('sync_interval', 'a client cannot see it', advice)
  return /sync_interval: "?always/.test(embedded) ? ok('sync_interval', 'always: acknowledged is on the disk')
    : note('sync_interval', 'the embedded server flushes every two minutes', 'where a power cut must lose nothing, run a NATS server of your own with sync_interval: always and name it with --nats')
}

export const streamLimits = { warnFill: 0.7, wrongFill: 0.95, warnLagMs: 60_000, clockWarnMs: 3000, clockWrongMs: 60_000 } as const

export function streamChecks(stream: StreamFacts | null, { maxBytes, now }: { readonly maxBytes: number; readonly now: number }): Check[] {
  if (stream === null) return [note('stream', `there is no stream ${streams.in.name} yet`, 'the first start makes it')]
  const { messages, firstSeq, lastSeq, firstAt, bytes } = stream
  return [
    ok('stream', `${streams.in.name}: ${messages} messages, ${firstSeq} to ${lastSeq}${messages > 0 ? `, the oldest ${ageText(now - firstAt)} old` : ''}`),
    ...configChecks(stream.config, maxBytes), fillCheck(bytes, Number(stream.config['max_bytes'])),
  ]
}

function configChecks(config: Readonly<Record<string, unknown>>, maxBytes: number): Check[] {
  const differing = Object.entries(inputConfig(maxBytes)).filter(([field, value]) => field !== 'description' && JSON.stringify(config[field] ?? false) !== JSON.stringify(value)) // a server leaves out what is false
  if (differing.length === 0) return [ok('stream config', 'limits, discard new, duplicate window, size and subjects are as they must be')]
  return differing.map(([field, value]) => {
    const found = `${field} is ${JSON.stringify(config[field])}, not ${JSON.stringify(value)}`
    if (field === 'retention' || field === 'storage') return wrong('stream config', found, `that cannot be changed while the stream lives: use another NATS, or delete ${streams.in.name} and what it holds`)
    if (field === 'discard' || field === 'max_age') return wrong('stream config', `${found}: messages that nobody has read can be dropped`, 'start the engine: it changes the stream; then see who changed it')
    return warn('stream config', found, field === 'max_bytes' ? 'start the engine, which asks for this size; where the server offers less, raise its max_file_store' : 'start the engine: it changes the stream')
  })
}

function fillCheck(bytes: number, bytesMax: number): Check {
  if (!(bytesMax > 0)) return wrong('stream fill', `${bytesText(bytes)} without a limit: it can fill the disk`, 'start the engine: it sets streamMaxBytes')
  const share = bytes / bytesMax
  const found = `${bytesText(bytes)} of ${bytesText(bytesMax)} (${Math.round(share * 100)} %)`
  const mend = 'the engine or its store does not keep up: see lag, clickhouse and disk; raise streamMaxBytes to gain time. A full stream refuses publishers'
  if (share >= streamLimits.wrongFill) return wrong('stream fill', found, mend)
  return share >= streamLimits.warnFill ? warn('stream fill', found, mend) : ok('stream fill', found)
}

/** Of a running engine: it puts a tick on the stream every second, so the newest message is at most a second old by NATS' clock. */
export function clockCheck({ lastAt }: Pick<StreamFacts, 'lastAt'>, now: number): Check {
  const aheadMs = lastAt - now
  const found = aheadMs > 0 ? `NATS is ${ageText(aheadMs)} ahead of this machine` : `the newest message of NATS is ${ageText(-aheadMs)} old`
  const mend = 'synchronise the clocks of both machines (timedatectl, chrony); where they agree, the engine puts no ticks on the stream: see its log'
  if (aheadMs > streamLimits.clockWrongMs || aheadMs < -streamLimits.clockWrongMs) return wrong('clock', found, mend)
  return aheadMs > 1000 || aheadMs < -streamLimits.clockWarnMs ? warn('clock', found, mend) : ok('clock', 'this machine and NATS agree')
}

export function olderThan(version: string, wanted: string): boolean {
  const [a, b] = [version, wanted].map((text) => text.split('-')[0]!.split('.').map(Number)) as [number[], number[]]
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part)
  return at >= 0 && (a[at] ?? 0) < b[at]!
}
