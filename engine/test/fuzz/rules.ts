// Any text as a rules file: taken and then usable, or refused with problems that each have a line and a column in it.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { compileMatcher } from '../../src/core/2-enrich/matcher/compile.ts'
import { hintsOf, parseRules, type RulesProblem } from '../../src/core/2-enrich/rules-file.ts'
import { edited, edits, promised, type Target } from './target.ts'

const odd = fc.constantFrom<unknown>(null, '', 0, -1, Infinity, '1e999', 2 ** 53, true, [], {}, 'x'.repeat(300), '断网', '(', 'NOT a', '__proto__', '10m', '8d', '0s', '1.5h', ['a'])
const velocity = fc.record({ count: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 1e9 }) }, odd), within: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('10s', '90s', '10m', '2h', '7d', '121m') }, odd), grade: fc.oneof(fc.constantFrom('minor', 'severe'), odd) }, { requiredKeys: ['count', 'within'] })
const topic = fc.record({
  id: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', 'b', 'outage', 'A-1') }, odd), query: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('断网', 'a OR b', '(a b) NOT c', 'a NEAR/3 b', 'comp*') }, odd),
  name: fc.oneof(fc.constantFrom({ zh: '断网', en: 'Outage' }, { zh: '网' }, {}), odd), velocity: fc.oneof({ weight: 4, arbitrary: fc.array(velocity, { maxLength: 3 }) }, odd),
  baseline: fc.oneof(fc.constantFrom({ alarmBudget: '2 per 8h' }, {}, { alarmBudget: '0 per 8h' }, { alarmBudget: '1 per 8d' }, { alarmBudget: '9999999999999999999999 per 1s' }), fc.record({ alarmBudget: odd }), odd), spread: fc.oneof(fc.constant([{ size: 5, within: '1h' }]), odd), extra: odd,
}, { requiredKeys: ['id', 'query'] })
const written = fc.tuple(fc.oneof({ weight: 8, arbitrary: fc.array(topic, { maxLength: 4 }) }, odd), fc.constantFrom((value: unknown) => JSON.stringify(value), (value: unknown) => JSON.stringify(value, null, 1), (value: unknown) => stringify(value), (value: unknown) => stringify(value, { collectionStyle: 'flow' })))
  .map(([topics, write]) => write({ topics }))
const hand = `# a comment
velocities: &fast
  - { count: 100, within: 10m }
topics:
  - id: outage
    name: { zh: 断网, en: Outage }
    query: >-
      断网 OR "no service"
      NOT 演练
    velocity: *fast
  - { id: b, query: 'it''s', velocity: [ { <<: { count: 5 }, within: 2h } ] }
`
const snippets = ['&a ', '*a', '*fast', '<<: *a', '<<: [*a, *a]', '---\n', '...\n', '%YAML 1.2\n', '!!binary ', '!!js/function ', '!!set ', '!', '? ', ': ', '- ', '|\n', '>-\n', '|9\n', "'", '"', '"\\x', '\t', '\n', '\r', '\u0000', '\ufeff', '\u2028', '{', '}', '[', ']', ',', '#', ' #', '@', '`', '%', '0x', '0o7', '1e9999', '.inf', '.nan', '~', '\nid: x', '\n  id: x', 'topics:', '\n- ', '\n    ', '"\\ud800"', '__proto__: ']
const bomb = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom('topics: *a0\n', '', 'topics: [*a0, *a1]\n'))
  .map(([levels, wide, tail]) => `a0: &a0 [x]\n${Array.from({ length: levels }, (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: wide }, () => `*a${n}`).join(', ')}]\n`).join('')}${tail}`)
const merges = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4 })).map(([levels, wide]) => `m0: &m0 { id: a }\n${Array.from({ length: levels }, (_, n) => `m${n + 1}: &m${n + 1} { <<: [${Array.from({ length: wide }, () => `*m${n}`).join(', ')}] }\n`).join('')}topics: [ *m${levels} ]\n`)
const nested = fc.tuple(fc.constantFrom('[', '{a: ', '- ', '? ', '\n'.padEnd(3), '!x ', '"'), fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 2, max: 60 }) }, { weight: 1, arbitrary: fc.integer({ min: 500, max: 3000 }) }), fc.constantFrom('', 'topics: ')).map(([open, times, before]) => before + open.repeat(times))
const text = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(written, edits(snippets, 3)).map(([base, changes]) => decoded(edited(Buffer.from(base), changes))) },
  { weight: 5, arbitrary: edits(snippets, 4).map((changes) => decoded(edited(Buffer.from(hand), changes))) },
  { weight: 2, arbitrary: written },
  { weight: 1, arbitrary: bomb }, { weight: 1, arbitrary: merges }, { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...snippets, 'topics', 'id', 'a'), { maxLength: 16 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)
const decoded = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

export const rules: Target<string> = {
  name: 'rules', share: 0.15,
  promise: 'taken, and then the same when written again and compiled; or refused with lines and columns of the text',
  inputs: text,
  check(whole) {
    const parsed = parseRules(whole)
    if (!parsed.ok) {
      promised(parsed.problems.length > 0 && parsed.problems.length <= 100, () => `it is refused with ${parsed.problems.length} problems`)
      for (const problem of parsed.problems) placedWell(whole, problem)
      return
    }
    compileMatcher(parsed.rules)
    for (const hint of hintsOf(whole, parsed.rules)) placedWell(whole, hint)
    const again = parseRules(JSON.stringify(parsed.rules))
    promised(again.ok && isDeepStrictEqual(again.rules, parsed.rules), () => `the rules that were taken are not taken again as they are: ${JSON.stringify(again).slice(0, 500)}`)
  },
}

function placedWell(whole: string, { line, column, message }: RulesProblem): void {
  const lines = whole.split('\n')
  promised(message !== '' && Number.isInteger(line) && line >= 1 && line <= lines.length, () => `the problem "${message}" is on line ${line} of ${lines.length}`)
  promised(Number.isInteger(column) && column >= 1 && column <= lines[line - 1]!.length + 1, () => `the problem "${message}" is in column ${column} of line ${line}, which has ${lines[line - 1]!.length} characters`)
}
