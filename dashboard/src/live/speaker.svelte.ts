// The loudspeaker of the wall, as one reactive object with a lifetime: it plays tones, and says when the browser does not let it (W35).
import { lastsSeconds, type Tone } from '../room/tones.ts'

const patienceMs = 3_000 // for the browser to let it: to open a sound device takes a while
const lateMs = 10_000 // and on a busy machine a long while: a tone that comes so late is still heard
const sleepsAfterMs = 5_000
const loudness = 0.35
const rampSeconds = 0.012 // a tone that begins at once cracks

export class Speaker {
  readonly #context: AudioContext | null
  #blocked = $state(false)
  #playsUntil = 0 // seconds of the context
  readonly #retry = (): void => void this.#wake()

  constructor() {
    this.#context = contextOf()
    this.#context?.addEventListener('statechange', () => {
      if (this.#context?.state !== 'running') return
      this.#blocked = false
      setTimeout(() => this.#sleep(), sleepsAfterMs)
    })
    // A browser lets a page be heard once somebody has touched it.
    for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, this.#retry)
    void this.#wake()
  }

  /** True where the browser does not let the wall be heard: the room has to know before it matters. */
  get blocked(): boolean { return this.#blocked }

  /** Nothing is heard later: a tone that comes while the wall says that it is blocked is not made up for. */
  async play(tones: readonly Tone[]): Promise<void> {
    const context = this.#context
    if (context === null || tones.length === 0) return
    const wasBlocked = this.#blocked
    if (!await this.#wake() && !wasBlocked) await Promise.race([context.resume().catch(() => undefined), rest(lateMs - patienceMs)])
    if (wasBlocked || !isRunning(context)) return
    const begin = context.currentTime + 0.05
    this.#playsUntil = Math.max(this.#playsUntil, begin + lastsSeconds(tones))
    for (const { at, hertz, seconds } of tones) sound(context, { at: begin + at, hertz, seconds })
  }

  close(): void {
    for (const kind of ['pointerdown', 'keydown'] as const) removeEventListener(kind, this.#retry)
    void this.#context?.close()
  }

  /** Whether it can be heard now. A context that plays nothing is put to sleep, for it costs time even so. */
  async #wake(): Promise<boolean> {
    const context = this.#context
    if (context === null || context.state === 'closed') {
      this.#blocked = context === null
      return false
    }
    if (context.state === 'running') return true
    await Promise.race([context.resume().catch(() => undefined), rest(patienceMs)])
    this.#blocked = !isRunning(context)
    return !this.#blocked
  }

  #sleep(): void {
    if (this.#context?.state !== 'running') return
    if (this.#context.currentTime > this.#playsUntil) void this.#context.suspend()
    else setTimeout(() => this.#sleep(), sleepsAfterMs)
  }
}

const rest = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms) })

/** It may have changed while it was awaited, which the compiler cannot know. */
const isRunning = (context: AudioContext): boolean => context.state === 'running'

function contextOf(): AudioContext | null {
  try {
    return new AudioContext()
  } catch {
    return null // a machine without sound: told as blocked
  }
}

function sound(context: AudioContext, { at, hertz, seconds }: Tone): void {
  const gain = context.createGain()
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(loudness, at + rampSeconds)
  gain.gain.setValueAtTime(loudness, at + seconds - rampSeconds)
  gain.gain.linearRampToValueAtTime(0, at + seconds)
  const oscillator = context.createOscillator()
  oscillator.frequency.value = hertz
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(at)
  oscillator.stop(at + seconds)
}
