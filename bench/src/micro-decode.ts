// Micro benchmark of the hot path on one core: bytes to typed arrays and Native block, and the duplicate filter. Seeded; the matcher
// and the scorer do nothing, they have a benchmark of their own. `node bench/src/micro-decode.ts` prints one JSON object.
import { SeenIds } from '../../engine/src/core/1-decode/seen-ids.ts'
import { createEnricher } from '../../engine/src/core/2-enrich/enrich.ts'
import type { RawBatch } from '../../engine/src/core/batch.ts'

const batchMentions = 3000
const mentionsPerMessage = 50
const rounds = 300

/** Numerical Recipes' linear congruential generator: the same mentions on every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

function mentionLine(n: number, chance: () => number): string {
  const han = Array.from({ length: 38 + Math.floor(chance() * 24) }, () => String.fromCharCode(0x4e00 + Math.floor(chance() * 0x2000))).join('')
  const parent = chance() < 0.6 ? { parent: `weibo:${4_345_000_000 + Math.floor(chance() * n)}`, root: `weibo:${4_345_000_000}` } : {}
  return JSON.stringify({
    id: `weibo:${4_345_000_000 + n}`, ts: 1_434_384_764_000 + n, platform: 'weibo', kind: 'parent' in parent ? 'repost' : 'post', author: `u${Math.floor(chance() * 1e6)}`,
    followers: Math.floor(chance() * 1e5), ...parent, lang: 'zh', likes: Math.floor(chance() * 100), text: `${han} 5G network`,
  })
}

function batchOf(lines: readonly string[]): RawBatch {
  const messages: Buffer[] = []
  for (let i = 0; i < lines.length; i += mentionsPerMessage) messages.push(Buffer.from(lines.slice(i, i + mentionsPerMessage).join('\n')))
  let end = 0
  return {
    bytes: new Uint8Array(Buffer.concat(messages)),
    ends: Uint32Array.from(messages, (message) => (end += message.length)),
    seqs: Float64Array.from(messages, (_, i) => i + 1),
    times: Float64Array.from(messages, () => 1_434_384_765_000),
    platforms: messages.map(() => 'weibo'),
    stream: 1_434_384_000_000,
    skewCheck: true,
  }
}

/** CPU time of this process in ms: others may share the machine. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Mean CPU time over the batches after warming up, and the best wall time: what the code takes when nothing is in its way. */
function measureEnrich(batch: RawBatch): object {
  const enrich = createEnricher({ matcher: { topics: [], match: (_view, _out, at) => at }, scorer: { score: () => 0 }, rulesSeq: 1 })
  const times: number[] = []
  let cpuStart = 0
  for (let round = 0; round < rounds; round++) {
    if (round === rounds / 3) cpuStart = cpuMs()
    const start = performance.now()
    const { rows } = enrich(batch)
    times.push(performance.now() - start)
    if (rows !== batchMentions) throw new Error(`${rows} of ${batchMentions} mentions came through`)
  }
  const warm = times.slice(rounds / 3)
  const mean = (cpuMs() - cpuStart) / warm.length
  return {
    bytesPerMention: Math.round(batch.bytes.length / batchMentions),
    mentionsPerCpuSecond: Math.round((batchMentions / mean) * 1000),
    cpuMicrosecondsPerMention: Number(((mean / batchMentions) * 1000).toFixed(3)),
    bestMicroseconds: Number(((Math.min(...warm) / batchMentions) * 1000).toFixed(3)),
  }
}

function measureSeenIds(ids: number): object {
  const seen = new SeenIds()
  const chance = seeded(7)
  let longestMs = 0
  const start = cpuMs()
  for (let done = 0; done < ids; done += 10_000) {
    const before = performance.now()
    for (let i = 0; i < 10_000; i++) seen.add(Math.floor(chance() * 2 ** 32), Math.floor(chance() * 2 ** 32))
    longestMs = Math.max(longestMs, performance.now() - before)
  }
  const fill = ((cpuMs() - start) / ids) * 1e6
  const from = cpuMs()
  for (let i = 0; i < 500_000; i++) seen.add(Math.floor(chance() * 2 ** 32), Math.floor(chance() * 2 ** 32))
  const nanoseconds = ((cpuMs() - from) / 500_000) * 1e6
  return { ids, cpuNanosecondsPerAddWhileFilling: Math.round(fill), cpuNanosecondsPerAddWhenFilled: Math.round(nanoseconds), longest10kAddsMs: Number(longestMs.toFixed(1)), megabytes: Math.round(seen.bytes / 1e6) }
}

const chance = seeded(42)
const lines = Array.from({ length: batchMentions }, (_, n) => mentionLine(n, chance))
const escaped = lines.map((line) => line.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`))
console.log(JSON.stringify({ plain: measureEnrich(batchOf(lines)), escaped: measureEnrich(batchOf(escaped)), seenIds: [1_000_000, 20_000_000].map(measureSeenIds) }, null, 2))
