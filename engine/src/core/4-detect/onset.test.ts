import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StateReader, StateWriter } from '../state.ts'
import { Onset, onsetFactors } from './onset.ts'

interface Minute { readonly gap: number; readonly count: number; readonly usual: number }
const minutes = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 40 }), count: fc.nat(30), usual: fc.double({ min: 0.01, max: 8, noNaN: true }) }), { minLength: 1, maxLength: 60 })

/** Over all beginnings and factors the one that explains the whole history best, by its likelihood against "normal". */
function mostLikely(history: readonly Minute[]): number {
  const flat = history.flatMap(({ gap, count, usual }) => [...Array.from({ length: gap - 1 }, () => ({ count: 0, usual })), { count, usual }]).slice(history[0]!.gap - 1)
  let best = { gain: 0, since: flat.length * 60 }
  onsetFactors.forEach((factor) => {
    let gain = 0
    for (let from = flat.length - 1; from >= 0; from--) {
      gain += flat[from]!.count * Math.log(factor) - (factor - 1) * flat[from]!.usual
      if (gain > best.gain + 1e-9) best = { gain, since: from * 60 }
    }
  })
  return best.since
}

function fed(history: readonly Minute[], onset = new Onset(), from = { second: -1 }): Onset {
  history.forEach(({ gap, count, usual }) => {
    from.second += from.second < 0 ? 60 : gap * 60
    onset.add(from.second, { seconds: 60, count, usual })
  })
  return onset
}

test('the beginning is the one that explains the whole history best, however long nothing came in between', () => {
  fc.assert(fc.property(minutes, (history) => { expect(fed(history).since).toBe(mostLikely(history)) }), { numRuns: 500 })
})

test('a saved one answers ever after as the one that was saved', () => {
  fc.assert(fc.property(minutes, minutes, (before, after) => {
    const at = { second: -1 }
    const onset = fed(before, new Onset(), at)
    const out = new StateWriter()
    onset.save(out)
    const loaded = new Onset()
    loaded.load(new StateReader(out.written))
    const again = { second: at.second }
    for (const minute of after) expect(fed([minute], loaded, again).since).toBe(fed([minute], onset, at).since)
  }))
})

test('what is missing speaks neither for normal nor against it', () => {
  const onset = new Onset()
  onset.add(59, { seconds: 60, count: 20, usual: 4 })
  onset.skip(86_399)
  onset.add(86_459, { seconds: 60, count: 20, usual: 4 })
  expect(onset.since).toBe(0)
})
