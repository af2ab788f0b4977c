// Where a life of the engine begins: at the newest checkpoint that can be used, or at the first message, with what the store holds already.
import { mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import { IdHash } from '../../src/core/1-decode/hash.ts'
import { Engine } from '../../src/core/engine.ts'
import { CheckpointFiles } from '../../src/io/checkpoint/checkpoint-files.ts'
import { goOnFromCheckpoint } from '../../src/pipeline/checkpoint-start.ts'
import type { Surroundings } from './life.ts'
import { readColumns } from './native-columns.ts'
import { parsedRules } from './parsed-rules.ts'
import type { SimStore } from './sim-store.ts'
import type { Life } from './world.ts'

export const checkpointFolder = '/checkpoints'

export interface Beginning {
  readonly engine: Engine
  readonly files: CheckpointFiles
  readonly position: number
  readonly stored: number // the newest position in the store
  readonly lastInsert: number
  readonly rulesSeq: number
  readonly rulesText: string
}

/** What a recreated stream began with: the state of the one before at a checkpoint, and the ids that were stored behind it. */
export interface Origin { readonly seq: number; readonly ids: readonly string[] }

export async function begin(life: Life, { world, stream, store, disk, rules, core, origins, checkpointsKept, sabotage }: Surroundings): Promise<Beginning> {
  const { files, refused } = await CheckpointFiles.open({ disk: disk.of(life), folder: checkpointFolder, kept: checkpointsKept, onUntidy: () => world.count('checkpoint files that stayed') })
  for (const { name, refused: why } of refused) {
    world.count('checkpoints refused')
    world.trace(`${name} is refused: ${why.reason}`)
  }
  const storedOf = (of: number): Promise<number> => store.ask(life, 'newest position', () => store.position(of))
  const { firstSeq } = await stream.state(life)
  const engineOf = (inForce: { readonly rules: ReturnType<typeof parsedRules>; readonly rulesSeq: number }): Engine => new Engine({ ...inForce, stream: life.stream, ...core, ...(sabotage === 'ids-forgotten' && life.number > 1 ? { seenMax: 5 } : {}) })
  const goneOn = await goOnFromCheckpoint({
    files, stream: life.stream, firstSeq, storedOf, engineOf,
    onPassed: ({ name, reason, detail }) => {
      world.count('checkpoints refused')
      if (['ahead of the store', 'behind the stream', 'rules not accepted', 'state unreadable'].includes(reason)) world.fail(`${name} is passed over, ${reason}: ${detail}`)
    },
  })
  const stored = await storedOf(life.stream)
  if (goneOn) {
    if (goneOn.isOtherStream) {
      const { stream: before, seq } = goneOn.kept.header
      const ids = await store.ask(life, 'ids behind the checkpoint', () => idsBehind(store, before, seq))
      for (const id of ids) know(goneOn.engine, id)
      origins.set(life.stream, { seq, ids })
      world.count('lives that begin a recreated stream')
      if (sabotage === 'recreated-forgotten') return { ...goneOn, engine: engineOf(goneOn), files, stored }
    }
    world.count('lives that begin at a checkpoint')
    world.trace(`life ${life.number} goes on at ${goneOn.position}, the store is at ${stored}`)
    return { ...goneOn, files, stored }
  }
  if (firstSeq > 1) world.fail(`life ${life.number} finds no checkpoint, and the stream begins at ${firstSeq}`)
  world.count('lives that begin at the first message')
  return { engine: engineOf({ rules: parsedRules(rules), rulesSeq: 0 }), files, stored, position: 0, lastInsert: 0, rulesSeq: 0, rulesText: rules }
}

function idsBehind(store: SimStore, ofStream: number, behind: number): string[] {
  return store.inserts('mentions').filter(({ stream }) => stream === ofStream).flatMap(({ bytes }) => {
    const { id: ids, seq } = readColumns(mentionColumns, bytes, new Set(['id', 'seq']))
    return (ids as string[]).filter((_, row) => (seq![row] as number) > behind)
  })
}

const hash = new IdHash()

/** As the product makes an id known that it reads back from the store. */
export function know(engine: Engine, id: string): void {
  hash.ofText(id)
  engine.know(hash.low, hash.high)
}
