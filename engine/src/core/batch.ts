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

/** The valid mentions of a RawBatch, in stream order. Row i of every array is the same mention. */
export interface EnrichedBatch {
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
