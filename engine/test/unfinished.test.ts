// What a killed run leaves in the cache of the tests goes with the next, and nothing else does.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { forgetUnfinished } from '../../vitest.cache.ts'

function cacheOf(folders: Readonly<Record<string, number>>): string {
  const cache = mkdtempSync(join(tmpdir(), 'groundswell-cache-'))
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }))
  for (const [name, at] of Object.entries(folders)) {
    mkdirSync(join(cache, name, 'store'), { recursive: true })
    writeFileSync(join(cache, name, 'store', 'part'), 'half')
    utimesSync(join(cache, name), at / 1000, at / 1000)
  }
  return cache
}

test('what was being made over an hour ago is removed; what is being made, what is whole and other names stay', () => {
  const now = Date.parse('2026-03-01T08:00:00Z'), hour = 3_600_000
  const cache = cacheOf({ 'making-old': now - hour - 1000, 'making-old.77': now - 5 * hour, 'making-now': now - hour + 1000, whole: now - 90 * hour, 'building-old': now - 90 * hour })
  forgetUnfinished(cache, 'making-', now)
  expect(readdirSync(cache).sort()).toEqual(['building-old', 'making-now', 'whole'])
  forgetUnfinished(cache, 'making-', now)
  expect(readdirSync(cache).sort()).toEqual(['building-old', 'making-now', 'whole'])
})

test('where nothing was kept yet nothing is removed', () => {
  const cache = cacheOf({})
  forgetUnfinished(join(cache, 'none'), 'making-', 0)
  expect(existsSync(join(cache, 'none'))).toBe(false)
})
