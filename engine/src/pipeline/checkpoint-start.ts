// Goes on from the newest checkpoint that can be used: whole, not ahead of the store, and with the stream still there behind it. Whatever
// is passed over is told with its reason; where none is left the answer is null, and the engine is counted from the store.
import type { Rules } from '@groundswell/schemas/rules.ts'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import type { Engine } from '../core/engine.ts'
import { StateReader } from '../core/state.ts'
import type { CheckpointFiles, Kept } from '../io/checkpoint/checkpoint-files.ts'
import type { Damage } from '../io/checkpoint/checkpoint-format.ts'

export interface CheckpointStart {
  readonly files: Pick<CheckpointFiles, 'kept' | 'read' | 'setAside' | 'goOnFrom' | 'nameOf'>
  readonly stream: number // created time of the stream that there is
  readonly firstSeq: number // the first message that the stream still has
  /** The newest position that the store holds of a stream. */
  readonly storedOf: (stream: number) => Promise<number>
  readonly engineOf: (rules: { readonly rules: Rules; readonly rulesSeq: number }) => Engine
  readonly onPassed: (passed: Passed) => void
}

export interface Passed { readonly name: string; readonly reason: Damage | Unfit; readonly detail: string; readonly next: string | null } // next: the checkpoint that is tried now; null: none is left
type Unfit = 'ahead of the store' | 'behind the stream' | 'rules not accepted' | 'state unreadable'

export interface GoneOn {
  readonly engine: Engine
  readonly kept: Kept
  readonly isOtherStream: boolean // the stream was made again: the state is that of the one before, the position is 0
  readonly position: number // the first message read is the one behind it
  readonly lastInsert: number
  readonly rulesSeq: number
  readonly rulesText: string
  readonly rules: Rules
}

export async function goOnFromCheckpoint(start: CheckpointStart): Promise<GoneOn | null> {
  const tries = start.files.kept.toReversed()
  for (const [at, kept] of tries.entries()) {
    const tried = await attempt(kept, start)
    if (!('reason' in tried)) return tried
    const next = tries[at + 1]
    start.onPassed({ name: start.files.nameOf(kept.number), ...tried, next: next ? start.files.nameOf(next.number) : null })
    // What does not fit today may fit tomorrow and stays; what is damaged never will.
    if (!mayFitLater.includes(tried.reason)) await start.files.setAside(kept.number)
  }
  return null
}

type Tried = GoneOn | Omit<Passed, 'name' | 'next'>

async function attempt(kept: Kept, start: CheckpointStart): Promise<Tried> {
  const { header } = kept
  const unfit = await misfit(kept, start)
  if (unfit) return unfit
  const isOtherStream = header.stream !== start.stream
  const parsed = parseRules(header.rulesText)
  if (!parsed.ok) return { reason: 'rules not accepted', detail: `its rules are not accepted by this version: ${parsed.problems[0]?.message ?? ''}` }
  const read = await start.files.read(kept)
  if (!read.ok) return read
  const rulesSeq = isOtherStream ? 0 : header.rulesSeq
  const engine = start.engineOf({ rules: parsed.rules, rulesSeq })
  try {
    engine.load(new StateReader(read.state), read.segmentOf)
  } catch (error) {
    return { reason: 'state unreadable', detail: (error as Error).message }
  }
  start.files.goOnFrom(kept)
  const [position, lastInsert] = isOtherStream ? [0, 0] : [header.seq, header.lastInsert]
  return { engine, kept, isOtherStream, position, lastInsert, rulesSeq, rulesText: header.rulesText, rules: parsed.rules }
}

async function misfit({ header }: Kept, { stream, firstSeq, storedOf }: CheckpointStart): Promise<Omit<Passed, 'name' | 'next'> | null> {
  const ofIts = await storedOf(header.stream)
  if (ofIts < header.lastInsert) {
    return { reason: 'ahead of the store', detail: `it has carried out what is in the store up to ${header.lastInsert}, and the store holds only ${ofIts}: it was put back to an earlier time` }
  }
  const position = header.stream === stream ? header.seq : 0
  const stored = header.stream === stream ? ofIts : await storedOf(stream)
  // Where the store knows no more than the checkpoint, what the stream has lost is lost to both.
  if (firstSeq > position + 1 && stored > position) return { reason: 'behind the stream', detail: `it goes on at message ${position + 1}, and the stream begins at ${firstSeq}` }
  return null
}

const mayFitLater: readonly Passed['reason'][] = ['ahead of the store', 'behind the stream', 'rules not accepted', 'not to be read']
