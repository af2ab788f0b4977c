// What crosses between the loop and the workers: whole NATS messages in, typed arrays and ready ClickHouse rows out.
// Both are transferred, never cloned. No object per mention.

/** Consecutive messages of the input stream, back to back in one buffer. */
export interface RawBatch {
  readonly bytes: Uint8Array // owns its ArrayBuffer
  readonly ends: Uint32Array // end (exclusive) of message i in `bytes`
  readonly seqs: Float64Array // stream sequence of message i
  readonly times: Float64Array // ingest time of message i, ms since 1970 (JetStream time)
  readonly platforms: readonly string[] // platform token of the subject of message i, '' where it has none
  readonly stream: number // created time of the stream, ms
  readonly skewCheck: boolean // false in backtests of the future and in fills: nothing is held against its ingest time
  readonly poison?: readonly PoisonLine[] // in the order of the bytes; these lines are not read: they are blank, and each is a dead letter
}

/** A line that no worker survives. */
export interface PoisonLine {
  readonly message: number // index in the batch
  readonly line: number
  readonly start: number // its span in the bytes of the batch, without the line feed
  readonly end: number
  readonly why: 'crashed' | 'hung' // what became of the workers that took it
}

/** Bits of `flags`. Words of one's own: what is left of the text without links, names and what others said (2-enrich/own-words). */
export const spreadFlags = { hasText: 1, verified: 2 } as const

/**
 * What cascades are made of: who spread what to whom. Row i of every array but `idBytes` is the same mention. Two mentions that say the same id,
 * account, link or words have the same hash, in any batch, on any worker, after any restart.
 */
export interface SpreadColumns {
  readonly ats: Float64Array // event time, ms since 1970
  readonly parentLow: Uint32Array // the hash that a mention with this id has in idLow and idHigh; 0, 0: it names no parent
  readonly parentHigh: Uint32Array
  readonly rootLow: Uint32Array // likewise of the root; a mention may name itself
  readonly rootHigh: Uint32Array
  readonly authors: Uint32Array // hash of platform and author; 0: unknown
  readonly followers: Float64Array // of the author, whole; −1: unknown
  readonly flags: Uint8Array // see spreadFlags
  readonly shareLow: Uint32Array // hash of its own words where they are 12 characters or more, 6 of them different; 0, 0: too few to say who says the same
  readonly shareHigh: Uint32Array
  readonly links: Uint32Array // hash of its url; 0: none
  readonly idBytes: Uint8Array // the ids, UTF-8, back to back
  readonly idEnds: Uint32Array // id of row i: idBytes[idEnds[i − 1] (0 for i = 0) … idEnds[i])
}

/** The valid mentions of a RawBatch, in stream order. Row i of every array is the same mention. */
export interface EnrichedBatch extends SpreadColumns {
  readonly rows: number
  readonly rulesSeq: number // which rules matched it
  readonly idLow: Uint32Array // 64-bit hash of the id: two independent 32-bit lanes
  readonly idHigh: Uint32Array
  readonly seconds: Uint32Array // ⌊ts / 1000⌋
  readonly skewed: Uint8Array // 1: more than 2 min ahead of its ingest time
  readonly signs: Int8Array // sentiment sign −1, 0, 1
  readonly platformIds: Uint16Array // index into `platforms`
  readonly platforms: readonly string[] // distinct platforms of this batch
  readonly topicEnds: Uint32Array // topics of row i: topicIds[topicEnds[i − 1] (0 for i = 0) … topicEnds[i])
  readonly topicIds: Uint16Array // index into the rule set's topics, ascending within a row
  readonly rowEnds: Uint32Array // rows of message m: rowEnds[m − 1] … rowEnds[m]
  readonly seqs: Float64Array // as in the RawBatch, per message
  readonly times: Float64Array
  readonly native: Uint8Array // one Native block of `rows` rows with mentionColumns; empty where rows is 0
  readonly fateOffset: number // native[fateOffset + i] is the fate of row i; written 0 (counted) by the worker
  readonly rejected: Rejected
  readonly unknownFields: number // fields that went to `extra`
  readonly wrongTypes: number // optional fields of a wrong type that went to `extra`
  readonly platformDiffers: number // mentions whose own platform is not their subject's
  readonly work?: BatchWork // what it took, for the metrics; nothing is decided by it
}

/** What a worker tells of its work on a batch. */
export interface BatchWork { readonly bytes: number; readonly seconds: number } // bytes: of the messages

export interface Rejected {
  readonly count: number
  readonly native: Uint8Array // one Native block with deadLetterColumns; empty where count is 0
  readonly reasons: Readonly<Record<string, number>> // RejectReason → how many
}
