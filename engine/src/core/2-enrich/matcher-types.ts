// What enrichment asks of a matcher and of a sentiment scorer.
import type { MentionView } from '../1-decode/mention-view.ts'

export interface Matcher {
  /** Ids of the topics, in the order of the rules file. */
  readonly topics: readonly string[]
  /** Writes the indexes of the topics that the mention matches to `out` from `at`, ascending; answers the end. `out` has room for topics.length. */
  match(view: MentionView, out: Uint16Array, at: number): number
}

export interface SentimentScorer {
  /** −1 (negative) … 1 (positive) of the mention's own text; 0 where it says nothing. */
  score(view: MentionView): number
}
