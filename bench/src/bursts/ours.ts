// The product's own code over counts a minute, driven as the engine drives it: the topic's adaptive half looks at the minutes in which mentions came, and
// at all of them while an alarm is open.
import { Adaptive } from '@groundswell/engine/src/core/adaptive.ts'
import { baselineLimits } from '@groundswell/engine/src/core/3-measure/baseline.ts'
import { Gaps } from '@groundswell/engine/src/core/3-measure/gaps.ts'
import { TopicWheels } from '@groundswell/engine/src/core/3-measure/topic-wheels.ts'

export interface Alarm { readonly begin: number; end: number } // indices of minutes; the end Infinity where it is open at the last

/** `from`: minute since 1970 of the first count. */
export function ourAlarms({ from, counts }: { readonly from: number; readonly counts: Uint32Array }, alarmBudget: string): Alarm[] {
  const rules = { id: 'topic', name: { zh: 'topic', en: 'topic' }, query: 'topic', baseline: { alarmBudget } }
  const wheels = new TopicWheels(rules, from * 60)
  const adaptive = new Adaptive(rules, from * 60)
  const gaps = new Gaps(baselineLimits.sliceSeconds)
  const alarms: Alarm[] = []
  for (let i = 0; i < counts.length; i++) {
    const minute = from + i
    const count = counts[i]!
    if (count > 0) wheels.minutes.add(minute, minute, count)
    else if (!adaptive.isRestless) continue
    for (const { state } of adaptive.look({ wheels, gaps, minute, tripped: false, isHeld: false })) {
      // A begin while one is open: the same event is told again, for its grade rises. Whoever is woken counts it.
      const open = alarms.at(-1)
      if (open?.end === Infinity) open.end = i
      if (state === 'begin') alarms.push({ begin: i, end: Infinity })
    }
  }
  return alarms
}
