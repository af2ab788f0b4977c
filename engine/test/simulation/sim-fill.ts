// The past of new topics, read from the simulated store by the product's own matching and published as fill commands.
import { fates, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import type { Rules } from '@groundswell/schemas/rules.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { knownPast } from '../../src/app/known-past.ts'
import type { StoredHour } from '../../src/io/clickhouse/past.ts'
import type { SharedRules } from '../../src/io/pool/pool.ts'
import type { Enriching } from '../../src/loop.ts'
import { fillTopics } from '../../src/pipeline/fill.ts'
import { readColumns } from './native-columns.ts'
import type { SimStore } from './sim-store.ts'
import type { SimStream } from './sim-stream.ts'
import type { Life, World } from './world.ts'

export interface Fill { readonly rulesSeq: number; readonly topics: readonly string[] }

export interface FillFrom {
  readonly world: World
  readonly store: SimStore
  readonly stream: SimStream
  readonly life: Life
  readonly pool: Enriching
  readonly rules: Rules // in force where the fill was asked for
  readonly shared: SharedRules
  readonly clock: number | null
}

/** Tries until it is on the stream, or its life is over. */
export async function fillFromPast({ rulesSeq, topics }: Fill, { world, store, stream, life, pool, rules, shared, clock }: FillFrom): Promise<void> {
  for (;;) {
    try {
      const lines = clock === null ? [] : await store.ask(life, 'past', () => pastLines(store, life.stream, rulesSeq))
      const commands = fillTopics({
        pool, rules: shared, topics, rulesTopics: rules.topics.map((topic) => topic.id), clock: clock ?? 0, past: chunk(lines),
        known: clock === null ? [] : knownPast(hoursOf(lines), { clock, fromHour: 0 }).known, stream: life.stream, answers: rulesSeq,
      })
      for await (const command of commands) await stream.publish(life, subjects.command('fill'), new TextEncoder().encode(JSON.stringify(command)), `fill:${rulesSeq}:${command.topics[0]?.id}`)
      world.count('fills')
      return
    } catch {
      await world.clockOf(life).sleep(1000)
    }
  }
}

const pastFields = new Set(['id', 'ts', 'platform', 'text', 'seq', 'fate'])

/** What came before a place of a stream: in it, and in any that was there before. */
function pastLines(store: SimStore, ofStream: number, beforeSeq: number): string[] {
  return store.inserts('mentions').flatMap(({ bytes, stream }) => {
    const { id: ids, ts, platform, text, seq, fate } = readColumns(mentionColumns, bytes, pastFields)
    return ids!.flatMap((id, row) => {
      if (fate![row] !== fates.counted || (stream === ofStream && (seq![row] as number) >= beforeSeq)) return []
      return [JSON.stringify({ id, ts: ts![row], platform: platform![row], text: text![row] })]
    })
  })
}

/** As the store would answer which hours hold anything. */
function hoursOf(lines: readonly string[]): StoredHour[] {
  const seconds = lines.map((line) => Math.floor((JSON.parse(line) as { ts: number }).ts / 1000)).toSorted((a, b) => a - b)
  return [...Map.groupBy(seconds, (second) => Math.floor(second / 3600))].map(([hour, its]) => ({ hour, mentions: its.length, first: its[0]!, last: its.at(-1)! }))
}

async function* chunk(lines: readonly string[]): AsyncIterable<Uint8Array> {
  if (lines.length > 0) yield new TextEncoder().encode(`${lines.join('\n')}\n`)
}
