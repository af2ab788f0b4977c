// Tests only: rows as objects to one Native block, and mentions to put into them.
import { mentionColumns } from '@groundswell/schemas/mention-columns.ts'
import type { WireColumn } from '@groundswell/schemas/mention-columns.ts'
import { NativeWriter } from '../../core/1-decode/native.ts'

type Value = string | number | readonly string[]
export type TestRow = Readonly<Record<string, Value>>

export function nativeBlock(columns: readonly WireColumn[], rows: readonly TestRow[]): Uint8Array {
  const texts = rows.flatMap((row) => Object.values(row).flat()).reduce<number>((sum, value) => sum + (typeof value === 'string' ? 10 + 3 * value.length : 16), 0)
  const writer = new NativeWriter()
  writer.begin(columns.length, rows.length, texts + 2000)
  const number = (size: number, set: (at: number) => void) => {
    set(writer.at)
    writer.at += size
  }
  for (const column of columns) {
    writer.column(column)
    let offset = 0
    if (column.type === 'Array(String)') {
      for (const row of rows) {
        offset += (row[column.name] as readonly string[]).length
        number(8, (at) => writer.data.setBigUint64(at, BigInt(offset), true))
      }
    }
    for (const row of rows) {
      const value = row[column.name]!
      if (typeof value === 'string') writer.text(value)
      else if (typeof value === 'object') for (const text of value) writer.text(text)
      else if (column.type === 'UInt8' || column.type === 'Int8') number(1, (at) => writer.data.setInt8(at, value))
      else if (column.type === 'UInt32') number(4, (at) => writer.data.setUint32(at, value, true))
      else if (column.type === 'Float32') number(4, (at) => writer.data.setFloat32(at, value, true))
      else number(8, (at) => writer.data.setBigInt64(at, BigInt(value), true))
    }
  }
  return writer.finish()
}

export const testMention = (of: TestRow): TestRow => ({
  id: `weibo:${String(of['seq'] ?? 1)}-${String(of['line'] ?? 0)}`, ts: 1_434_384_000_000, ingested: Date.now(), stream: 1, seq: 1, line: 0, platform: 'weibo', kind: 'post', author: 'a', authorName: '', followers: -1, verified: -1,
  parent: '', root: '', lang: 'zh', url: '', geo: '', tags: [], likes: -1, reposts: -1, comments: -1, sentiment: 0, sentimentBy: 2, topics: [], text: '断网了', extra: '', fate: 0, ...of,
})

/** `count` mentions in blocks of `perBlock` rows. */
export function mentionBlocks(count: number, perBlock: number, of: (i: number) => TestRow): Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let from = 0; from < count; from += perBlock) {
    blocks.push(nativeBlock(mentionColumns, Array.from({ length: Math.min(perBlock, count - from) }, (_, i) => testMention({ seq: from + i + 1, ...of(from + i) }))))
  }
  return blocks
}
