// One life of the engine in the simulated world: the product's own loop, cutter, inserter, checkpoints and core, wired to simulated ports
// as app.ts wires them to real ones.
import { subjects } from '@groundswell/schemas/subjects.ts'
import { startTrimming } from '../../src/app/trimming.ts'
import type { Clock } from '../../src/clock.ts'
import type { Engine } from '../../src/core/engine.ts'
import { Loop } from '../../src/loop.ts'
import { canaryFault } from '../../src/pipeline/canary.ts'
import { createCarryOut, type CarryOutOptions } from '../../src/pipeline/carry-out.ts'
import { Checkpointer } from '../../src/pipeline/checkpointer.ts'
import { Cutter } from '../../src/pipeline/cut.ts'
import { Gather, Inserter } from '../../src/pipeline/inserts.ts'
import { survive } from '../../src/pipeline/poison.ts'
import { RulesInForce } from '../../src/pipeline/rules-in-force.ts'
import { StreamRecreated } from '../../src/stream-errors.ts'
import { begin, type Beginning, type Origin } from './beginning.ts'
import { parsedRules } from './parsed-rules.ts'
import { fillFromPast, type Fill } from './sim-fill.ts'
import { sabotagedStore, type Sabotage } from './sabotage.ts'
import type { SimOutbox } from './sim-outbox.ts'
import { SimPool } from './sim-pool.ts'
import type { SimDisk } from './sim-disk.ts'
import type { SimStore } from './sim-store.ts'
import type { SimStream } from './sim-stream.ts'
import type { CoreOptions } from './undisturbed.ts'
import type { Life, World } from './world.ts'

export interface Surroundings {
  readonly world: World
  readonly stream: SimStream
  readonly store: SimStore
  readonly outbox: SimOutbox
  readonly disk: SimDisk
  readonly rules: string // of the file
  readonly core: CoreOptions
  readonly origins: Map<number, Origin> // by stream: the newest life that began it with the state of another
  readonly insertWeightMax: number
  readonly workerFailures: number
  readonly checkpointMs: number
  readonly checkpointsKept: number
  readonly sabotage: Sabotage | undefined
}

export interface Running {
  readonly life: Life
  readonly engine: Engine
  readonly inserter: Inserter
  readonly ended: Promise<void>
  /** As app.ts closes: a last tick, what is read is applied, what has ended is written, and the state behind it. */
  close(): Promise<void>
}

const insertsWaitingMax = 4

interface Parts {
  readonly life: Life
  readonly around: Surroundings
  readonly beginning: Beginning
  readonly clock: Clock
  readonly stopping: AbortController
  readonly gather: Gather
  readonly inserter: Inserter
  readonly checkpointer: Checkpointer
  readonly inForce: RulesInForce
}

export async function open(life: Life, around: Surroundings): Promise<Running> {
  const { world, stream, store, sabotage } = around
  const clock = world.clockOf(life)
  const beginning = await begin(life, around)
  const { engine, position, stored, lastInsert, rulesText, rulesSeq } = beginning
  const inForce = new RulesInForce({ rules: parsedRules(rulesText), rulesSeq, rulesText })
  const stopping = new AbortController()
  const gather = new Gather(position + 1, lastInsert)
  const inserter = new Inserter({
    store: sabotagedStore(store.of(life), sabotage, () => String(world.steps)), stream: life.stream, waitingMax: insertsWaitingMax, clock, stored,
    onStored: () => trimming.look(), onTrouble: () => undefined,
  }, position)
  const checkpointer = new Checkpointer({
    files: beginning.files, engine, inserter: sabotage === 'checkpoint-before-insert' ? { reached: async () => true } : inserter,
    facts: () => ({ rulesText: inForce.text, lastInsert: gather.lastInsert }), seenMax: around.core.seenMax, version: 'simulated',
    everyMs: around.checkpointMs, bytesMax: stream.bytesMax / 8, clock,
    onTaken: () => undefined, onFailed: () => world.count('checkpoints that failed'),
    onDurable: ({ header }) => {
      world.count('checkpoints')
      if (sabotage === undefined && store.position(header.stream) < header.lastInsert) world.fail(`the checkpoint at ${header.seq} is ahead of the store, which is at ${store.position(header.stream)}`)
      trimming.look()
    },
  })
  const trimming = startTrimming({
    stream: { kind: 'nats', state: () => stream.state(life), trim: (upToSeq) => stream.trim(life, upToSeq) },
    inserter, checkpointer: sabotage === 'trimmed-too-far' ? null : checkpointer, clock, onFailed: () => undefined,
  })
  if (checkpointer.durable === null) await checkpointer.first(position)
  const loop = loopOf({ life, around, beginning, clock, stopping, gather, inserter, checkpointer, inForce })
  const ended = loop.run()
  ended.catch(() => undefined)
  return {
    life, engine, inserter, ended,
    close: async () => {
      await checkpointer.stopping()
      const tick = await stream.publish(life, subjects.tick, new TextEncoder().encode('{}')).catch(() => null)
      if (tick) await Promise.race([loop.reached(tick.seq), ended.catch(() => undefined)])
      await loop.close()
      const isSound = await ended.then(() => true, (error: unknown) => error instanceof StreamRecreated)
      await checkpointer.finish({ isSound })
      trimming.close()
      stopping.abort()
      inserter.abort()
    },
  }
}

function loopOf(parts: Parts): Loop {
  const { life, around, beginning: { engine, position, stored }, clock, gather, inserter, checkpointer, inForce } = parts
  const { world, stream, sabotage } = around
  const pool = survive(new SimPool(world, life, around.workerFailures), {
    onFailed: () => undefined, onSurvived: (leftOut) => world.count('poison lines left out', leftOut.length),
  })
  const fill = (wanted: Fill): (() => void) => {
    const { rules, shared } = inForce
    return () => quietly(fillFromPast(wanted, { ...around, life, pool, rules, shared, clock: engine.clock }))
  }
  for (const pending of engine.pendingFills()) fill(pending)()
  return new Loop({
    reader: stream.read(life, position + (sabotage === 'begins-too-late' && life.number > 1 ? 2 : 1)), pool, engine, inserter, gather, clock,
    cutter: new Cutter({ stream: life.stream, rules: inForce.shared, stored, insertWeightMax: around.insertWeightMax }),
    carryOut: createCarryOut({
      ...leaving(parts), fill, forget: () => forgetting(parts, engine.position.seq),
      onEvent: () => undefined, onRefused: () => undefined, onAnnounceFailed: () => undefined,
      onRules: (applied) => inForce.replace(applied),
    }),
    onApplied: ({ batch }) => checkpointer.weigh(batch?.work?.bytes ?? 0), onUnreadable: () => undefined,
    onInsertEnd: (seq) => checkpointer.insertEnded(sabotage === 'checkpoint-misplaced' ? seq + 1 : seq),
    onCanary: ({ canary, seq }, batches, into) => {
      const fault = canaryFault(canary, batches)
      if (fault === null) into.row('canaries', { id: canary.id, seq })
      else world.fail(`canary ${canary.id}: ${fault}`)
    },
  })
}

/** As the product: the rows go before the position moves, and the stream's messages once a checkpoint is as far. */
function forgetting({ life, around: { world, store, stream, sabotage }, inserter, checkpointer }: Parts, seq: number): () => Promise<void> {
  const purge = async (): Promise<void> => {
    if (!await inserter.reached(seq) || !await checkpointer.reached(seq)) return
    await stream.trim(life, seq, 'all')
    world.count('purges of what was forgotten')
  }
  return async () => {
    const gone = store.forget(life, seq)
    if (sabotage === 'forget-not-awaited') quietly(gone)
    else await gone
    quietly(purge())
  }
}

/** What leaves the process: not again where an earlier life did it before its position was stored. */
function leaving({ life, around, beginning: { engine, stored }, clock, stopping }: Parts): Pick<CarryOutOptions, 'stream' | 'enqueue' | 'signal' | 'clock'> {
  const { stream, outbox, sabotage } = around
  const isReplay = (): boolean => engine.position.seq <= stored
  return {
    signal: stopping.signal, clock,
    stream: {
      created: life.stream,
      announce: async (subject, _, id) => {
        if (isReplay()) return
        const done = stream.announce(life, subject, id)
        if (sabotage === 'announcements-not-awaited') quietly(done)
        else await done
      },
    },
    enqueue: async (event, row, muted) => {
      if (isReplay()) return
      const done = outbox.enqueue(life, { event, row, muted })
      if (sabotage === 'alerts-not-awaited') quietly(done)
      else await done
    },
  }
}

function quietly(work: Promise<unknown>): void { work.catch(() => undefined) }
