// The outbox of the simulated world: durable by itself, and it remembers what it was given.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { AlertEvent } from '@groundswell/schemas/spike.ts'
import type { Life, World } from './world.ts'

interface Given { readonly event: AlertEvent; readonly row: AlertRow; readonly muted?: boolean | undefined }

export class SimOutbox {
  readonly given: { readonly key: string; readonly version: number }[] = []
  readonly #world: World

  constructor(world: World) { this.#world = world }

  enqueue(life: Life, { event, row, muted }: Given): Promise<void> {
    return this.#world.call(life, {
      port: 'outbox', name: `enqueue ${event.id}`, error: (reason) => new Error(reason),
      effect: () => { this.given.push({ key: alertKey({ event, row, muted }), version: this.#world.version }) },
    })
  }
}

export const alertKey = ({ event, row, muted }: Given): string => `${event.id} ${event.grade} ${row.id} ${String(row.clearedAt)}${muted === true ? ' muted' : ''}`
