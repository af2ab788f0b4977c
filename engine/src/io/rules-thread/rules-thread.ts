// A thread for the rules editor: started when somebody writes rules, ended when nobody has for five minutes.
import { AskedThread } from '../../asked-thread.ts'
import type { Preview, PreviewQuestion } from '../../query-preview.ts'
import type { RulesChanges } from '../../rules-changes.ts'
import type { RulesRead, TopicEdit } from '../../rules-edit.ts'

export type RulesTask =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'edit'; readonly text: string; readonly edit: TopicEdit }
  | { readonly kind: 'changes'; readonly before: string | null; readonly after: string }
  | { readonly kind: 'sample'; readonly id: number; readonly lines: readonly Uint8Array<ArrayBuffer>[] } // lines: own their buffers, which go along
  | { readonly kind: 'preview'; readonly question: PreviewQuestion; readonly sample: number }

/** Null: the text cannot be edited by a form; the sample is not there (any more). */
export interface RulesAnswers {
  readonly read: RulesRead
  readonly edit: RulesRead | null
  readonly changes: RulesChanges | null
  readonly sample: true
  readonly preview: Preview | null
}

/** Too much is asked at once, or the answer takes too long. */
export class RulesThreadBusy extends Error {
  override readonly name = 'RulesThreadBusy'
}

export class RulesThread extends AskedThread<RulesTask, RulesAnswers> {
  constructor(worker: URL = new URL('../../rules-worker.ts', import.meta.url)) {
    super(worker, { name: 'workOn', waitingMax: 16, idleMs: 300_000, answerMs: 20_000, heapMb: 1024, done: 'worked-out', Busy: RulesThreadBusy, buffersOf })
  }
}

const buffersOf = (task: RulesTask): ArrayBuffer[] => (task.kind === 'sample' ? task.lines.map(({ buffer }) => buffer) : [])
