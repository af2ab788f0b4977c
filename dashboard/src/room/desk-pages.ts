// The pages of the desk in the order of its navigation, and which of them the keys `g` and a letter lead to.
export const deskPages = [
  { name: 'wall', address: '#/', key: 'w' }, { name: 'alerts', address: '#/alerts', key: 'a' }, { name: 'topics', address: '#/topics', key: 't' },
  { name: 'cascades', address: '#/cascades', key: 'c' }, { name: 'rules', address: '#/rules', key: 'r' }, { name: 'replay', address: '#/replay', key: 'p' },
] as const
export type DeskPageName = (typeof deskPages)[number]['name']

/** How long a `g` waits for its letter. */
export const goMsMax = 1_500

/** `at`: ms of any clock. `typing`: the key goes into a field. `modified`: with Ctrl, Alt or Meta it is the browser's. */
export interface Press { readonly key: string; readonly at: number; readonly typing: boolean; readonly modified: boolean }
export type DeskDoes = { readonly kind: 'go'; readonly address: string } | { readonly kind: 'wait' } | { readonly kind: 'help' }

/** What a key means to every page of the desk; null: it is the page's own. `since`: when a `g` was pressed that waits for its letter. */
export function deskKey(since: number | null, { key, at, typing, modified }: Press): { readonly since: number | null; readonly does: DeskDoes | null } {
  if (typing || modified) return { since: null, does: null }
  if (key === 'Shift') return { since, does: null }
  const page = since !== null && at - since <= goMsMax ? deskPages.find((one) => one.key === key.toLowerCase()) : undefined
  if (page !== undefined) return { since: null, does: { kind: 'go', address: page.address } }
  if (key === 'g') return { since: at, does: { kind: 'wait' } }
  return { since: null, does: key === '?' ? { kind: 'help' } : null }
}

const fields = new Set(['INPUT', 'TEXTAREA', 'SELECT'])
/** Whether what is pressed on this element is text for it. */
export const takesText = (target: EventTarget | null): boolean => {
  const { tagName, isContentEditable, type } = (target ?? {}) as Partial<HTMLInputElement>
  if (isContentEditable === true) return true
  return tagName !== undefined && fields.has(tagName) && type !== 'checkbox' && type !== 'radio' && type !== 'range'
}
