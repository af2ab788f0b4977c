import { expect, test } from 'vitest'
import { parseRules } from '../core/2-enrich/rules-file.ts'
import type { Gather } from './inserts.ts'
import { createCarryOut } from './carry-out.ts'
import { RulesInForce } from './rules-in-force.ts'

test('rules are in force since the stream took them, however often they are read again', () => {
  const text = 'topics:\n  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网 }\n'
  const parsed = parseRules(text)
  if (!parsed.ok) throw new Error('the test\'s own rules')
  const at = Date.parse('2026-11-21T06:32:07.123Z')
  for (const start of ['the first run', 'after a restart']) {
    const rules = new RulesInForce({ rules: parsed.rules, rulesSeq: 0, rulesText: text })
    const rows: unknown[] = []
    const none = (): never => expect.unreachable()
    const carryOut = createCarryOut({ stream: { created: 5, announce: none }, enqueue: none, onEvent: none, onRules: (applied) => { rules.replace(applied) }, onRefused: none, fill: none, forget: none, signal: new AbortController().signal, onAnnounceFailed: none })
    carryOut({ kind: 'rules', seq: 9, text, by: 'li' }, { row: (table: string, row: object) => { rows.push([table, row]) } } as unknown as Gather, at)
    expect([rules.seq, rules.by, rules.at], start).toEqual([9, 'li', at])
    expect(rows).toEqual([['rules', { stream: 5, seq: 9, text, by: 'li', appliedAt: '2026-11-21T06:32:07.123Z' }]])
  }
})
