// Random actions for property tests: a few people, alerts and topics, so that they meet.
import fc from 'fast-check'
import type { Action } from '@groundswell/schemas/action.ts'
import type { Grade } from '@groundswell/schemas/grade.ts'

const grade = fc.constantFrom<Grade>('minor', 'moderate', 'severe')
export const randomPerson = fc.constantFrom('li', 'wang', 'zhao')

/** `until` is what `ends` gives. */
export function randomAction({ alerts, topics, ends }: { readonly alerts: readonly string[]; readonly topics: readonly string[]; readonly ends: fc.Arbitrary<number> }): fc.Arbitrary<Action> {
  const [alert, topic] = [fc.constantFrom(...alerts), fc.constantFrom(...topics)]
  const of = <What extends string>(what: What) => fc.record({ what: fc.constant(what), alert })
  return fc.oneof(
    of('acknowledge' as const), of('work' as const), of('resolve' as const), of('reopen' as const),
    fc.record({ what: fc.constant('assign' as const), alert, to: fc.option(randomPerson) }), fc.record({ what: fc.constant('note' as const), alert, text: fc.constant('calls the carrier') }),
    fc.record({ what: fc.constant('silence' as const), topic, grade, until: ends, reason: fc.constant('known') }), fc.record({ what: fc.constant('unsilence' as const), topic }),
    fc.record({ what: fc.constant('pin' as const), topic, until: ends }), fc.constant({ what: 'unpin' as const }),
  )
}
