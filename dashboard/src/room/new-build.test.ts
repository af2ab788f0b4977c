import { describe, expect, test } from 'vitest'
import { filesOf, noProbeYet, otherBuild, probeDue, reloadTimes } from './new-build.ts'

const html = (hash: string): string => `<!doctype html><script type="module" crossorigin src="./assets/index-${hash}.js"></script><link rel="stylesheet" crossorigin href="./assets/index-${hash}.css"><link rel="icon" href="./icon.svg">`
const answers = (files: Readonly<Record<string, string | null>>) => (path: string): Promise<{ ok: boolean; text: () => Promise<string> }> => {
  const body = files[path]
  if (body === undefined) return Promise.reject(new Error('away'))
  return Promise.resolve({ ok: body !== null, text: () => Promise.resolve(body ?? 'error') })
}
const own = filesOf(html('aa'))

test('a build is the names of its hashed files', () => expect(own).toEqual(['./assets/index-aa.css', './assets/index-aa.js']))

describe('W24: the page loads itself anew only after the probe of another build succeeded', () => {
  test.each([
    { why: 'another build, complete', files: { './': html('bb'), './assets/index-bb.js': 'x', './assets/index-bb.css': 'x' }, reload: true },
    { why: 'the same build', files: { './': html('aa') }, reload: false },
    { why: 'another build, a file is missing', files: { './': html('bb'), './assets/index-bb.js': 'x', './assets/index-bb.css': null }, reload: false },
    { why: 'another build, nobody answers in the middle', files: { './': html('bb'), './assets/index-bb.js': 'x' }, reload: false },
    { why: 'a page of a proxy', files: { './': '<h1>502</h1>' }, reload: false },
    { why: 'a refusal', files: { './': null }, reload: false },
    { why: 'nobody', files: {}, reload: false },
  ])('$why', async ({ files, reload }) => expect(await otherBuild(own, answers(files))).toBe(reload))
  test('a page that does not know its own build stays', async () => expect(await otherBuild([], answers({ './': html('bb'), './assets/index-bb.js': 'x', './assets/index-bb.css': 'x' }))).toBe(false))
})

test('it asks every ten minutes, and at once when the engine is another one, but never in its first ten minutes or while something severe is news', () => {
  const at = (minutes: number, changes: Partial<{ epoch: string | null; busy: boolean }> = {}): Parameters<typeof probeDue>[1] => ({ upMs: minutes * 60_000, epoch: 'e1', busy: false, ...changes })
  expect([probeDue(noProbeYet, at(9.9)), probeDue(noProbeYet, at(10)), probeDue(noProbeYet, at(10, { busy: true })), probeDue(noProbeYet, at(10, { epoch: null }))]).toEqual([false, true, false, false])
  const watch = { probedAt: 20 * 60_000, epoch: 'e1' }
  expect([probeDue(watch, at(29)), probeDue(watch, at(30)), probeDue(watch, at(21, { epoch: 'e2' })), probeDue({ ...watch, epoch: null }, at(21))]).toEqual([false, true, true, false])
  expect(reloadTimes.upMsMin).toBeGreaterThanOrEqual(600_000)
})
