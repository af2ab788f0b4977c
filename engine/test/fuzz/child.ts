// One target in a process of its own: runs chunk after chunk, each of its own seed, and notes before every input which one it is, so that
// the parent knows what it was at when it hangs or dies. A line of JSON a chunk on stdout.
import { openSync, writeSync } from 'node:fs'
import fc from 'fast-check'
import { targetNamed } from './targets.ts'

export interface Chunk { readonly seed: number; readonly inputs: number; readonly failure?: { readonly path: string; readonly input: string; readonly message: string } }

const shownMax = 2000
const [name = '', seedText, inputsText, chunkText, noteFile = '', path] = process.argv.slice(2)
const target = targetNamed(name)
if (!target) throw new Error(`"${name}" is not fuzzed: see targets.ts`)
const inputs = Number(inputsText)
const chunkOf = Number(chunkText)
const note = new Int32Array(3) // seed of the chunk, which input of it, how many checks in all
const noteBytes = new Uint8Array(note.buffer)
const file = openSync(noteFile, 'w')

for (let from = 0, seed = Number(seedText); from < inputs; from += chunkOf, seed++) {
  const chunk = await run(seed, Math.min(chunkOf, inputs - from))
  process.stdout.write(`${JSON.stringify(chunk)}\n`)
  if (chunk.failure) break
}

async function run(seed: number, runs: number): Promise<Chunk> {
  note[0] = seed
  note[1] = -1
  const property = fc.asyncProperty(target!.inputs, async (input) => {
    note[1]!++
    note[2]!++
    writeSync(file, noteBytes, 0, noteBytes.length, 0)
    await target!.check(input)
  })
  const details = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path, endOnFailure: true }) })
  if (!details.failed) return { seed, inputs: details.numRuns }
  const error = details.errorInstance instanceof Error ? details.errorInstance.stack ?? details.errorInstance.message : String(details.errorInstance)
  return { seed, inputs: details.numRuns, failure: { path: details.counterexamplePath ?? '', input: fc.stringify(details.counterexample?.[0]).slice(0, shownMax), message: error.slice(0, shownMax) } }
}
