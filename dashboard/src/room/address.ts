// Which screen the address names: the wall, the page of a topic, or cascades. The address holds the whole state of a page; one that names nothing leads
// to the wall, which says so.
import { deskPages, type DeskPageName } from './desk-pages.ts'

export const spans = {
  '2h': { seconds: 7_200, step: '1m', stepSeconds: 60, refreshMs: 30_000 },
  '24h': { seconds: 86_400, step: '5m', stepSeconds: 300, refreshMs: 60_000 },
  '7d': { seconds: 604_800, step: '15m', stepSeconds: 900, refreshMs: 120_000 },
  '28d': { seconds: 2_419_200, step: '1h', stepSeconds: 3_600, refreshMs: 300_000 },
} as const
export type Span = keyof typeof spans
export const spanNames = Object.keys(spans) as Span[]
const rootMax = 256 // letters of an id
const strayLettersMax = 24 // of an address that leads nowhere, as it is told

/** An address that names nothing, as people read it, and the page whose list it seems to be of. */
export interface Stray { readonly address: string; readonly page: DeskPageName }

/** `query` is read by the page itself. */
export type Screen =
  | { readonly kind: 'wall'; readonly stray: Stray | null } | { readonly kind: 'alerts'; readonly query: string } | { readonly kind: 'topics'; readonly query: string } | { readonly kind: 'replay'; readonly query: string } | { readonly kind: 'topic'; readonly id: string; readonly query: string }
  | { readonly kind: 'rules'; readonly id: string | null; readonly query: string } // id: of a topic
  | { readonly kind: 'cascades'; readonly query: string } | { readonly kind: 'cascade'; readonly root: string; readonly query: string }

/** `#/topics/<id>?span=24h` is the page of a topic, `#/cascades` a list, `#/cascades/<root>` one, `#/alerts` and `#/topics` lists; everything else is the wall, which an unattended screen must never lose: `stray` where that is not what was asked for. */
export function screenOf(hash: string): Screen {
  const [, path, asked = ''] = /^#\/cascades(?:\/([^?/]*))?(?:\?(.*))?$/.exec(hash) ?? []
  if (hash.startsWith('#/cascades')) return cascadeScreen(hash, path, asked)
  const [, list, listQuery = ''] = /^#\/(alerts|topics|replay)\/?(?:\?(.*))?$/.exec(hash) ?? []
  if (list === 'alerts' || list === 'topics' || list === 'replay') return { kind: list, query: listQuery }
  const [rules, topic, rulesQuery = ''] = /^#\/rules(?:\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})?)?(?:\?(.*))?$/.exec(hash) ?? []
  if (rules !== undefined) return { kind: 'rules', id: topic ?? null, query: rulesQuery }
  const [, id, query = ''] = /^#\/topics\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})(?:\?(.*))?$/.exec(hash) ?? []
  if (id === undefined) return wallFor(hash)
  return { kind: 'topic', id, query }
}

function cascadeScreen(hash: string, path: string | undefined, query: string): Screen {
  if (path === undefined || path === '') return /^#\/cascades\/?(\?|$)/.test(hash) ? { kind: 'cascades', query } : wallFor(hash)
  try {
    const root = decodeURIComponent(path)
    return root.length <= rootMax ? { kind: 'cascade', root, query } : wallFor(hash)
  } catch {
    return wallFor(hash) // a % that stands for nothing
  }
}

function wallFor(hash: string): Screen {
  if (!hash.startsWith('#/') || hash === '#/' || hash.startsWith('#/?')) return { kind: 'wall', stray: null }
  const [, first = ''] = /^#\/([a-z]+)/i.exec(hash) ?? []
  const page = deskPages.find(({ name }) => first.toLowerCase().startsWith(name.slice(0, -1)))
  return { kind: 'wall', stray: { address: shortly(hash), page: page?.name ?? 'wall' } }
}

/** As it was typed, where that can be told. */
function shortly(hash: string): string {
  let said = hash
  try {
    said = decodeURI(hash)
  } catch { // told as it is
  }
  const letters = [...said]
  return letters.length <= strayLettersMax ? said : `${letters.slice(0, strayLettersMax).join('')}…`
}

export const cascadeAddress = (root: string, query = ''): string => `#/cascades/${encodeURIComponent(root)}${query === '' ? '' : `?${query}`}`
export const cascadesAddress = '#/cascades'

/** The rules editor, of a topic where one is named; an id that is none yet is left out. */
export const rulesAddress = (id: string | null, query = ''): string => `#/rules${id !== null && /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id) ? `/${id}` : ''}${query === '' ? '' : `?${query}`}`
export const topicAddress = (id: string, query = ''): string => `#/topics/${id}${query === '' ? '' : `?${query}`}`
/** The wall as it was shown; `query` of replay/replay-address, or a moment. */
export const replayAddress = (query: string | number): string => `#/replay?${typeof query === 'number' ? `at=${new Date(query).toISOString()}` : query}`
/** The wall when an alert was first shown; where that is not kept, at its own time (ms). */
export const wallWithAlert = (alert: string, at: number): string => `#/replay?${new URLSearchParams({ alert, at: new Date(at).toISOString() }).toString()}`
export const wallAddress = '#/'
