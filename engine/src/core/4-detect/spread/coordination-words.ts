// Coordinated behaviour as the message that leaves the process: what was shared together, in numbers. Evidence, never a verdict on anybody.
import type { IdentifiedCoordinationEvent } from '@groundswell/schemas/spike.ts'
import { isoSecond } from '../iso-second.ts'
import type { CoordinationEvidence } from './coordination-evidence.ts'

/** Keys stand in the order of the contract; the id is `<topic>/coordination/<at>`. */
export function identifyCoordination({ topic, accounts, shares, objects, capped, since }: CoordinationEvidence, second: number): IdentifiedCoordinationEvent {
  const at = isoSecond(second)
  return {
    kind: 'coordination', topic, grade: 'minor', at, since: isoSecond(since), accounts, shares, objects, capped,
    reason: {
      zh: `${accounts} 个账号多次在一分钟内发布相同内容：${shares} 对、${objects} 个文本、链接或根帖${capped ? '；另有未计入的' : ''}`,
      en: `${accounts} accounts repeatedly shared the same within a minute: ${shares} pairs of shares over ${objects} texts, links and roots${capped ? '; not all pairs could be kept' : ''}`,
    },
    id: `${topic}/coordination/${at}`,
  }
}
