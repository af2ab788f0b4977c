// The piscina entry: bytes in, typed arrays and ready rows out, both transferred. All its logic is in core/.
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { createEnricher, transferables } from './core/2-enrich/enrich.ts'
import type { EnrichTask } from './io/pool/slot.ts'
import { compileRules } from './pipeline/compile-rules.ts'

let enricher: ReturnType<typeof createEnricher> | undefined
let rulesSeq = -1

export default function enrich(task: EnrichTask): object {
  if (!enricher || task.rulesSeq !== rulesSeq) {
    enricher = compileRules(new TextDecoder().decode(new Uint8Array(task.rulesText).slice()), task.rulesSeq)
    rulesSeq = task.rulesSeq
  }
  const { raw } = task
  Atomics.store(task.began, 0, 1)
  const began = performance.now()
  const bytes = raw.bytes.byteLength
  const used = enricher
  enricher = undefined // what threw half-way may have left anything in its workspace
  const enriched = used(raw)
  enricher = used
  const batch = { ...enriched, work: { bytes, seconds: (performance.now() - began) / 1000 } }
  // A getter object that piscina knows: what is posted is the batch, what is transferred are its buffers.
  return move({ [transferableSymbol]: transferables(batch), [valueSymbol]: batch } as unknown as Parameters<typeof move>[0]) as object
}
