import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forgottenName, isForgottenName } from './forgotten-name.ts'

test('the name is the begin of the SHA-256 of the id, however long and in whatever script it is', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(260).map((length) => 'a'.repeat(length))), (id) => {
    expect(forgottenName(id)).toBe(`forgotten:${createHash('sha256').update(id).digest('hex').slice(0, 32)}`)
    expect(isForgottenName(forgottenName(id))).toBe(true)
  }), { numRuns: 1000 })
})

test.each(['forgotten:12', 'weibo:1', `forgotten:${'g'.repeat(32)}`])('%s is the id of a mention', (name) => { expect(isForgottenName(name)).toBe(false) })
