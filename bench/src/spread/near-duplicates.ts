// How much near-duplicate texts would add to equal ones as evidence: of the pairs of different accounts' own words within a minute of each other that are nearly the
// same (Jaccard similarity of their 3-grams of characters), those that are not the same. Exact over all pairs within a minute; no text is printed.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const similarities = [0.5, 0.7, 0.8, 0.9] as const
const withinSeconds = 60
const charactersMin = 12
const nearestMax = 400 // texts after it, with which one is compared

export interface NearDuplicates { readonly texts: number; readonly pairsCompared: number; readonly equal: number; readonly similarButNotEqual: Readonly<Record<string, number>>; readonly microsecondsAText: number }

/** Of texts of 12 characters or more, without links, names and what others said. Null: the recording is not there. */
export function nearDuplicates(set: string): NearDuplicates | null {
  const file = `${data}${set}/mentions.ndjson.gz`
  if (!existsSync(file)) return null
  const texts: { readonly second: number; readonly text: string; readonly author: string | null; readonly grams: Set<string> }[] = []
  let spent = 0
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    if (line === '') continue
    const { ts, text, author } = JSON.parse(line) as { ts: string; text: string; author: string | null }
    const own = ownWords(text)
    if (own.length < charactersMin) continue
    const start = performance.now()
    const grams = gramsOf(own)
    spent += performance.now() - start
    texts.push({ second: Math.floor(Date.parse(ts) / 1000), text: own, author, grams })
  }
  const similar = similarities.map(() => 0)
  let [equal, pairsCompared] = [0, 0]
  for (const [i, one] of texts.entries()) {
    for (let j = i + 1; j < Math.min(texts.length, i + nearestMax) && texts[j]!.second - one.second <= withinSeconds; j++) {
      const other = texts[j]!
      if (one.author !== null && one.author === other.author) continue
      pairsCompared++
      if (one.text === other.text) {
        equal++
        continue
      }
      const likeness = jaccard(one.grams, other.grams)
      for (const [place, least] of similarities.entries()) if (likeness >= least) similar[place]!++
    }
  }
  return { texts: texts.length, pairsCompared, equal, similarButNotEqual: Object.fromEntries(similarities.map((least, place) => [least, similar[place]!])), microsecondsAText: Math.round((1e4 * spent) / texts.length) / 10 }
}

function ownWords(text: string): string {
  return text.replace(/\/\/@.*$|\bRT @.*$/s, '').replace(/https?:\/\/[!-~]*|@[\p{L}\p{N}_-]+/gu, '').normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}\p{S}]/gu, '')
}

function gramsOf(text: string): Set<string> {
  const grams = new Set<string>()
  for (let i = 0; i + 3 <= text.length; i++) grams.add(text.slice(i, i + 3))
  return grams
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  if (few.size < many.size / 2) return 0 // below ½ whatever they share
  let both = 0
  for (const gram of few) if (many.has(gram)) both++
  return both / (a.size + b.size - both)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify({ weibo: nearDuplicates('weibo-cascades'), twitter: nearDuplicates('twitter-topics') }, null, 2))
