// Which messages the input stream may forget: only processed ones, and only when it needs the room or they are old.
import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { JetStreamApiError } from '@nats-io/jetstream'

export interface TrimOptions { readonly upToSeq: number; readonly keepMs: number; readonly now: number }

/**
 * The first sequence to keep, or 0 where nothing is to go. Over half full: as many of the oldest as bring it to a quarter, by the mean size.
 * Else: what is older than keepMs. Never beyond upToSeq.
 */
export async function firstToKeep(jsm: JetStreamManager, info: StreamInfo, { upToSeq, keepMs, now }: TrimOptions): Promise<number> {
  const { state, config } = info
  const last = Math.min(upToSeq, state.last_seq)
  if (state.messages === 0 || last < state.first_seq) return 0
  if (config.max_bytes > 0 && state.bytes > config.max_bytes / 2) {
    const share = 1 - config.max_bytes / 4 / state.bytes
    return Math.min(last, state.first_seq + Math.ceil((state.last_seq - state.first_seq + 1) * share)) + 1
  }
  if (now - Date.parse(state.first_ts) <= keepMs) return 0
  return firstYounger(jsm, info, { upToSeq: last, keepMs, now })
}

async function firstYounger(jsm: JetStreamManager, info: StreamInfo, { upToSeq, keepMs, now }: TrimOptions): Promise<number> {
  let low = info.state.first_seq + 1 // the first is known to be old
  let high = upToSeq + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const time = await timeOf(jsm, info.config.name, middle)
    if (time !== null && now - time <= keepMs) high = middle
    else low = middle + 1
  }
  return low
}

async function timeOf(jsm: JetStreamManager, stream: string, seq: number): Promise<number | null> {
  try {
    return (await jsm.streams.getMessage(stream, { seq }))?.time.getTime() ?? null
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === 10037) return null // deleted
    throw error
  }
}
