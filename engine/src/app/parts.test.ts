import { expect, test } from 'vitest'
import { createLog } from '../io/log/log.ts'
import { createMetrics } from '../io/metrics/metrics.ts'
import { Problems } from '../pipeline/problems.ts'
import { diskTeller, fullnessTeller, storeTellers } from './parts.ts'

test('each death of the store is an ERROR, a restart in the metrics and a problem until it is back; one that keeps dying says where to look', async () => {
  const lines: string[] = []
  const problems = new Problems(() => 7)
  const metrics = createMetrics('1')
  const { onDeath, onBack } = storeTellers({ log: createLog({ readable: false, write: (line) => lines.push(line) }), problems, metrics })
  onDeath({ detail: 'it ended with SIGKILL', againInMs: 250, often: false })
  expect(problems.list).toEqual([{ kind: 'store-down', since: 7, detail: expect.stringMatching(/died: it ended with SIGKILL.*250 ms.*nobody need act/) }])
  onDeath({ detail: 'it ended with SIGSEGV', againInMs: 5000, often: true })
  expect(problems.list[0]?.detail).toMatch(/keeps dying: it ended with SIGSEGV.*memory and disk.*5 s/)
  onBack()
  expect(problems.list).toEqual([])
  expect(lines.map((line) => JSON.parse(line) as { level: string }).map(({ level }) => level)).toEqual(['error', 'error', 'warn'])
  expect(await metrics.text()).toContain('groundswell_part_restarts_total{part="store"} 2')
})

test('a stream with no room for a large message is an ERROR once, one with room again a WARN; one without a limit is never full', () => {
  const levels: string[] = []
  const tell = fullnessTeller(createLog({ readable: false, write: (line) => levels.push((JSON.parse(line) as { level: string }).level) }))
  const bytesMax = 128 << 20
  for (const left of [64 << 20, 1 << 20]) tell({ bytes: bytesMax - left, bytesMax })
  tell({ bytes: 1e12, bytesMax: -1 })
  expect(levels).toEqual([])
  for (const left of [(1 << 20) - 1, 0, 2 << 20]) tell({ bytes: bytesMax - left, bytesMax })
  expect(levels).toEqual(['error'])
  for (const left of [7 << 20, 64 << 20, 100]) tell({ bytes: bytesMax - left, bytesMax })
  expect(levels).toEqual(['error', 'warn', 'error'])
})

test('a disk that gets low is an ERROR with the words of the wall, again when half of the room is gone, and over with a WARN', () => {
  const levels: string[] = []
  const problems = new Problems(() => 7)
  const tell = diskTeller({ log: createLog({ readable: false, write: (line) => levels.push((JSON.parse(line) as { level: string }).level) }), problems })
  const low = (free: number) => tell({ folder: '/data', free, detail: `${free} left` })
  low(1000)
  low(900)
  expect([levels, problems.list]).toEqual([['error'], [{ kind: 'disk-low', since: 7, detail: '900 left' }]])
  low(400)
  tell(null)
  expect([levels, problems.list]).toEqual([['error', 'error', 'warn'], []])
  low(1000)
  expect(levels.at(-1)).toBe('error')
})
