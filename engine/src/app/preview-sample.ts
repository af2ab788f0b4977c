// The sample that previews look at: the newest stored mentions of a day, read from the store now and then and kept by the thread that runs the queries.
import { rulesDeskLimits } from '@groundswell/schemas/rules-desk.ts'
import { newestMentions, newestStored, storedMinutes, type DeskSpan, type StoredMinute } from '../io/clickhouse/desk-mentions.ts'
import type { RulesThread } from '../io/rules-thread/rules-thread.ts'
import type { Store } from '../ports.ts'
import type { Preview, PreviewQuestion } from '../query-preview.ts'

export interface PreviewSampleParts {
  readonly reader: Pick<Store, 'query' | 'queryChunks'>
  readonly clock: () => number | null // event clock, seconds
  readonly thread: Pick<RulesThread, 'run'>
  readonly now: () => number // ms, never steps back
}

const freshMs = 30_000
const bytesMax = 64 << 20 // of what was said at length fewer are looked at, and the answer says how many
const daySeconds = 86_400

export class PreviewSample {
  readonly #parts: PreviewSampleParts
  #id = 0
  #readAt = -Infinity
  #reading: Promise<void> | null = null

  constructor(parts: PreviewSampleParts) { this.#parts = parts }

  async preview(question: PreviewQuestion): Promise<Preview> {
    if (this.#parts.now() - this.#readAt > freshMs) await this.#read()
    for (;;) {
      const preview = await this.#parts.thread.run<'preview'>({ kind: 'preview', question, sample: this.#id })
      if (preview !== null) return preview
      await this.#read() // the thread had ended meanwhile
    }
  }

  #read(): Promise<void> { return this.#reading ??= this.#readNow().finally(() => { this.#reading = null }) }

  async #readNow(): Promise<void> {
    const { reader, thread, now } = this.#parts
    const span = await this.#span()
    const lines: Uint8Array<ArrayBuffer>[] = []
    let bytes = 0
    if (span !== null) {
      for await (const chunk of newestMentions(reader, span, rulesDeskLimits.previewLookedMax)) {
        if (bytes + chunk.length > bytesMax) break
        bytes += chunk.length
        lines.push(new Uint8Array(chunk)) // a copy: what is read is a view of something larger
      }
    }
    const id = this.#id + 1
    await thread.run<'sample'>({ kind: 'sample', id, lines })
    this.#id = id
    this.#readAt = now()
  }

  /** That of the last day by the event clock; where it holds nothing, of the day that ends with what is stored last. */
  async #span(): Promise<DeskSpan | null> {
    const { reader, clock } = this.#parts
    const now = clock()
    const recent = now === null ? [] : await storedMinutes(reader, { from: now + 1 - daySeconds, to: now + 1 })
    if (recent.length > 0) return newestOf(recent)
    const newest = await newestStored(reader)
    return newest === null ? null : newestOf(await storedMinutes(reader, { from: newest + 1 - daySeconds, to: newest + 1 }))
  }
}

/** From the newest back, whole minutes, until there are as many as are looked at: no more is read than is shown. */
function newestOf(minutes: readonly StoredMinute[]): DeskSpan | null {
  let left = rulesDeskLimits.previewLookedMax as number
  let from = Infinity
  for (const { minute, mentions } of minutes.toReversed()) {
    from = minute * 60
    left -= mentions
    if (left <= 0) break
  }
  return from === Infinity ? null : { from, to: (minutes.at(-1)!.minute + 1) * 60 }
}
