// Measures the matcher alone: `node bench/src/micro-match.ts`. A JSON line for 10, 500 and 5,000 terms over 20 topics on the same seeded
// texts of about 180 bytes (60 Han characters with some Latin, every mention has a text), and one for the sentiment scorer.
import { field, MentionView } from '../../engine/src/core/1-decode/mention-view.ts'
import { compileMatcher } from '../../engine/src/core/2-enrich/matcher/compile.ts'
import { createLexiconScorer } from '../../engine/src/core/2-enrich/sentiment.ts'
import { mulberry32 } from './mulberry32.ts'

const texts = 4000
const topicsTotal = 20
const rounds = 240
const passes = 1 // over all texts, per round

const chance = mulberry32(20_260_131)
/** Characters as they are used: few often, most seldom. */
const character = () => String.fromCharCode(0x4e00 + Math.floor(2500 * chance() ** 2.2) * 8)
const latinWord = () => Array.from({ length: 3 + Math.floor(6 * chance()) }, () => String.fromCharCode(97 + Math.floor(26 * chance()))).join('')
const view = new MentionView()

const spans = prepareTexts()
for (const terms of [10, 500, 5000]) {
  const begun = performance.now()
  const matcher = compileMatcher(rulesOf(terms))
  const compileMs = Math.round(performance.now() - begun)
  const out = new Uint16Array(topicsTotal)
  let matches = 0
  const ns = bestNanoseconds(() => (matches += matcher.match(view, out, 0)))
  report({ what: 'match', terms, topics: topicsTotal, compileMs, matchesPerMention: round(matches / (rounds * passes * texts)) }, ns)
}
const scorer = createLexiconScorer()
report({ what: 'sentiment' }, bestNanoseconds(() => scorer.score(view)))

function report(facts: object, nsPerMention: number): void {
  console.log(JSON.stringify({ ...facts, bytesPerText: Math.round(view.bytes.length / texts), nsPerMention: Math.round(nsPerMention), mentionsPerSecond: Math.round(1e9 / nsPerMention), node: process.version }))
}

/** Of the fastest round: the others shared the machine. */
function bestNanoseconds(one: () => unknown): number {
  let best = Infinity
  for (let turn = 0; turn < rounds; turn += 1) {
    const begun = performance.now()
    for (let pass = 0; pass < passes; pass += 1) {
      for (let index = 0; index < texts; index += 1) {
        view.spans[2 * field.text] = spans[index]!
        view.spans[2 * field.text + 1] = spans[index + 1]!
        one()
      }
    }
    best = Math.min(best, ((performance.now() - begun) * 1e6) / (passes * texts))
  }
  return best
}

function prepareTexts(): Uint32Array {
  const chunks: Buffer[] = []
  const ends = new Uint32Array(texts + 1)
  view.spans.fill(-1)
  for (let index = 0; index < texts; index += 1) {
    let text = ''
    while (text.length < 62) text += chance() < 0.06 ? '，' : chance() < 0.01 ? ` ${latinWord()} ` : character()
    chunks.push(Buffer.from(text))
    ends[index + 1] = ends[index]! + chunks[index]!.length
  }
  view.bytes = Buffer.concat(chunks)
  return ends
}

function rulesOf(terms: number) {
  const words = Array.from({ length: terms }, () => (chance() < 0.1 ? latinWord() : Array.from({ length: 2 + Math.floor(3 * chance()) }, character).join('')))
  const topics = Array.from({ length: topicsTotal }, (_, topic) => {
    const own = words.filter((_word, index) => index % topicsTotal === topic)
    return { id: `t${topic}`, name: { zh: '题', en: 'topic' }, query: `(${own.length === 0 ? 'none' : own.join(' OR ')}) NOT ${latinWord()}` }
  })
  return { topics }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
