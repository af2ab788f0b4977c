// One life of the engine in the simulated world: the product's own loop, cutter, inserter and core, wired to simulated ports as app.ts
// wires them to real ones.
import { fates, mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { Engine } from '../../src/core/engine.ts'
import type { Effect } from '../../src/core/input.ts'
import { shareRules } from '../../src/io/pool/pool.ts'
import { Loop } from '../../src/loop.ts'
import { canaryFault } from '../../src/pipeline/canary.ts'
import { createCarryOut } from '../../src/pipeline/carry-out.ts'
import { Cutter } from '../../src/pipeline/cut.ts'
import { fillTopics } from '../../src/pipeline/fill.ts'
import { Gather, Inserter } from '../../src/pipeline/inserts.ts'
import { RulesInForce } from '../../src/pipeline/rules-in-force.ts'
import { readColumns } from './native-columns.ts'
import type { SimOutbox } from './sim-outbox.ts'
import { SimPool } from './sim-pool.ts'
import type { SimDisk } from './sim-disk.ts'
import type { SimStore } from './sim-store.ts'
import type { SimStream } from './sim-stream.ts'
import { parsedRules } from './parsed-rules.ts'
import type { Life, World } from './world.ts'

export interface Surroundings {
  readonly world: World
  readonly stream: SimStream
  readonly store: SimStore
  readonly outbox: SimOutbox
  readonly disk: SimDisk
  readonly rules: string // of the file
  readonly seenMax: number
  readonly cooldownSeconds: number
}

export interface Running {
  readonly life: Life
  readonly engine: Engine
  readonly inserter: Inserter
  readonly ended: Promise<void>
  /** As app.ts closes: a last tick, what is read is applied, what has ended is written. */
  close(): Promise<void>
}

const insertsWaitingMax = 4
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

export async function open(life: Life, around: Surroundings): Promise<Running> {
  const { world, stream, store, rules, seenMax, cooldownSeconds } = around
  const clock = world.clockOf(life)
  const position = 0
  await store.ask(life, 'position', () => store.position(stream.created))
  const engine = new Engine({ rules: parsedRules(rules), rulesSeq: 0, stream: stream.created, seenMax, cooldownSeconds })
  const inForce = new RulesInForce({ rules: parsedRules(rules), rulesSeq: 0, rulesText: rules })
  const stopping = new AbortController()
  const inserter = new Inserter({
    store: store.of(life), stream: stream.created, waitingMax: insertsWaitingMax, clock,
    onStored: () => undefined,
    onTrouble: () => undefined,
  }, position)
  const pool = new SimPool(world, life)
  const loop = new Loop({
    reader: stream.read(life, position + 1), engine, inserter,
    pool: { workers: pool.workers, run: async (raw, shared) => [await pool.run(raw, shared)] },
    cutter: new Cutter({ stream: stream.created, rules: shareRules(0, rules) }),
    gather: new Gather(position + 1),
    carryOut: createCarryOut({
      stream: { created: stream.created, announce: (subject, _, id) => stream.announce(life, subject, id) },
      signal: stopping.signal, clock, enqueue: (event, row) => around.outbox.enqueue(life, event, row),
      onEvent: () => undefined, onRules: (applied) => inForce.replace(applied), onRefused: () => undefined, onAnnounceFailed: () => undefined,
      fill: (effect) => () => void fill(effect, { ...around, life, pool, engine, inForce }),
      forget: () => async () => undefined,
    }),
    onApplied: () => undefined, onUnreadable: () => undefined,
    onCanary: ({ canary, seq }, batches, gather) => {
      const fault = canaryFault(canary, batches)
      if (fault === null) gather.row('canaries', { id: canary.id, seq })
      else world.fail(`canary ${canary.id}: ${fault}`)
    },
  })
  const ended = loop.run()
  ended.catch(() => undefined)
  return {
    life, engine, inserter, ended,
    close: async () => {
      const tick = await stream.publish(life, subjects.tick, encode({})).catch(() => null)
      if (tick) await Promise.race([loop.reached(tick.seq), ended.catch(() => undefined)])
      await loop.close()
      await ended
      stopping.abort()
      inserter.abort()
    },
  }
}

interface Filling extends Surroundings { readonly life: Life; readonly pool: SimPool; readonly engine: Engine; readonly inForce: RulesInForce }

/** Reads the past of new topics from the simulated store, until it is on the stream. */
async function fill(effect: Extract<Effect, { kind: 'fill' }>, { world, store, stream, life, pool, engine, inForce }: Filling): Promise<void> {
  const { shared, rules } = inForce
  const clock = engine.clock
  for (;;) {
    try {
      const lines = clock === null ? [] : await store.ask(life, 'past', () => pastLines(store, effect.rulesSeq))
      const commands = fillTopics({
        pool: { run: async (raw, by) => [await pool.run(raw, by)] }, rules: shared, topics: effect.topics, rulesTopics: rules.topics.map((topic) => topic.id), clock: clock ?? 0, past: chunk(lines), stream: stream.created, answers: effect.rulesSeq,
      })
      for await (const command of commands) await stream.publish(life, subjects.command('fill'), encode(command), `fill:${effect.rulesSeq}:${command.topics[0]?.id}`)
      return
    } catch {
      await world.clockOf(life).sleep(1000)
    }
  }
}

const pastFields = ['id', 'ts', 'platform', 'author', 'text', 'followers', 'seq', 'fate'] as const

function pastLines(store: SimStore, beforeSeq: number): string[] {
  return store.inserts('mentions').flatMap(({ bytes }) => {
    const columns = readColumns(mentionColumns, bytes, new Set(pastFields))
    return columns['id']!.flatMap((id, row) => {
      if (columns['fate']![row] !== fates.counted || (columns['seq']![row] as number) >= beforeSeq) return []
      return [JSON.stringify({ id, ts: columns['ts']![row], platform: columns['platform']![row], text: columns['text']![row] })]
    })
  })
}

async function* chunk(lines: readonly string[]): AsyncIterable<Uint8Array> {
  if (lines.length > 0) yield new TextEncoder().encode(`${lines.join('\n')}\n`)
}
