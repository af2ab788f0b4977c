// What keys do on the list of alerts, as a plain function of the rows and of what is chosen: the page only carries it out.
export const alertKeys = {
  a: 'acknowledge', w: 'work', r: 'resolve', o: 'reopen', s: 'assign', n: 'note', m: 'silence', M: 'unsilence', p: 'pin',
} as const
export type GroupDeed = (typeof alertKeys)[keyof typeof alertKeys]

/** chosen: the group whose detail is shown · selected: those that the next deed is about; none: the chosen one. */
export interface Choice { readonly chosen: string | null; readonly selected: ReadonlySet<string> }
export const noChoice: Choice = { chosen: null, selected: new Set() }

export interface Rows { readonly shown: readonly string[]; readonly folded: readonly string[] }
export type KeyDoes =
  | { readonly kind: 'choose'; readonly choice: Choice }
  | { readonly kind: 'deed'; readonly deed: GroupDeed; readonly topics: readonly string[] }
  | { readonly kind: 'open'; readonly topic: string } // its page
  | { readonly kind: 'unfold' } // the last row
  | { readonly kind: 'settle' } // new places now

export const foldedRow = '' // no topic has this name

const steps: ReadonlyMap<string, number> = new Map([['j', 1], ['ArrowDown', 1], ['k', -1], ['ArrowUp', -1], ['PageDown', 5], ['PageUp', -5], ['Home', -Infinity], ['End', Infinity]])

/** Null: the key means nothing here. With a folded row at the end, it can be chosen too. */
export function alertKey(key: string, choice: Choice, rows: Rows): KeyDoes | null {
  const order = rows.folded.length > 0 ? [...rows.shown, foldedRow] : rows.shown
  const step = steps.get(key)
  if (step !== undefined) return order.length === 0 ? null : { kind: 'choose', choice: { ...choice, chosen: moved(order, choice.chosen, step) } }
  if (key === 'u') return { kind: 'settle' }
  if (key === 'Escape') return choice.selected.size > 0 ? { kind: 'choose', choice: { ...choice, selected: new Set() } } : null
  const { chosen } = choice
  if (key === 'A') return deed('acknowledge', [...choice.selected, ...(choice.selected.size === 0 && isTopic(chosen) ? [chosen] : [])])
  if (chosen === foldedRow) return key === 'Enter' || key === ' ' ? { kind: 'unfold' } : null
  if (!isTopic(chosen)) return null
  if (key === 'Enter') return { kind: 'open', topic: chosen }
  if (key === 'x' || key === ' ') return { kind: 'choose', choice: { chosen, selected: toggled(choice.selected, chosen) } }
  const named = Object.hasOwn(alertKeys, key) ? alertKeys[key as keyof typeof alertKeys] : null
  return named === null ? null : deed(named, [chosen])
}

const deed = (deed: GroupDeed, topics: readonly string[]): KeyDoes | null => (topics.length === 0 ? null : { kind: 'deed', deed, topics })
const isTopic = (chosen: string | null): chosen is string => chosen !== null && chosen !== foldedRow

function moved(order: readonly string[], chosen: string | null, step: number): string {
  const from = chosen === null ? -1 : order.indexOf(chosen)
  const to = from < 0 ? (step > 0 && step !== Infinity ? step - 1 : step) : from + step
  return order[Math.min(order.length - 1, Math.max(0, to))]!
}

export function toggled(selected: ReadonlySet<string>, topic: string): ReadonlySet<string> {
  const next = new Set(selected)
  if (!next.delete(topic)) next.add(topic)
  return next
}
