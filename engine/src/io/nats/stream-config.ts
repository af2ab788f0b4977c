// How the two streams must be: made where they are missing, changed where that is safe, refused with a reason where it is not.
import { AckPolicy, DeliverPolicy, DiscardPolicy, JetStreamApiError, ReplayPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { ConsumerConfig, JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream'
import { streams } from '@groundswell/schemas/subjects.ts'
import { StreamMisconfigured } from '../../stream-errors.ts'

export const configVersion = 1
export const bytesMaxDefault = 4 * 1024 ** 3
const nanos = (ms: number) => ms * 1_000_000
const bytesMaxLeast = 64 << 20
const noRoom = new Set([10047, 10023]) // insufficient storage, insufficient resources

type Wanted = Partial<StreamConfig> & { name: string; subjects: string[]; max_bytes: number }

const common = {
  retention: RetentionPolicy.Limits, storage: StorageType.File, duplicate_window: nanos(120_000), allow_direct: true,
  max_msgs: -1, max_msg_size: -1, max_msgs_per_subject: -1, no_ack: false, deny_purge: false, sealed: false,
}

/** A full input stream refuses publishers (discard new): it never drops what nobody has read. */
export const inputConfig = (maxBytes: number): Wanted => ({
  ...common, name: streams.in.name, subjects: [...streams.in.subjects], max_bytes: maxBytes, max_age: 0, discard: DiscardPolicy.New,
  description: `Groundswell input, configuration ${configVersion}`,
})
const outputConfig = (): Wanted => ({
  ...common, name: streams.out.name, subjects: [...streams.out.subjects], max_bytes: 256 << 20, max_age: nanos(7 * 86_400_000), discard: DiscardPolicy.Old,
  description: `Groundswell output, configuration ${configVersion}`,
})

/** An ordered reader: memory only, nothing to acknowledge, gone by itself when nobody pulls. */
export const readerConfig = (name: string, fromSeq: number): Partial<ConsumerConfig> => ({
  name, ack_policy: AckPolicy.None, deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: fromSeq, replay_policy: ReplayPolicy.Instant,
  mem_storage: true, num_replicas: 1, inactive_threshold: nanos(300_000), max_deliver: 1,
})

/** Fields that a running stream may change without losing anything or changing what it means. */
const safeToChange = new Set(['description', 'subjects', 'max_bytes', 'max_age', 'duplicate_window', 'allow_direct', 'discard', 'max_msgs', 'max_msg_size', 'max_msgs_per_subject', 'no_ack'])

export interface EnsureOptions {
  readonly maxBytes?: number | undefined // of the input stream; without: 4 GiB for a new one, as it is for an existing one
  readonly warn: (message: string) => void
}

/** Both streams, as they must be; the input's info. Throws StreamMisconfigured, naming the field and what to do. */
export async function ensureStreams(jsm: JetStreamManager, options: EnsureOptions): Promise<StreamInfo> {
  await ensureOutput(jsm, { warn: options.warn }) // first: it is small, and the input takes what room there is
  return ensure(jsm, inputConfig(options.maxBytes ?? bytesMaxDefault), options)
}

/** The output stream alone, as it must be. */
export const ensureOutput = (jsm: JetStreamManager, { warn }: Pick<EnsureOptions, 'warn'>): Promise<StreamInfo> => ensure(jsm, outputConfig(), { warn })

/** Stream info, or null where there is no such stream. */
export async function streamInfo(jsm: JetStreamManager, name: string): Promise<StreamInfo | null> {
  try {
    return await jsm.streams.info(name)
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === 10059) return null
    throw error
  }
}

async function ensure(jsm: JetStreamManager, wanted: Wanted, options: EnsureOptions): Promise<StreamInfo> {
  const existing = await streamInfo(jsm, wanted.name)
  const info = existing ? await adapt(jsm, existing, wanted, options) : await create(jsm, wanted, options)
  const bytes = info.config.max_bytes
  for (const [field, value] of Object.entries({ ...wanted, max_bytes: bytes })) {
    if (!same((info.config as Record<string, unknown>)[field], value)) {
      throw new StreamMisconfigured(`stream ${wanted.name}: the server says ${field} is ${show((info.config as Record<string, unknown>)[field])}, we asked for ${show(value)}`)
    }
  }
  return info
}

async function create(jsm: JetStreamManager, wanted: Wanted, { warn }: EnsureOptions): Promise<StreamInfo> {
  const offered = await offeredBytes(jsm)
  let bytes = offered > 0 ? Math.min(wanted.max_bytes, offered) : wanted.max_bytes
  for (;;) {
    try {
      const info = await jsm.streams.add({ ...wanted, max_bytes: bytes })
      if (bytes < wanted.max_bytes) warn(`stream ${wanted.name} holds ${show(bytes)} bytes, not ${show(wanted.max_bytes)}: the server offers no more`)
      return info
    } catch (error) {
      if (!(error instanceof JetStreamApiError)) throw error
      if (error.code === 10058) return jsm.streams.info(wanted.name) // somebody made it at the same moment
      if (error.code === 10065) throw new StreamMisconfigured(`stream ${wanted.name}: another stream takes ${wanted.subjects.join(', ')} already: remove it, or use another NATS`, { cause: error })
      if (!noRoom.has(error.code)) throw error
      if (bytes <= bytesMaxLeast) throw new StreamMisconfigured(`stream ${wanted.name}: the server has no room for ${show(bytes)} bytes: free disk space or raise its max_file_store`, { cause: error })
      bytes = Math.max(bytesMaxLeast, Math.floor(bytes / 2))
    }
  }
}

/** What the account may still store, or −1 for no limit. */
async function offeredBytes(jsm: JetStreamManager): Promise<number> {
  const account = await jsm.getAccountInfo()
  const most = account.limits.max_storage
  return most > 0 ? Math.max(bytesMaxLeast, Math.floor((most - account.storage) * 0.9)) : -1
}

async function adapt(jsm: JetStreamManager, info: StreamInfo, wanted: Wanted, { maxBytes, warn }: EnsureOptions): Promise<StreamInfo> {
  const made = /configuration (\d+)$/.exec(info.config.description ?? '')
  if (made && Number(made[1]) > configVersion) {
    throw new StreamMisconfigured(`stream ${wanted.name} was made by a newer Groundswell (configuration ${made[1]}, this one knows ${configVersion}): run the newer one`)
  }
  const target = { ...wanted, max_bytes: maxBytes ?? (info.config.max_bytes > 0 ? info.config.max_bytes : wanted.max_bytes) }
  if (target.max_bytes < info.state.bytes) {
    warn(`stream ${wanted.name} holds ${info.state.bytes} bytes already: its limit stays at ${show(info.config.max_bytes)}, not ${show(target.max_bytes)}`)
    target.max_bytes = info.config.max_bytes
  }
  const differing = differingFields(info, target)
  const unsafe = differing.find((field) => !safeToChange.has(field))
  if (unsafe !== undefined) {
    throw new StreamMisconfigured(`stream ${wanted.name} exists with ${unsafe} ${show(fieldOf(info, unsafe))}, it must be ${show((target as Record<string, unknown>)[unsafe])}, and that cannot be changed while it lives: delete the stream, or use another NATS`)
  }
  return differing.length === 0 ? info : change(jsm, info, target, warn)
}

async function change(jsm: JetStreamManager, info: StreamInfo, target: Wanted, warn: (message: string) => void): Promise<StreamInfo> {
  const differing = differingFields(info, target)
  if (differing.length === 0) return info
  try {
    const changed = await jsm.streams.update(target.name, target)
    warn(`stream ${target.name} differed in ${differing.join(', ')}: changed`)
    return changed
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw cause // nobody answered: no refusal
    const offersLess = noRoom.has(cause.code) && target.max_bytes > info.config.max_bytes && info.config.max_bytes > 0
    if (!offersLess) throw new StreamMisconfigured(`stream ${target.name} differs in ${differing.join(', ')} and the server refuses the change (${cause.message})`, { cause })
    warn(`stream ${target.name} holds ${show(info.config.max_bytes)} bytes, not ${show(target.max_bytes)}: the server offers no more`)
    return change(jsm, info, { ...target, max_bytes: info.config.max_bytes }, warn)
  }
}

const fieldOf = (info: StreamInfo, field: string): unknown => (info.config as unknown as Record<string, unknown>)[field]
const differingFields = (info: StreamInfo, target: Wanted): string[] => Object.entries(target).filter(([field, value]) => !same(fieldOf(info, field), value)).map(([field]) => field)

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i])
  return a === b || (a === undefined && b === false)
}

const show = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : typeof value === 'number' ? value.toLocaleString('en') : JSON.stringify(value) ?? 'absent')
