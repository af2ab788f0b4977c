// Reads just enough of a statement to serve it as a ClickHouse server would: what it does, which format it names, where its data begins.

interface Token { readonly kind: 'word' | 'string' | 'mark'; readonly text: string; readonly start: number; readonly end: number; readonly depth: number }

export interface Statement {
  readonly kind: 'read' | 'write' | 'insert' // read: gives rows back and changes nothing
  readonly format: string | null // of FORMAT X; VALUES counts as Values
  readonly dataAt: number | null // an insert whose data follows: where it begins in the text (its end, if it comes apart)
  readonly formatAt: number | null // where FORMAT or VALUES begins
  readonly settingsAt: number | null // where a top-level SETTINGS begins
  readonly input: { readonly start: number; readonly end: number; readonly structure: string } | null // input('structure'), the quotes included
}

const readVerbs = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS'])

export function readStatement(sql: string): Statement {
  let verb = ''
  let format: Token | null = null
  let formatName: Token | null = null
  let settings: Token | null = null
  let input: Statement['input'] = null
  let before: [Token | null, Token | null] = [null, null]
  for (const token of tokens(sql)) {
    if (token.kind === 'word') {
      const word = token.text.toUpperCase()
      if (verb === '') verb = word
      if (token.depth === 0 && word === 'SETTINGS') settings = token
      if (verb === 'WITH' && token.depth === 0 && word === 'INSERT') verb = word
      if (verb === 'INSERT' && token.depth === 0 && word === 'VALUES') {
        format = formatName = token
        break
      }
      if (token.depth === 0 && before[1]?.kind === 'word' && before[1].text.toUpperCase() === 'FORMAT') {
        format = before[1]
        formatName = token
        if (verb === 'INSERT') break
      }
    }
    if (token.kind === 'string' && before[1]?.text === '(' && before[0]?.text.toLowerCase() === 'input') {
      const close = sql.indexOf(')', token.end)
      if (close >= 0) input = { start: before[0].start, end: close + 1, structure: token.text }
    }
    before = [before[1], token]
  }
  const kind = verb === 'INSERT' ? 'insert' : readVerbs.has(verb) || verb === '' ? 'read' : 'write'
  return {
    kind, input,
    format: formatName === null ? null : formatName === format ? 'Values' : formatName.text,
    formatAt: format?.start ?? null,
    settingsAt: settings?.start ?? null,
    dataAt: kind === 'insert' && formatName ? dataStart(sql, formatName.end) : null,
  }
}

/** ClickHouse skips blanks after the format's name up to and with one line feed. */
function dataStart(sql: string, at: number): number {
  let i = at
  while (sql[i] === ' ' || sql[i] === '\t' || sql[i] === '\r') i++
  return sql[i] === '\n' ? i + 1 : i
}

const wordStart = /[A-Za-z_]/
const wordRest = /[A-Za-z0-9_]/

function* tokens(sql: string): Generator<Token> {
  let depth = 0
  for (let i = 0; i < sql.length;) {
    const char = sql[i]!
    if (sql.startsWith('--', i) || sql.startsWith('#!', i)) i = orEnd(sql.indexOf('\n', i), sql) + 1
    else if (sql.startsWith('/*', i)) i = orEnd(sql.indexOf('*/', i + 2), sql) + 2
    else if (char === '\'' || char === '"' || char === '`') {
      const end = quotedEnd(sql, i)
      yield { kind: char === '\'' ? 'string' : 'mark', text: sql.slice(i, end), start: i, end, depth }
      i = end
    } else if (wordStart.test(char)) {
      let end = i + 1
      while (end < sql.length && wordRest.test(sql[end]!)) end++
      yield { kind: 'word', text: sql.slice(i, end), start: i, end, depth }
      i = end
    } else {
      if (char === ')') depth--
      if (!/\s/.test(char)) yield { kind: 'mark', text: char, start: i, end: i + 1, depth }
      if (char === '(') depth++
      i++
    }
  }
}

const orEnd = (at: number, sql: string): number => (at < 0 ? sql.length : at)

function quotedEnd(sql: string, start: number): number {
  const quote = sql[start]!
  for (let i = start + 1; i < sql.length; i++) {
    if (sql[i] === '\\') i++
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1
      i++
    }
  }
  return sql.length
}

/** A string literal. */
export const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}'`

/** The insert with its data taken from a file instead of from what follows the statement. */
export function insertFromFile(sql: string, statement: Statement, path: string): string {
  const { formatAt, settingsAt, input } = statement
  if (formatAt === null) return sql
  const format = statement.format ?? 'Values'
  const head = sql.slice(0, formatAt)
  if (input) return `${head.slice(0, input.start)}file(${quoted(path)}, ${format}, ${input.structure})${head.slice(input.end)}`
  const at = settingsAt !== null && settingsAt < formatAt ? settingsAt : formatAt
  return `${head.slice(0, at)}FROM INFILE ${quoted(path)} COMPRESSION 'none' ${head.slice(at)} FORMAT ${format}`
}
