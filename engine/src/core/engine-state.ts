// How the parts of an engine are kept: each in a section of its own, behind the one that says where in which stream they stood.
import { clockLimits } from './3-measure/event-clock.ts'
import type { Stateful, StateReader, StateWriter } from './state.ts'

export interface Part { readonly name: string; readonly version: number; readonly state: Stateful }

/** Where the engine stood. */
export interface Standing {
  readonly stream: number // created time of the input stream, ms
  readonly seq: number // the last input that was applied
  readonly rulesSeq: number
  readonly since: number // second from which anything is known; −1: nothing yet
}

const standingVersion = 1

export function saveParts(out: StateWriter, standing: Standing, parts: readonly Part[]): void {
  out.section('engine', standingVersion, () => {
    for (const value of [standing.stream, standing.seq, standing.rulesSeq, standing.since]) out.number(value)
  })
  for (const { name, version, state } of parts) out.section(name, version, () => state.save(out))
}

export function loadParts(from: StateReader, parts: readonly Part[]): Standing {
  let standing: Standing | null = null
  from.section('engine', standingVersion, () => {
    standing = { stream: from.finite(0), seq: from.whole(0), rulesSeq: from.whole(0), since: from.whole(-1, clockLimits.secondMax) }
  })
  for (const { name, version, state } of parts) from.section(name, version, () => state.load(from))
  return standing!
}

/** Parts that are read against the event clock, which is loaded before them. */
interface AtClock { save(out: StateWriter): void; load(from: StateReader, clock: number): void }

export const atClock = (part: AtClock, clock: { readonly raw: number }): Stateful => ({ save: (out) => part.save(out), load: (from) => part.load(from, clock.raw) })
