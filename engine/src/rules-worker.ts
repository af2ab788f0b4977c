// The thread of the rules editor: checks and edits rules files, which takes a second where they are large, and runs queries over a sample of mentions that
// it keeps. The engine never waits for it.
import type { RulesAnswers, RulesTask } from './io/rules-thread/rules-thread.ts'
import { previewOf } from './query-preview.ts'
import { rulesChanges } from './rules-changes.ts'
import { editTopic, readRulesForForm } from './rules-edit.ts'

const previewMs = 3000
let sample: { readonly id: number; readonly lines: readonly Uint8Array[] } | null = null

export function workOn(task: RulesTask): RulesAnswers[RulesTask['kind']] {
  switch (task.kind) {
    case 'read': return readRulesForForm(task.text)
    case 'edit': {
      const text = editTopic(task.text, task.edit)
      return text === null ? null : readRulesForForm(text)
    }
    case 'changes': return rulesChanges(task.before, task.after)
    case 'sample':
      sample = { id: task.id, lines: task.lines }
      return true
    case 'preview': {
      if (sample?.id !== task.sample) return null
      const until = performance.now() + previewMs
      return previewOf(task.question, { sample: sample.lines, passed: () => performance.now() > until })
    }
    default: return task satisfies never
  }
}
