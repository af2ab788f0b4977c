// Carries effects out: what goes to the store joins the insert, what leaves the process is sent at once and waited for before the position
// moves, what needs stored rows runs after the insert. Each has a deterministic id: doing it again is harmless.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { AlertEvent, SilenceEvent, SpikeEvent } from '@groundswell/schemas/spike.ts'
import { subjects } from '@groundswell/schemas/subjects.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Effect } from '../core/input.ts'
import { rowOfAction } from '../io/clickhouse/action-rows.ts'
import { rowOfCascade } from '../io/clickhouse/cascade-rows.ts'
import { rowOfAlert, rowOfSpike } from '../io/clickhouse/spike-rows.ts'
import type { CarryOut } from '../loop.ts'
import type { InputStream } from '../ports.ts'
import type { RulesApplied } from './rules-in-force.ts'

export interface CarryOutOptions {
  readonly stream: Pick<InputStream, 'announce' | 'created'>
  /** Resolves when the alert is safe on disk. */
  readonly enqueue: (event: AlertEvent, row: AlertRow, muted: boolean) => Promise<void>
  readonly onEvent: (event: SpikeEvent) => void
  readonly onSilence?: (event: SilenceEvent) => void
  readonly onRules: (rules: RulesApplied) => void
  readonly onRefused: (reason: string) => void
  readonly fill: (effect: Extract<Effect, { kind: 'fill' }>) => () => void // what to run once the rows before it are stored
  readonly forget: (effect: Extract<Effect, { kind: 'forget' }>) => () => Promise<void> // repeatable
  readonly signal: AbortSignal
  readonly onAnnounceFailed: (error: Error) => void
  readonly clock?: Clock
}

export function createCarryOut(options: CarryOutOptions): CarryOut {
  return (effect, gather, at) => {
    switch (effect.kind) {
      case 'event':
        gather.row('spikes', rowOfSpike(effect.event))
        gather.wait(begun(() => announce(effect.event, options)))
        options.onEvent(effect.event)
        return
      case 'alert': {
        gather.row('alerts', { ...rowOfAlert(effect.row) })
        gather.wait(begun(() => options.enqueue(effect.event, effect.row, effect.muted === true)))
        if (effect.event.kind === 'blind' || effect.event.kind === 'seen') options.onSilence?.(effect.event)
        return
      }
      case 'action': return gather.row('actions', rowOfAction(effect, options.stream.created))
      case 'cascade': return gather.row('cascades', rowOfCascade(effect))
      case 'rules':
        gather.row('rules', { stream: options.stream.created, seq: effect.seq, text: effect.text, by: effect.by ?? '', appliedAt: new Date(at).toISOString() })
        options.onRules({ ...effect, at })
        return
      case 'rules-refused': return options.onRefused(effect.reason)
      case 'fill': return gather.after(options.fill(effect))
      case 'forget': return gather.step(options.forget(effect))
      default: effect satisfies never
    }
  }
}

/** Begins at once; whoever asks is answered by the last try, and after a failed one the next is begun for whoever asks again. */
function begun(run: () => Promise<void>): () => Promise<void> {
  const start = (): Promise<void> => {
    const trying = run()
    trying.catch(() => undefined) // met by whoever asks, not by the process
    return trying
  }
  let current = start()
  return async () => {
    try {
      await current
    } catch (error) {
      current = start()
      throw error
    }
  }
}

/** Tries until the output stream has it; given up only when the engine stops, and then the position does not move. */
async function announce(event: SpikeEvent, { stream, signal, onAnnounceFailed, clock = systemClock }: CarryOutOptions): Promise<void> {
  const data = new TextEncoder().encode(JSON.stringify(event))
  for (let waitMs = 250; ; waitMs = Math.min(2 * waitMs, 5000)) {
    try {
      return await stream.announce(subjects.spike(event.topic), data, event.id)
    } catch (error) {
      onAnnounceFailed(error as Error)
      await clock.sleep(waitMs, signal)
      if (signal.aborted) throw error
    }
  }
}
