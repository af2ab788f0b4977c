// What two people did to the same topics, put together by id: the changes that bring what one did to what the other has, and the topics to which both did
// something else, which nobody but they can decide. The order of topics is theirs.
import { sortedJson } from '@groundswell/schemas/sorted-json.ts'
import type { TopicChange } from '../live/rules-api.ts'
import { draftOf } from './topic-draft.ts'

export interface MergeSides { readonly base: readonly unknown[]; readonly mine: readonly unknown[]; readonly theirs: readonly unknown[] }
/** `changes`: places in theirs, as a ChangeQueue takes them: edits and deletions as theirs has the topics, then what is added. `clashing`: ids; they stay as theirs. */
export interface TopicMerge { readonly changes: readonly TopicChange[]; readonly clashing: readonly string[] }

/** Null: a topic of some side has no id, or two have the same, so that nobody can tell which is which. */
export function mergeTopics(sides: MergeSides): TopicMerge | null {
  const [base, mine, theirs] = [byId(sides.base), byId(sides.mine), byId(sides.theirs)]
  if (base === null || mine === null || theirs === null) return null
  const places = new Map([...theirs.keys()].map((id, at) => [id, at]))
  const [changes, clashing] = [[] as TopicChange[], [] as string[]]
  for (const id of new Set([...theirs.keys(), ...mine.keys(), ...base.keys()])) {
    const [before, own, other] = [sortedJson(base.get(id)), sortedJson(mine.get(id)), sortedJson(theirs.get(id))] // a difference that the form does not show counts too
    if (own === before || own === other) continue
    if (other !== before) clashing.push(id)
    else changes.push({ at: places.get(id) ?? null, topic: mine.get(id) ?? null })
  }
  return { changes, clashing }
}

function byId(topics: readonly unknown[]): Map<string, unknown> | null {
  const all = new Map(topics.map((topic) => [draftOf(topic).id, topic]))
  return all.size === topics.length && !all.has('') ? all : null
}
