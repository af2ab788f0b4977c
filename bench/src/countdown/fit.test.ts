import { countdownConstants } from '@groundswell/engine/src/core/4-detect/countdown-constants.ts'
import { expect, test } from 'vitest'
import { seededCrises } from './crises.ts'
import { fit, lossOf } from './fit.ts'
import { Forecasts } from './forecasts.ts'

test('constants that are wrong are fitted back: the loss falls by most of what was lost, the same way every time', () => {
  const forecasts = new Forecasts(seededCrises(3), new Float32Array(2_000_000))
  forecasts.play(() => undefined)
  const rows = Array.from({ length: forecasts.size }, (_, n) => n)
  const wrong = { ...countdownConstants, level: { ...countdownConstants.level, base: 1.2 } }
  const fitted = () => fit(forecasts, rows, wrong, { steps: 40, batch: 60, seed: 1, rate: 0.05, told: () => undefined })
  const constants = fitted()
  const loss = { wrong: lossOf(forecasts, rows, wrong), right: lossOf(forecasts, rows, countdownConstants), fitted: lossOf(forecasts, rows, constants) }
  expect(loss.wrong).toBeGreaterThan(loss.right)
  expect(loss.wrong - loss.fitted).toBeGreaterThan(0.5 * (loss.wrong - loss.right))
  expect(fitted()).toEqual(constants)
})
