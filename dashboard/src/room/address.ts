// Which screen the address names: the wall, or the page of a topic with the span that it shows. The address holds the whole state of a page.
export const spans = {
  '2h': { seconds: 7_200, step: '1m', stepSeconds: 60, refreshMs: 30_000 },
  '24h': { seconds: 86_400, step: '5m', stepSeconds: 300, refreshMs: 60_000 },
  '7d': { seconds: 604_800, step: '15m', stepSeconds: 900, refreshMs: 120_000 },
  '28d': { seconds: 2_419_200, step: '1h', stepSeconds: 3_600, refreshMs: 300_000 },
} as const
export type Span = keyof typeof spans
export const spanNames = Object.keys(spans) as Span[]
const spanDefault: Span = '24h'

export type Screen = { readonly kind: 'wall' } | { readonly kind: 'topic'; readonly id: string; readonly span: Span }

/** `#/topics/<id>?span=24h` is the page of a topic; everything else is the wall, which an unattended screen must never lose. */
export function screenOf(hash: string): Screen {
  const [, id, query = ''] = /^#\/topics\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})(?:\?(.*))?$/.exec(hash) ?? []
  if (id === undefined) return { kind: 'wall' }
  const span = new URLSearchParams(query).get('span')
  return { kind: 'topic', id, span: span !== null && Object.hasOwn(spans, span) ? span as Span : spanDefault }
}

export const topicAddress = (id: string, span: Span = spanDefault): string => `#/topics/${id}${span === spanDefault ? '' : `?span=${span}`}`
export const wallAddress = '#/'
