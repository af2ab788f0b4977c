// Metrics of what keeps the answer the same through crashes and outages: checkpoints, replaced workers, restarted parts, canaries, silence.
import { Counter, Histogram, type Registry } from 'prom-client'

export type CanaryStage = 'applied' | 'stored' | 'shown' // by the core · by the store · in a frame of the wall

export interface DurabilityMetrics {
  /** `pauseSeconds`: how long the pipeline waited while memory was copied. */
  checkpointTaken(checkpoint: { readonly bytes: number; readonly pauseSeconds: number }): void
  checkpointFailed(): void
  /** A file that could not be used at a start. */
  checkpointRefused(): void
  /** A worker that crashed, or that was ended because a batch took too long. */
  workerReplaced(why: 'crashed' | 'hung'): void
  /** Mentions that crash or hang whatever worker takes them: now dead letters. */
  poisoned(mentions: number): void
  partRestarted(part: 'store' | 'nats'): void
  canaryPassed(stage: CanaryStage, seconds: number): void
  canaryLost(): void
  sourceChanged(to: 'blind' | 'seen'): void
  /** A picture of the walls for their replay. */
  pictureKept(outcome: 'kept' | 'lost'): void
  deadLettersReplayed(outcome: 'sent' | 'refused', letters: number): void
}

export function durabilityCounters(registry: Registry): DurabilityMetrics {
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) => new Counter<Label>({ name, help, labelNames, registers: [registry] })
  const taken = counter('groundswell_checkpoints_total', 'Checkpoints that were taken')
  const pause = new Histogram({ name: 'groundswell_checkpoint_pause_seconds', help: 'How long the pipeline waited for a checkpoint', buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25], registers: [registry] })
  const bytes = new Histogram({ name: 'groundswell_checkpoint_size_bytes', help: 'Size of checkpoints, segments of ids left out', buckets: [1e4, 1e5, 1e6, 1e7, 1e8], registers: [registry] })
  const failed = counter('groundswell_checkpoint_failures_total', 'Checkpoints that could not be written')
  const refused = counter('groundswell_checkpoints_refused_total', 'Checkpoints that could not be used at a start')
  const replaced = counter('groundswell_workers_replaced_total', 'Workers that were replaced', 'why')
  const poison = counter('groundswell_poison_mentions_total', 'Mentions that no worker survives; they are dead letters')
  const restarted = counter('groundswell_part_restarts_total', 'Embedded servers that ended and were started again', 'part')
  const canary = new Histogram({ name: 'groundswell_canary_stage_seconds', help: 'Time of test mentions from their publishing to a stage', labelNames: ['stage'], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60], registers: [registry] })
  const lost = counter('groundswell_canaries_late_total', 'Test mentions that did not come through in time')
  const sources = counter('groundswell_source_changes_total', 'Sources that went blind or were seen again', 'to')
  const letters = counter('groundswell_dead_letters_replayed_total', 'Dead letters that were sent again', 'outcome')
  const pictures = counter('groundswell_pictures_total', 'Pictures of the walls that were kept for their replay, or lost', 'outcome')
  for (const outcome of ['kept', 'lost'] as const) pictures.inc({ outcome }, 0)
  for (const why of ['crashed', 'hung'] as const) replaced.inc({ why }, 0)
  for (const part of ['store', 'nats'] as const) restarted.inc({ part }, 0)
  for (const to of ['blind', 'seen'] as const) sources.inc({ to }, 0)
  return {
    checkpointTaken: (checkpoint) => { taken.inc(); pause.observe(checkpoint.pauseSeconds); bytes.observe(checkpoint.bytes) },
    checkpointFailed: () => failed.inc(),
    checkpointRefused: () => refused.inc(),
    workerReplaced: (why) => replaced.inc({ why }),
    poisoned: (mentions) => poison.inc(mentions),
    partRestarted: (part) => restarted.inc({ part }),
    canaryPassed: (stage, seconds) => canary.observe({ stage }, seconds),
    canaryLost: () => lost.inc(),
    sourceChanged: (to) => sources.inc({ to }),
    pictureKept: (outcome) => pictures.inc({ outcome }),
    deadLettersReplayed: (outcome, count) => letters.inc({ outcome }, count),
  }
}
