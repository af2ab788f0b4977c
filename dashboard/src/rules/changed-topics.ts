// Which topics differ between the rules in force and those that are edited, by id: what is tested and told before they are saved.
import { draftOf, topicKey, topicOf } from './topic-draft.ts'

export interface ChangedTopic {
  readonly id: string
  readonly name: string
  readonly topic: unknown // as edited; null: it is gone
  readonly now: unknown // as in force; null: it is new
  readonly matters: boolean // it would tell in another way: more than its name has changed
}

export function changedTopics(inForce: readonly unknown[], edited: readonly unknown[], lang: 'zh' | 'en'): ChangedTopic[] {
  const before = new Map(inForce.map((topic) => [draftOf(topic).id, topic]))
  const changed: ChangedTopic[] = []
  for (const topic of edited) {
    const draft = draftOf(topic)
    const now = before.get(draft.id) ?? null
    before.delete(draft.id)
    if (now !== null && topicKey(now) === topicKey(topic)) continue
    changed.push({ id: draft.id, name: draft[lang] === '' ? draft.id : draft[lang], topic, now, matters: now === null || telling(now) !== telling(topic) })
  }
  for (const [id, now] of before) {
    const draft = draftOf(now)
    changed.push({ id, name: draft[lang] === '' ? id : draft[lang], topic: null, now, matters: true })
  }
  return changed
}

const telling = (topic: unknown): string => JSON.stringify(topicOf({ ...draftOf(topic), zh: '', en: '' }))
