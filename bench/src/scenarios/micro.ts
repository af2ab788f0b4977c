// The stages of the hot path alone, each on one core over the same seeded mentions: nanoseconds a mention, median of the rounds.
import { SeenIds } from '@groundswell/engine/src/core/1-decode/seen-ids.ts'
import { MentionScanner, scanned } from '@groundswell/engine/src/core/1-decode/scan-mention.ts'
import { parseRules } from '@groundswell/engine/src/core/2-enrich/rules-file.ts'
import { compileMatcher } from '@groundswell/engine/src/core/2-enrich/matcher/compile.ts'
import { SliceWheel } from '@groundswell/engine/src/core/3-measure/slice-wheel.ts'
import type { RawBatch } from '@groundswell/engine/src/core/batch.ts'
import { compileRules } from '@groundswell/engine/src/pipeline/compile-rules.ts'
import { measureCheckpoint } from '../micro-checkpoint.ts'
import { generateTraffic, trafficShape } from '../generate.ts'
import type { Traffic } from '../generate.ts'
import { quantile } from '../results.ts'

export interface MicroOptions { readonly escaped: boolean }

const messagesPerBatch = 56 // about 1 MiB, as the loop cuts them
const batches = 12
const roundMs = 1500 // per stage

export function micro({ escaped }: MicroOptions): Record<string, unknown> {
  const traffic = generateTraffic({ seed: 3, messages: messagesPerBatch * batches, escaped })
  const raws = Array.from({ length: batches }, (_, index) => batchOf(traffic, index))
  const perBatch = messagesPerBatch * trafficShape.mentionsPerMessage
  const parsed = parseRules(traffic.rules)
  if (!parsed.ok) throw new Error(`the bench's own rules are refused: ${parsed.problems[0]?.message ?? ''}`)
  const matcher = compileMatcher(parsed.rules)
  const enrich = compileRules(traffic.rules, 0)
  const out = new Uint16Array(64)
  let matches = 0
  const stages = {
    decode: measure(perBatch, (round) => { scanAll(raws[round % batches]!, () => undefined) }),
    'decode and match': measure(perBatch, (round) => { scanAll(raws[round % batches]!, (scanner) => { matches += matcher.match(scanner.view, out, 0) }) }),
    'enrich (decode, match, sentiment, native rows)': measure(perBatch, (round) => { enrich(raws[round % batches]!) }),
    'seen ids (50 M)': measureSeenIds(perBatch),
    'window of one topic': measureWindows(perBatch),
  }
  return { bytesPerMention: Math.round(traffic.bytesPerMention), topicsMatched: matches > 0, nanosPerMention: stages, perSecondPerCore: Object.fromEntries(Object.entries(stages).map(([name, nanos]) => [name, Math.round(1e9 / nanos)])),
    checkpoint: measureCheckpoint({ topics: 10_000, mentions: 1_000_000 }) }
}

/** Runs one round again and again for a while; the first tenth is warm-up. */
function measure(mentions: number, round: (round: number) => void): number {
  const nanos: number[] = []
  const began = performance.now()
  for (let n = 0; performance.now() - began < roundMs; n++) {
    const start = performance.now()
    round(n)
    nanos.push(((performance.now() - start) * 1e6) / mentions)
  }
  return Math.round(quantile(nanos.slice(Math.floor(nanos.length / 10)), 0.5))
}

function scanAll(raw: RawBatch, each: (scanner: MentionScanner) => void): void {
  const scanner = scanAll.scanner
  const { workspace } = scanAll
  const scratch = raw.bytes.length + 8
  if (workspace.length < 3 * raw.bytes.length + 2048) throw new Error('the workspace of the micro bench is too small')
  workspace.set(raw.bytes)
  scanner.load(workspace, scratch)
  let at = 0
  for (const end of raw.ends) {
    while (at < end) {
      if (scanner.scan(at, end) === scanned.mention) each(scanner)
      at = scanner.next
    }
  }
}
scanAll.scanner = new MentionScanner()
scanAll.workspace = new Uint8Array(8 << 20)

function batchOf(traffic: Traffic, index: number): RawBatch {
  const messages = traffic.messages.slice(index * messagesPerBatch, (index + 1) * messagesPerBatch)
  const bytes = Buffer.concat(messages.map((message) => message.data))
  let end = 0
  return {
    bytes: new Uint8Array(bytes), ends: Uint32Array.from(messages, (message) => (end += message.data.length)), stream: 1, skewCheck: false,
    seqs: Float64Array.from(messages, (_, n) => index * messagesPerBatch + n + 1), times: Float64Array.from(messages, () => 1_700_000_000_000), platforms: messages.map((message) => message.subject.slice('mentions.'.length)),
  }
}

function measureSeenIds(mentions: number): number {
  const seen = new SeenIds()
  let n = 0
  return measure(mentions, () => { for (let i = 0; i < mentions; i++, n++) seen.add(Math.imul(n, 0x9e3779b1) >>> 0, Math.imul(n, 0x85ebca6b) ^ (n >>> 7)) })
}

/** Windows of 10 min and 2 h at 80,000 mentions a second. */
function measureWindows(mentions: number): number {
  const wheel = new SliceWheel({ lengths: [60, 600, 7200], retained: 7200 })
  let n = 0
  return measure(mentions, () => { for (let i = 0; i < mentions; i++, n++) { const second = 1_700_000_000 + Math.floor(n / 80_000); wheel.add(second, second) } })
}
