// Which field of the form a problem is about, so that who wants to save is led to it.

/** `path`: of the rules file, as `topics.2.velocity.0.count`. */
export interface ProblemPlace { readonly topic: number; readonly field: string } // field: a selector within the form

/** Null: it is about no topic, and the text of the file shows it. */
export function problemField(path: string): ProblemPlace | null {
  const [, at, part = '', rest = ''] = /^topics\.(\d+)(?:\.([^.]+))?(?:\.(.*))?$/.exec(path) ?? []
  return at === undefined ? null : { topic: Number(at), field: selectorOf(part, rest) }
}

function selectorOf(part: string, rest: string): string {
  if (part === 'name') return named(rest === 'en' ? 'en' : 'zh')
  if (part === 'baseline') return `${named('budget')}, ${named('baseline')}`
  if (part !== 'velocity' && part !== 'spread') return named(part === 'query' ? 'query' : 'id')
  const [line = '', value = ''] = rest.split('.')
  const lines = `[data-lines="${part}"]`
  return /^\d+$/.test(line) ? `${lines} [data-line="${line}"] ${named(value === 'within' || value === 'grade' ? value : 'count')}` : `${lines} [data-add-line]`
}

const named = (field: string): string => `[data-field="${field}"]`
