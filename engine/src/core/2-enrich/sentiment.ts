// A first, small sentiment scorer: words with a valence, turned around behind a negation, one pass over the bytes. It knows no
// context; a trained scorer fills the same interface.
import type { MentionView } from '../1-decode/mention-view.ts'
import { field } from '../1-decode/mention-view.ts'
import { Automaton } from './matcher/automaton.ts'
import type { HitSink } from './matcher/automaton.ts'
import type { SentimentScorer } from './matcher-types.ts'
import { symbolsOf, tokensOf } from './query/tokens.ts'
import { englishWords } from './sentiment-words-en.ts'
import { chineseWords, negators, neutralWords } from './sentiment-words-zh.ts'

/** What a negated word keeps of its valence, turned around (0.74 in VADER), and how many tokens a negation reaches. */
const negated = -0.74
const reachTokens = 3
/** score = sum / √(sum² + softness), VADER's normalisation. */
const softness = 15
const negation = Number.NaN

export function createLexiconScorer(): SentimentScorer {
  return new LexiconScorer(lexicon())
}

interface Entry { readonly symbols: readonly number[]; readonly tokens: number; readonly valence: number }

/** Later entries win: neutral and negating words over valences. */
function lexicon(): Entry[] {
  const entries = new Map<string, Entry>()
  const add = (words: string, valence: number) => {
    for (const word of words.trim().split(/\s+/u)) {
      const tokens = tokensOf(word)
      const symbols = symbolsOf(tokens, false)
      entries.set(symbols.join(), { symbols, tokens: tokens.length, valence })
    }
  }
  for (const [valence, words] of englishWords) add(words, valence)
  for (const [valence, words] of chineseWords) add(words, valence)
  add(neutralWords, 0)
  add(negators, negation)
  return [...entries.values()]
}

class LexiconScorer implements SentimentScorer, HitSink {
  readonly #automaton: Automaton
  readonly #tokens: Int32Array // of each word, how many tokens long
  readonly #valences: Float64Array
  #sum = 0
  // The last word read, kept back until no longer one can take its place: 不错 is neither 不 nor 错.
  #start = -1
  #end = -1
  #valence = 0
  #negatedAt = -reachTokens - 1 // where the last negation ended

  constructor(entries: readonly Entry[]) {
    this.#automaton = new Automaton(entries.map(({ symbols }) => symbols))
    this.#tokens = Int32Array.from(entries, ({ tokens }) => tokens)
    this.#valences = Float64Array.from(entries, ({ valence }) => valence)
  }

  score(view: MentionView): number {
    const start = view.spans[2 * field.text]!
    if (start < 0) return 0
    this.#sum = 0
    this.#end = -1
    this.#valence = 0
    this.#negatedAt = -reachTokens - 1
    this.#automaton.scan(view.bytes, start, view.spans[2 * field.text + 1]!, this)
    this.#settle()
    return this.#sum === 0 ? 0 : this.#sum / Math.sqrt(this.#sum * this.#sum + softness)
  }

  /** Of the words that end at this token only the longest counts; of two that overlap, the longer. */
  hit(reached: number, token: number): void {
    const state = this.#automaton.pattern(reached) < 0 ? this.#automaton.below(reached) : reached
    const word = this.#automaton.pattern(state)
    const start = token - this.#tokens[word]! + 1
    if (start <= this.#end) {
      if (token - start <= this.#end - this.#start) return
    } else this.#settle()
    this.#start = start
    this.#end = token
    this.#valence = this.#valences[word]!
  }

  /** The word kept back counts. */
  #settle(): void {
    const valence = this.#valence
    this.#valence = 0
    if (Number.isNaN(valence)) this.#negatedAt = this.#end
    else if (valence !== 0) this.#sum += this.#start - this.#negatedAt <= reachTokens ? valence * negated : valence
  }
}
