// The queue of the form's changes against topics that are kept by name: whatever is put, sent, answered and failed in whichever order, each lands on its own.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TopicChange } from '../live/rules-api.ts'
import { ChangeQueue } from './change-queue.ts'

interface Topic { readonly id: number; readonly edit: number }
type Step = { readonly does: 'edit' | 'delete'; readonly at: number } | { readonly does: 'add' | 'send' | 'answer' | 'fail' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constantFrom('edit' as const, 'delete' as const), at: fc.nat(5) }), fc.record({ does: fc.constantFrom('add' as const, 'send' as const, 'answer' as const, 'fail' as const) }))
const made = (topics: readonly Topic[], { at, topic }: TopicChange): Topic[] => (at === null ? [...topics, topic as Topic] : topics.toSpliced(at, 1, ...(topic === null ? [] : [topic as Topic])))

test('every change lands on the topic it was made of', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const queue = new ChangeQueue()
    let text: Topic[] = [0, 1, 2, 3].map((id) => ({ id, edit: 0 }))
    const wanted = new Map(text.map(({ id, edit }) => [id, edit]))
    let [count, sent] = [10, null as TopicChange | null]
    const answers = (): void => {
      if (sent !== null) text = made(text, sent)
      queue.answered(sent !== null)
      sent = null
    }
    for (const one of steps) {
      count++
      if (one.does === 'add') {
        queue.put({ at: null, topic: { id: count, edit: count } })
        wanted.set(count, count)
      } else if (one.does === 'send') sent ??= queue.send()
      else if (one.does === 'answer') answers()
      else if (one.does === 'fail') {
        queue.failed(true)
        sent = null
      } else if ('at' in one) {
        const topic = text[one.at]
        if (topic === undefined) continue
        queue.put({ at: one.at, topic: one.does === 'delete' ? null : { id: topic.id, edit: count } })
        if (one.does === 'delete') wanted.delete(topic.id)
        else if (wanted.has(topic.id)) wanted.set(topic.id, count)
      }
      const reloaded = new ChangeQueue() // what is kept leads to the same
      for (const change of queue.all) reloaded.put(change)
      expect(ended(reloaded, text)).toEqual(wanted)
    }
    for (answers(); !queue.isEmpty; answers()) sent = queue.send()
    expect(new Map(text.map(({ id, edit }) => [id, edit]))).toEqual(wanted)
  }))
})

function ended(queue: ChangeQueue, topics: readonly Topic[]): Map<number, number> {
  let text = [...topics]
  for (let sent = queue.send(); sent !== null; sent = queue.send()) {
    text = made(text, sent)
    queue.answered(true)
  }
  return new Map(text.map(({ id, edit }) => [id, edit]))
}

test('a deletion that the text did not take moves nothing, and what is not asked again is gone', () => {
  const queue = new ChangeQueue()
  for (const change of [{ at: 0, topic: null }, { at: 1, topic: 'b' }]) queue.put(change)
  queue.send()
  queue.answered(false)
  expect(queue.all).toEqual([{ at: 1, topic: 'b' }])
  queue.send()
  queue.failed(false)
  expect(queue.isEmpty).toBe(true)
})

test('topics are shown with the newest edit of each, also with one that is on its way', () => {
  const queue = new ChangeQueue()
  queue.put({ at: 0, topic: 'first' })
  queue.send()
  for (const change of [{ at: 1, topic: 'B' }, { at: 0, topic: 'A' }, { at: 2, topic: null }, { at: null, topic: 'd' }, { at: 9, topic: 'nowhere' }]) queue.put(change)
  expect(queue.over(['a', 'b', 'c'])).toEqual(['A', 'B', 'c'])
})
