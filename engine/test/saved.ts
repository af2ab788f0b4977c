// Saving a part of the core and loading it into a fresh one, for tests.
import { StateReader, StateWriter } from '../src/core/state.ts'

export function savedBytes(part: { save(out: StateWriter): void }): Uint8Array<ArrayBuffer> {
  const out = new StateWriter()
  part.save(out)
  return out.written.slice()
}

/** Reads all of `bytes` with `load`; throws where something is left over. */
export function loadAll(bytes: Uint8Array, load: (from: StateReader) => void): void {
  const from = new StateReader(bytes)
  load(from)
  if (!from.done) throw new Error('not all that was saved was loaded')
}

/** `fresh` with the state of `part`, loaded and saved back to the same bytes. */
export function reloaded<Part extends { save(out: StateWriter): void; load(from: StateReader, at: number): void }>(part: Part, fresh: Part, at = 0): Part {
  const bytes = savedBytes(part)
  loadAll(bytes, (from) => fresh.load(from, at))
  if (Buffer.compare(savedBytes(fresh), bytes) !== 0) throw new Error('what was loaded is saved as other bytes')
  return fresh
}
