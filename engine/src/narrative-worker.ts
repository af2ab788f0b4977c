// The thread that reads what a topic's mentions say: lines of the store in, narratives or moments out.
import type { NarrativeAnswers, NarrativeTask } from './io/narrative-thread/narrative-thread.ts'
import { saidRows } from './narratives/said-rows.ts'
import { tellMoments } from './narratives/tell-moments.ts'
import { tellNarratives } from './narratives/tell-narratives.ts'

export function readOut(task: NarrativeTask): NarrativeAnswers[NarrativeTask['kind']] {
  switch (task.kind) {
    case 'narratives': return tellNarratives({ ...task, now: saidRows(task.now), before: saidRows(task.before) })
    case 'moments': return tellMoments(saidRows(task.rows), task.max)
    default: return task satisfies never
  }
}
