// What is different between two versions of a rules file, by topic: which came, which went, and what of the others is another. Bounded lists, whole counts.
import { sortedJson } from '@groundswell/schemas/sorted-json.ts'
import { topicsIn } from './rules-edit.ts'

export const topicParts = ['name', 'query', 'velocity', 'baseline', 'spread'] as const
export type TopicPart = (typeof topicParts)[number]
export interface NamedTopic { readonly id: string; readonly zh: string; readonly en: string }
export interface ChangedTopics { readonly count: number; readonly topics: readonly NamedTopic[] } // topics: the first of them
export interface RulesChanges {
  readonly added: ChangedTopics
  readonly removed: ChangedTopics
  readonly changed: { readonly count: number; readonly topics: readonly (NamedTopic & { readonly parts: readonly TopicPart[] })[] }
  readonly rest: boolean // the text is another, no topic is: comments, order, or how it is written
}

export const changesMax = 10

type Plain = Readonly<Record<string, unknown>>
const plain = (value: unknown): Plain => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Plain : {})

/** `before` null: there is no older version, so that all came. Null where one of them cannot be read. */
export function rulesChanges(before: string | null, after: string): RulesChanges | null {
  const [was, is] = [before === null ? [] : topicsIn(before), topicsIn(after)]
  if (was === null || is === null) return null
  const left = new Map(was.map((topic) => [idOf(topic), plain(topic)]))
  const [added, changed]: [NamedTopic[], (NamedTopic & { readonly parts: readonly TopicPart[] })[]] = [[], []]
  for (const topic of is) {
    const old = left.get(idOf(topic))
    left.delete(idOf(topic))
    if (old === undefined) added.push(named(topic))
    else {
      const parts = topicParts.filter((part) => sortedJson(old[part]) !== sortedJson(plain(topic)[part]))
      if (parts.length > 0) changed.push({ ...named(topic), parts })
    }
  }
  const removed = [...left.values()].map(named)
  return { added: first(added), removed: first(removed), changed: first(changed), rest: before !== null && before !== after && added.length + removed.length + changed.length === 0 }
}

const first = <Topic>(topics: readonly Topic[]): { readonly count: number; readonly topics: readonly Topic[] } => ({ count: topics.length, topics: topics.slice(0, changesMax) })
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const idOf = (topic: unknown): string => text(plain(topic)['id'])
function named(topic: unknown): NamedTopic {
  const name = plain(plain(topic)['name'])
  return { id: idOf(topic), zh: text(name['zh']), en: text(name['en']) }
}
