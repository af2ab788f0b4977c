// What is fuzzed: inputs made from a seed, and a check that throws where the code under test breaks a promise.
import fc from 'fast-check'

export interface Target<Input = unknown> {
  readonly name: string
  readonly share: number // of all inputs of a run
  readonly promise: string // what `check` holds the code to, in one line
  readonly inputs: fc.Arbitrary<Input>
  check(input: Input): void | Promise<void>
}

export interface Edit { readonly at: number; readonly remove: number; readonly insert: Uint8Array } // at: 0 … 1, a share of the length

/** Changes that keep most of what they are applied to: some bytes out, others or a snippet of the format's own in. */
export function edits(snippets: readonly string[], most = 4): fc.Arbitrary<Edit[]> {
  return fc.array(fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat(6),
    insert: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...snippets).map((text) => new Uint8Array(Buffer.from(text))) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }) }),
  }), { maxLength: most })
}

export function edited(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  return changes.reduce<Uint8Array>((all, { at, remove, insert }) => {
    const from = Math.floor(at * all.length)
    return new Uint8Array(Buffer.concat([all.subarray(0, from), insert, all.subarray(from + remove)]))
  }, bytes)
}

/** Throws with what was expected; shorter and faster than a test framework's, for a million checks. */
export function promised(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Error(what())
}
