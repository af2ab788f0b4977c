// Where a life of the engine begins: at the newest checkpoint that can be used, or at the first message, with what the store holds already.
import { Engine } from '../../src/core/engine.ts'
import { CheckpointFiles } from '../../src/io/checkpoint/checkpoint-files.ts'
import { goOnFromCheckpoint } from '../../src/pipeline/checkpoint-start.ts'
import type { Surroundings } from './life.ts'
import { parsedRules } from './parsed-rules.ts'
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

export async function begin(life: Life, { world, stream, store, disk, rules, core, checkpointsKept, sabotage }: Surroundings): Promise<Beginning> {
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
