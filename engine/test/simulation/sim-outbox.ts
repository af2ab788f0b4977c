// The outbox of the simulated world: durable by itself, and it remembers what it was given.
import type { AlertRow } from '@groundswell/schemas/live.ts'
import type { AlertEvent } from '@groundswell/schemas/spike.ts'
import type { Life, World } from './world.ts'

export class SimOutbox {
  readonly given: { readonly key: string; readonly version: number }[] = []
  readonly #world: World

  constructor(world: World) { this.#world = world }

  enqueue(life: Life, event: AlertEvent, row: AlertRow): Promise<void> {
    return this.#world.call(life, {
      port: 'outbox', name: `enqueue ${event.id}`, error: (reason) => new Error(reason),
      effect: () => { this.given.push({ key: alertKey(event, row), version: this.#world.version }) },
    })
  }
}

export const alertKey = (event: AlertEvent, row: AlertRow): string => `${event.id} ${event.grade} ${row.id} ${String(row.clearedAt)}`
