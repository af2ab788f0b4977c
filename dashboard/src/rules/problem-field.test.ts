import { expect, test } from 'vitest'
import { problemField } from './problem-field.ts'

test.each([
  { path: 'topics.2.id', topic: 2, field: '[data-field="id"]' }, { path: 'topics.0', topic: 0, field: '[data-field="id"]' }, { path: 'topics.0.nme', topic: 0, field: '[data-field="id"]' },
  { path: 'topics.0.name.en', topic: 0, field: '[data-field="en"]' }, { path: 'topics.0.name', topic: 0, field: '[data-field="zh"]' }, { path: 'topics.11.query', topic: 11, field: '[data-field="query"]' },
  { path: 'topics.1.velocity.3.count', topic: 1, field: '[data-lines="velocity"] [data-line="3"] [data-field="count"]' }, { path: 'topics.1.velocity.3.within', topic: 1, field: '[data-lines="velocity"] [data-line="3"] [data-field="within"]' },
  { path: 'topics.1.spread.0.size', topic: 1, field: '[data-lines="spread"] [data-line="0"] [data-field="count"]' }, { path: 'topics.1.spread.0', topic: 1, field: '[data-lines="spread"] [data-line="0"] [data-field="count"]' }, { path: 'topics.1.velocity', topic: 1, field: '[data-lines="velocity"] [data-add-line]' },
  { path: 'topics.1.baseline.alarmBudget', topic: 1, field: '[data-field="budget"], [data-field="baseline"]' },
])('$path is told at $field', ({ path, topic, field }) => expect(problemField(path)).toEqual({ topic, field }))

test.each(['', 'topics', 'room.zone', 'topicsx.1.id', 'topics.x.id'])('%s is about no topic', (path) => expect(problemField(path)).toBeNull())
