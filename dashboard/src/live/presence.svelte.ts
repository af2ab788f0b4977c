// Whether somebody is at this screen, as one reactive object with a lifetime: for ten seconds after a pointer really moved or a key was pressed.
const staysMs = 10_000
const kinds = ['pointermove', 'pointerdown', 'keydown'] as const

export class Presence {
  #attended = $state(false)
  #timer: ReturnType<typeof setTimeout> | null = null
  #at = { x: Number.NaN, y: Number.NaN }

  constructor() { for (const kind of kinds) addEventListener(kind, this.#notice) }

  get attended(): boolean { return this.#attended }

  close(): void {
    for (const kind of kinds) removeEventListener(kind, this.#notice)
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  /** What moves under a pointer that lies still is no pointer that moves; nor is the first place that is told of it. */
  readonly #notice = (event: Event): void => {
    if (event instanceof PointerEvent && event.type === 'pointermove') {
      const { x, y } = this.#at
      this.#at = { x: event.screenX, y: event.screenY }
      if (Number.isNaN(x) || (x === event.screenX && y === event.screenY)) return
    }
    this.#attended = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => { this.#attended = false }, staysMs)
  }
}
