// What the store must hold of each stream, and what the engine must know at the end: of a stream that was deleted all up to its last
// position, of the one that is there all of it, from the state that it began with.
import { Engine } from '../../src/core/engine.ts'
import { StateReader, StateWriter } from '../../src/core/state.ts'
import type { StreamMessage } from '../../src/ports.ts'
import { know, type Origin } from './beginning.ts'
import { naiveFates, remember, type Memory, type NaiveFates } from './naive-fates.ts'
import { parsedRules } from './parsed-rules.ts'
import type { SimStore, StoredInsert } from './sim-store.ts'
import type { SimStream } from './sim-stream.ts'
import { fold, type Expected, type HistoryOptions } from './undisturbed.ts'

export interface OfStream {
  readonly created: number
  readonly history: readonly StreamMessage[]
  readonly isPast: boolean
  readonly upTo: number // what came behind it may be in the store, or not
  readonly expected: Expected
  readonly fates: NaiveFates
  inserts(table: string): readonly StoredInsert[]
}

type Options = Omit<HistoryOptions, 'stream'>

export function expectedOf({ stream, store, options, origins }: { readonly stream: SimStream; readonly store: SimStore; readonly options: Options; readonly origins: ReadonlyMap<number, Origin> }): OfStream[] {
  const of = (created: number): OfStream['inserts'] => (table) => store.inserts(table).filter((insert) => insert.stream === created)
  const streams: OfStream[] = []
  if (stream.past) {
    const { created, history } = stream.past
    const upTo = store.position(created)
    streams.push({
      created, history, isPast: true, upTo, inserts: of(created),
      expected: fold(history, { ...options, stream: created, endsAt: upTo }), fates: naiveFates(history, options.seenMax),
    })
  }
  const { created, history } = stream
  const origin = origins.get(created)
  const begun = stream.past && origin ? carriedOver(stream.past, origin, { ...options, stream: created }) : null
  streams.push({
    created, history, isPast: false, upTo: Infinity, inserts: of(created),
    expected: fold(history, { ...options, stream: created, ...begun?.options }), fates: naiveFates(history, options.seenMax, begun?.memory),
  })
  return streams
}

/** The state of the stream before at the checkpoint, as the engine itself carries it over, and as it is found without the engine. */
function carriedOver({ created, history }: NonNullable<SimStream['past']>, { seq, ids }: Origin, options: HistoryOptions): { readonly options: Pick<HistoryOptions, 'engine' | 'rules'>; readonly memory: Memory } {
  const { rules: _, insertWeightMax: _weight, endsAt: _end, engine: _engine, ...core } = options
  const before = history.slice(0, seq)
  const there = fold(before, { ...options, stream: created })
  const state = new StateWriter()
  there.engine.save(state)
  const engine = new Engine({ rules: parsedRules(there.rulesText), rulesSeq: 0, ...core })
  engine.load(new StateReader(state.written.slice()), (number) => { throw new Error(`segment ${number} of ids is full in a world of a few hundred`) })
  const { seen, clock } = naiveFates(before, core.seenMax).memory
  const known = new Set(seen)
  for (const id of ids) {
    know(engine, id)
    remember(known, id, core.seenMax)
  }
  return { options: { engine, rules: there.rulesText }, memory: { seen: known, clock } }
}
