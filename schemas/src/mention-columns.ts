// The wire columns of a mention row, in the order in which a Native block carries them. The worker writes them, the store
// names them in `INSERT INTO mentions SELECT … FROM input('…') WHERE fate != 3`. Absent numbers are −1, absent strings ''.
export type WireType = 'String' | 'UInt8' | 'Int8' | 'UInt32' | 'UInt64' | 'Int64' | 'Float32' | "DateTime64(3, 'UTC')" | 'Array(String)'
export interface WireColumn { readonly name: string; readonly type: WireType }

export const mentionColumns = [
  { name: 'id', type: 'String' },
  { name: 'ts', type: "DateTime64(3, 'UTC')" }, // event time
  { name: 'ingested', type: "DateTime64(3, 'UTC')" }, // time of the message in the stream
  { name: 'stream', type: 'UInt64' }, // created time of the stream, ms: with seq and line, where the mention came from
  { name: 'seq', type: 'UInt64' },
  { name: 'line', type: 'UInt32' }, // of the message, from 0, blank lines counted
  { name: 'platform', type: 'String' },
  { name: 'kind', type: 'String' },
  { name: 'author', type: 'String' },
  { name: 'authorName', type: 'String' },
  { name: 'followers', type: 'Int64' },
  { name: 'verified', type: 'Int8' }, // −1 absent, 0 false, 1 true
  { name: 'parent', type: 'String' },
  { name: 'root', type: 'String' },
  { name: 'lang', type: 'String' },
  { name: 'url', type: 'String' },
  { name: 'geo', type: 'String' },
  { name: 'tags', type: 'Array(String)' },
  { name: 'likes', type: 'Int64' },
  { name: 'reposts', type: 'Int64' },
  { name: 'comments', type: 'Int64' },
  { name: 'sentiment', type: 'Float32' }, // −1…1
  { name: 'sentimentBy', type: 'UInt8' }, // 1 the source, 2 our scorer
  { name: 'topics', type: 'Array(String)' }, // ids of the topics it matched when it arrived
  { name: 'text', type: 'String' },
  { name: 'extra', type: 'String' }, // JSON object of unknown and wrongly typed fields, or ''
  { name: 'fate', type: 'UInt8' }, // written by the core, see fates
] as const satisfies readonly WireColumn[]

/** What became of a mention: only `counted` ones are in windows; duplicates are not stored. */
export const fates = { counted: 0, late: 1, skewed: 2, duplicate: 3 } as const

export const deadLetterColumns = [
  { name: 'ingested', type: "DateTime64(3, 'UTC')" },
  { name: 'stream', type: 'UInt64' },
  { name: 'seq', type: 'UInt64' },
  { name: 'line', type: 'UInt32' },
  { name: 'subject', type: 'String' }, // the platform token of the subject it came on
  { name: 'reason', type: 'String' }, // a RejectReason
  { name: 'detail', type: 'String' }, // names the value and what to do
  { name: 'raw', type: 'String' }, // the bytes as they came
] as const satisfies readonly WireColumn[]
