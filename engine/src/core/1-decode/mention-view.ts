// One mention as spans of bytes: filled by the scanner, read by matcher, scorer and row writer, then reused for the next line.

/** Index of a string field: its span is spans[2·f] … spans[2·f + 1] (exclusive) in `bytes`; absent: spans[2·f] = −1. */
export const field = { id: 0, text: 1, platform: 2, kind: 3, author: 4, authorName: 5, parent: 6, root: 7, lang: 8, url: 9, geo: 10, extra: 11 } as const
export const fieldCount = 12

/**
 * All spans are decoded UTF-8 (no escapes, valid, U+FFFD for NUL and lone surrogates): a string without escapes points into the
 * message itself, any other into the scratch space behind the messages in the same array.
 */
export class MentionView {
  bytes: Uint8Array = new Uint8Array(0)
  readonly spans = new Int32Array(2 * fieldCount)
  ts = 0 // ms since 1970
  followers = -1 // as it was sent, perhaps with a fraction, which rows drop; −1: absent, as for the next five
  verified = -1 // −1 absent, 0 false, 1 true
  likes = -1
  reposts = -1
  comments = -1
  sentiment = Number.NaN // NaN: the source gave none
  tagCount = 0
  tagSpans = new Int32Array(64) // start, end of tag i at 2·i; the scanner grows it
}
