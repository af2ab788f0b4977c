// Measures the sentiment scorer on labelled texts: `node bench/src/sentiment-quality.ts [folder]`. A JSON line per set, with accuracy
// over the sets' own labels. Skips clearly where the folder is absent.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { field, MentionView } from '../../engine/src/core/1-decode/mention-view.ts'
import { createLexiconScorer } from '../../engine/src/core/2-enrich/sentiment.ts'

const labels = ['negative', 'neutral', 'positive'] as const
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../../shared/data/sentiment'))

if (existsSync(folder)) for (const name of readdirSync(folder).filter((file) => file.endsWith('.ndjson.gz')).sort()) console.log(JSON.stringify(measure(join(folder, name))))
else console.error(`skipped: no labelled texts at ${folder}; name their folder as the argument`)

function measure(path: string): object {
  const scorer = createLexiconScorer()
  const view = new MentionView()
  const confusion = labels.map(() => labels.map(() => 0)) // [label][verdict]
  let nanoseconds = 0n
  for (const line of gunzipSync(readFileSync(path)).toString().split('\n')) {
    if (line === '') continue
    const { text, sentiment_label: label } = JSON.parse(line) as { text: string; sentiment_label: string }
    view.bytes = Buffer.from(text)
    view.spans.set([0, view.bytes.length], 2 * field.text)
    const begun = process.hrtime.bigint()
    const score = scorer.score(view)
    nanoseconds += process.hrtime.bigint() - begun
    const row = confusion[labels.indexOf(label as (typeof labels)[number])]
    if (row === undefined) throw new Error(`${path} has the label ${label}: it must be one of ${labels.join(', ')}`)
    row[Math.sign(score) + 1]! += 1
  }
  return { set: basename(path, '.ndjson.gz'), ...summary(confusion), nsPerText: Math.round(Number(nanoseconds) / total(confusion.flat())) }
}

/** accuracy: verdicts that are the label; decided: texts with a verdict other than neutral; rightWhenDecided: of those that are labelled positive or negative. */
function summary(confusion: readonly (readonly number[])[]): object {
  const texts = total(confusion.flat())
  const right = total(labels.map((_, index) => confusion[index]![index]!))
  const polar = [confusion[0]!, confusion[2]!]
  const decided = total(polar.map((row) => row[0]! + row[2]!))
  const f1 = labels.map((_, index) => {
    const hit = confusion[index]![index]!
    const both = total(confusion[index]!) + total(confusion.map((row) => row[index]!))
    return both === 0 ? 0 : (2 * hit) / both
  }).filter((_, index) => total(confusion[index]!) > 0)
  return { texts, accuracy: share(right, texts), macroF1: share(total(f1), f1.length), decided: share(decided, total(polar.flat())), rightWhenDecided: share(confusion[0]![0]! + confusion[2]![2]!, decided) }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0)
}

function share(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 1000
}
