// Mentions with what is needed to tell their narratives, as the lines that the store answers with.

/** at: ms; negative: 1 or 0; account: who, as the store has it, empty where it is not known. */
export interface SaidRow { readonly id: string; readonly at: number; readonly platform: string; readonly author: string; readonly negative: 0 | 1; readonly text: string }

/** Chunks of whole lines of JSON. */
export function* saidRows(chunks: readonly Uint8Array[]): Generator<SaidRow> {
  const decoder = new TextDecoder()
  for (const chunk of chunks) {
    for (const line of decoder.decode(chunk).split('\n')) if (line !== '') yield JSON.parse(line) as SaidRow
  }
}

/** The same account has the same; empty where it is not known. */
export const accountOf = ({ platform, author }: Pick<SaidRow, 'platform' | 'author'>): string => (author === '' ? '' : `${platform}\u0000${author}`)
