// The loudspeaker of the wall, against a sound device that opens when a test says so.
import { beforeEach, expect, test, vi } from 'vitest'
import type { Tone } from '../room/tones.ts'
import { Speaker } from './speaker.svelte.ts'

const tones: readonly Tone[] = [{ at: 0, hertz: 880, seconds: 0.2 }, { at: 0.3, hertz: 660, seconds: 0.2 }]
let heard: number[] = []
let devices: Device[] = []
let touch: () => void = () => undefined

/** A sound device that opens when the test says so. */
class Device {
  state: AudioContextState = 'suspended'
  readonly currentTime = 0
  readonly destination = {}
  #changed: () => void = () => undefined
  #opened = Promise.withResolvers<void>()

  constructor() { devices.push(this) }
  addEventListener(_kind: string, changed: () => void): void { this.#changed = changed }
  resume(): Promise<void> { return this.#opened.promise }
  opens(): void {
    this.state = 'running'
    this.#changed()
    this.#opened.resolve()
  }
  suspend(): void { this.state = 'suspended' }
  createGain() { return { gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }, connect: () => undefined } }
  createOscillator() {
    const frequency = { value: 0 }
    return { frequency, connect: () => ({ connect: () => undefined }), start: () => { heard.push(frequency.value) }, stop: () => undefined }
  }
}

beforeEach(() => {
  heard = []
  devices = []
  vi.useFakeTimers()
  vi.stubGlobal('$state', <T>(value: T): T => value) // nobody looks on
  vi.stubGlobal('AudioContext', Device)
  vi.stubGlobal('addEventListener', (_kind: string, heardOf: () => void) => { touch = heardOf })
  return () => { vi.useRealTimers(); vi.unstubAllGlobals() }
})
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

test('a tone is heard although the device takes four seconds to open', async () => {
  const speaker = new Speaker()
  void speaker.play(tones)
  await pass(4_000)
  expect([speaker.blocked, heard]).toEqual([true, []])
  devices[0]!.opens()
  await pass(0)
  expect([speaker.blocked, heard]).toEqual([false, [880, 660]])
})

test('a tone that comes while sound is blocked is not made up for, however soon somebody touches the wall', async () => {
  const speaker = new Speaker()
  await pass(3_000)
  expect(speaker.blocked).toBe(true)
  void speaker.play(tones)
  await pass(500)
  touch()
  devices[0]!.opens()
  await pass(12_000)
  expect([speaker.blocked, heard]).toEqual([false, []])
  void speaker.play(tones)
  await pass(0)
  expect(heard).toEqual([880, 660])
})

test('a tone that no device opens for is not heard a minute later', async () => {
  const speaker = new Speaker()
  void speaker.play(tones)
  await pass(60_000)
  devices[0]!.opens()
  await pass(1_000)
  expect(heard).toEqual([])
})
