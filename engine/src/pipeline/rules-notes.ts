// What of right rules is perhaps not what was meant, beyond their queries: grades that go against their counts. Each note has its place in the file, as a problem has.
import { grades, levelRank } from '@groundswell/schemas/grade.ts'
import { inEnglish, said, type Said } from '@groundswell/schemas/problem.ts'
import type { Rules, TopicRules } from '@groundswell/schemas/rules.ts'
import { LineCounter, parseDocument, type Document, type Node } from 'yaml'
import type { RulesProblem } from '../core/2-enrich/rules-file.ts'

type Path = readonly (string | number)[]
interface Note { readonly path: Path; readonly said: Said }

/** In the order of the file's topics; `text` is what `rules` were read from. */
export function notesOf(text: string, rules: Rules): RulesProblem[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true })
  return rules.topics.flatMap((topic, index) => contrary(topic).map(({ path, said: what }) => {
    const whole = ['topics', index, ...path]
    const offset = offsetOf(document, whole)
    const { line, col } = lines.linePos(offset)
    return { line, column: Array.from(text.slice(offset - col + 1, offset)).length + 1, path: whole.join('.'), message: inEnglish(what), said: what }
  }))
}

/** A rule without a grade is as good as minor. */
function contrary({ id, velocity = [] }: TopicRules): Note[] {
  const rank = (at: number): number => levelRank(velocity[at]?.grade ?? grades[0])
  return velocity.flatMap((rule, at) => {
    const lower = velocity.findIndex((other, its) => other.within === rule.within && rank(its) < rank(at) && other.count > rule.count)
    if (lower < 0) return []
    const other = velocity[lower]!
    return [{ path: ['velocity', at], said: said('grades-contrary', { topic: id, grade: rule.grade ?? grades[0], count: rule.count, within: rule.within, lower: other.grade ?? grades[0], more: other.count }) }]
  })
}

/** Where the value at a path begins; of the nearest value around it where it was merged in from elsewhere. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const range = (document.getIn(path.slice(0, length), true) as Node | null | undefined)?.range
    if (range) return range[0]
  }
  return 0
}
