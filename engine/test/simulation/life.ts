// One life of the engine in the simulated world: the product's own loop, cutter, inserter, checkpoints and core, wired to simulated ports
// as app.ts wires them to real ones.
import { subjects } from '@groundswell/schemas/subjects.ts'
import { startTrimming } from '../../src/app/trimming.ts'
import { Engine } from '../../src/core/engine.ts'
import { CheckpointFiles } from '../../src/io/checkpoint/checkpoint-files.ts'
import { Loop } from '../../src/loop.ts'
import { canaryFault } from '../../src/pipeline/canary.ts'
import { createCarryOut } from '../../src/pipeline/carry-out.ts'
import { goOnFromCheckpoint } from '../../src/pipeline/checkpoint-start.ts'
import { Checkpointer } from '../../src/pipeline/checkpointer.ts'
import { Cutter } from '../../src/pipeline/cut.ts'
import { Gather, Inserter } from '../../src/pipeline/inserts.ts'
import { survive } from '../../src/pipeline/poison.ts'
import { RulesInForce } from '../../src/pipeline/rules-in-force.ts'
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

export const checkpointFolder = '/checkpoints'
const insertsWaitingMax = 4

interface Beginning {
  readonly engine: Engine
  readonly files: CheckpointFiles
  readonly position: number
  readonly stored: number // the newest position in the store
  readonly lastInsert: number
  readonly rulesSeq: number
  readonly rulesText: string
}

export async function open(life: Life, around: Surroundings): Promise<Running> {
  const { world, stream, store, sabotage } = around
  const clock = world.clockOf(life)
  const beginning = await begin(life, around)
  const { engine, files, position, stored, lastInsert } = beginning
  const inForce = new RulesInForce({ rules: parsedRules(beginning.rulesText), rulesSeq: beginning.rulesSeq, rulesText: beginning.rulesText })
  let rulesText = beginning.rulesText
  const stopping = new AbortController()
  const gather = new Gather(position + 1, lastInsert)
  const inserter = new Inserter({
    store: sabotagedStore(store.of(life), sabotage, () => String(world.steps)), stream: stream.created, waitingMax: insertsWaitingMax, clock, stored,
    onStored: () => trimming.look(), onTrouble: () => undefined,
  }, position)
  const checkpointer = new Checkpointer({
    files, engine, inserter: sabotage === 'checkpoint-before-insert' ? { reached: async () => true } : inserter, facts: () => ({ rulesText, lastInsert: gather.lastInsert }), seenMax: around.core.seenMax, version: 'simulated', everyMs: around.checkpointMs, bytesMax: stream.bytesMax / 8, clock,
    onTaken: () => undefined, onFailed: () => world.count('checkpoints that failed'),
    onDurable: ({ header }) => {
      world.count('checkpoints')
      if (sabotage === undefined && store.position(header.stream) < header.lastInsert) world.fail(`the checkpoint at ${header.seq} is ahead of the store, which is at ${store.position(header.stream)}`)
      trimming.look()
    },
  })
  const trimming = startTrimming({
    stream: { kind: 'nats', state: () => stream.state(life), trim: (upToSeq) => stream.trim(life, upToSeq) }, inserter, checkpointer: sabotage === 'trimmed-too-far' ? null : checkpointer, clock, onFailed: () => undefined,
  })
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined)
  if (checkpointer.durable === null) await checkpointer.first(position)
  const pool = new SimPool(world, life, around.workerFailures)
  const enriching = survive(pool, { onFailed: () => undefined, onSurvived: (leftOut) => world.count('poison lines left out', leftOut.length) })
  const fill = (wanted: Fill): (() => void) => {
    const { rules, shared } = inForce
    return () => quietly(fillFromPast(wanted, { ...around, life, pool: enriching, rules, shared, clock: engine.clock }))
  }
  /** What an earlier life carried out before its position was stored. */
  const isReplay = (): boolean => engine.position.seq <= stored
  const loop = new Loop({
    reader: stream.read(life, position + (sabotage === 'begins-too-late' && life.number > 1 ? 2 : 1)), engine, inserter, gather,
    pool: enriching,
    cutter: new Cutter({ stream: stream.created, rules: inForce.shared, stored, insertWeightMax: around.insertWeightMax }),
    carryOut: createCarryOut({
      stream: { created: stream.created, announce: async (subject, _, id) => {
        if (isReplay()) return
        const done = stream.announce(life, subject, id)
        if (sabotage === 'announcements-not-awaited') quietly(done)
        else await done
      } },
      enqueue: async (event, row) => {
        if (isReplay()) return
        const done = around.outbox.enqueue(life, event, row)
        if (sabotage === 'alerts-not-awaited') quietly(done)
        else await done
      },
      signal: stopping.signal, clock,
      onEvent: () => undefined, onRefused: () => undefined, onAnnounceFailed: () => undefined,
      onRules: (applied) => { inForce.replace(applied); rulesText = applied.text },
      fill, forget: () => async () => undefined,
    }),
    onApplied: ({ batch }) => checkpointer.weigh(batch?.work?.bytes ?? 0), onUnreadable: () => undefined,
    onInsertEnd: (seq) => checkpointer.insertEnded(sabotage === 'checkpoint-misplaced' ? seq + 1 : seq),
    onCanary: ({ canary, seq }, batches, into) => {
      const fault = canaryFault(canary, batches)
      if (fault === null) into.row('canaries', { id: canary.id, seq })
      else world.fail(`canary ${canary.id}: ${fault}`)
    },
  })
  const ended = loop.run()
  ended.catch(() => undefined)
  for (const pending of engine.pendingFills()) fill(pending)()
  return {
    life, engine, inserter, ended,
    close: async () => {
      await checkpointer.stopping()
      const tick = await stream.publish(life, subjects.tick, new TextEncoder().encode('{}')).catch(() => null)
      if (tick) await Promise.race([loop.reached(tick.seq), ended.catch(() => undefined)])
      await loop.close()
      await ended
      await checkpointer.finish({ isSound: true })
      trimming.close()
      stopping.abort()
      inserter.abort()
    },
  }
}

/** From the newest checkpoint that can be used, or from the first message. */
async function begin(life: Life, { world, stream, store, disk, rules, core, checkpointsKept, sabotage }: Surroundings): Promise<Beginning> {
  const { files, refused } = await CheckpointFiles.open({ disk: disk.of(life), folder: checkpointFolder, kept: checkpointsKept, onUntidy: () => world.count('checkpoint files that stayed') })
  for (const { name, refused: why } of refused) {
    world.count('checkpoints refused')
    world.trace(`${name} is refused: ${why.reason}`)
  }
  const storedOf = (of: number): Promise<number> => store.ask(life, 'newest position', () => store.position(of))
  const { firstSeq } = await stream.state(life)
  const engineOf = (inForce: { readonly rules: ReturnType<typeof parsedRules>; readonly rulesSeq: number }): Engine => new Engine({ ...inForce, stream: stream.created, ...core, ...(sabotage === 'ids-forgotten' && life.number > 1 ? { seenMax: 5 } : {}) })
  const goneOn = await goOnFromCheckpoint({
    files, stream: stream.created, firstSeq, storedOf, engineOf,
    onPassed: ({ name, reason, detail }) => {
      world.count('checkpoints refused')
      if (['ahead of the store', 'behind the stream', 'rules not accepted', 'state unreadable'].includes(reason)) world.fail(`${name} is passed over, ${reason}: ${detail}`)
    },
  })
  const stored = await storedOf(stream.created)
  if (goneOn) {
    world.count('lives that begin at a checkpoint')
    world.trace(`life ${life.number} goes on at ${goneOn.position}, the store is at ${stored}`)
    return { ...goneOn, files, stored }
  }
  if (firstSeq > 1) world.fail(`life ${life.number} finds no checkpoint, and the stream begins at ${firstSeq}`)
  world.count('lives that begin at the first message')
  return { engine: engineOf({ rules: parsedRules(rules), rulesSeq: 0 }), files, stored, position: 0, lastInsert: 0, rulesSeq: 0, rulesText: rules }
}
