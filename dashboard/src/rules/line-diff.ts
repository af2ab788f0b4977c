// Which lines of a text another one has, lacks and adds (longest common subsequence; Hunt and McIlroy 1976), with a little of what is around them.
export type DiffRow = { readonly kind: 'same' | 'gone' | 'added'; readonly text: string; readonly line: number } | { readonly kind: 'skipped'; readonly lines: number } // line: from 1, in the text that has it

const around = 2
const cellsMax = 4_000_000 // above it, what differs is shown as a whole

export function lineDiff(before: string, after: string): DiffRow[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const rows: DiffRow[] = []
  for (let i = 0; i < head; i++) rows.push({ kind: 'same', text: a[i]!, line: i + 1 })
  rows.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head))
  for (let i = b.length - tail; i < b.length; i++) rows.push({ kind: 'same', text: b[i]!, line: i + 1 })
  return folded(rows)
}

export const isChanged = (rows: readonly DiffRow[]): boolean => rows.some(({ kind }) => kind === 'gone' || kind === 'added')

function middle(a: readonly string[], b: readonly string[], head: number): DiffRow[] {
  const gone = (i: number): DiffRow => ({ kind: 'gone', text: a[i]!, line: head + i + 1 })
  const added = (j: number): DiffRow => ({ kind: 'added', text: b[j]!, line: head + j + 1 })
  if (a.length * b.length > cellsMax) return [...a.map((_, i) => gone(i)), ...b.map((_, j) => added(j))]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  }
  const rows: DiffRow[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ kind: 'same', text: b[j]!, line: head + j + 1 })
      i++
      j++
    } else if (j === b.length || (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) rows.push(gone(i++))
    else rows.push(added(j++))
  }
  return rows
}

/** What is the same and far from all that is not is only counted. */
function folded(rows: readonly DiffRow[]): DiffRow[] {
  const near = new Uint8Array(rows.length)
  rows.forEach(({ kind }, at) => {
    if (kind === 'gone' || kind === 'added') near.fill(1, Math.max(0, at - around), at + around + 1)
  })
  const out: DiffRow[] = []
  let skipped = 0
  rows.forEach((row, at) => {
    if (near[at] === 0) { skipped++; return }
    if (skipped > 0) out.push({ kind: 'skipped', lines: skipped })
    skipped = 0
    out.push(row)
  })
  if (skipped > 0) out.push({ kind: 'skipped', lines: skipped })
  return out
}
