// What the yaml package finds wrong, under a code of ours: its English words stay, other languages have words of their own for what it tells apart.
import { said, type Said } from '@groundswell/schemas/problem.ts'
import type { ProblemCode } from '@groundswell/schemas/problem-texts.ts'

type Told = Extract<ProblemCode, `yaml${string}`>
const codes: Readonly<Record<string, Exclude<Told, 'yaml-documents' | 'yaml-deep' | `yaml-alias${string}`>>> = {
  BAD_INDENT: 'yaml-indent', TAB_AS_INDENT: 'yaml-tab', DUPLICATE_KEY: 'yaml-key-twice', MULTILINE_IMPLICIT_KEY: 'yaml-key-lines', KEY_OVER_1024_CHARS: 'yaml-key-long',
  MISSING_CHAR: 'yaml-missing', BLOCK_AS_IMPLICIT_KEY: 'yaml-nested', BLOCK_IN_FLOW: 'yaml-nested', BAD_SCALAR_START: 'yaml-start', BAD_DQ_ESCAPE: 'yaml-escape', BAD_DIRECTIVE: 'yaml-directive', UNEXPECTED_TOKEN: 'yaml-unexpected',
  ALIAS_PROPS: 'yaml-name', BAD_ALIAS: 'yaml-name', MULTIPLE_ANCHORS: 'yaml-name', BAD_PROP_ORDER: 'yaml-name', TAG_RESOLVE_FAILED: 'yaml-tag', MULTIPLE_TAGS: 'yaml-tag', BAD_COLLECTION_TYPE: 'yaml-tag',
}

/** `code` and `words` are the package's; '' where it threw. */
export function yamlProblem(code: string, words: string): Said {
  if (words.includes('multiple documents')) return said('yaml-documents')
  if (words.includes('call stack')) return said('yaml-deep')
  if (words.startsWith('Missing closing')) return said('yaml-quote', { words })
  return said(codes[code] ?? 'yaml', { words })
}

/** Of a file whose names (`&`, `*`) cannot be followed, which the package throws. */
export function unreadable(words: string): Said {
  if (words.includes('call stack')) return said('yaml-deep')
  if (words.startsWith('Unresolved alias')) return said('yaml-alias-unknown', { words })
  return words.startsWith('Excessive alias') ? said('yaml-aliases-many', { words }) : said('file-unreadable', { words })
}
