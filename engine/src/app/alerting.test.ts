import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { InProcessStream } from '../io/in-process/stream.ts'
import { createLog } from '../io/log/log.ts'
import { createMetrics } from '../io/metrics/metrics.ts'
import { receiver, until } from '../io/notify/test-receiver.ts'
import { loadSettings } from '../io/settings/settings.ts'
import { openAlerts } from './alerting.ts'

const second = Date.parse('2015-06-15T16:12:44Z') / 1000
const name = { zh: '断网', en: 'Outage' }
const event = { kind: 'spike', id: 'a', topic: 'outage', rule: { count: 5, within: '2h' }, grade: 'severe', at: '2015-06-15T16:12:44Z', count: 5 } as const
const row = { id: 'a', topic: 'outage', name, grade: 'severe', rule: event.rule, at: event.at, count: 5, clearedAt: null } as const

test.each([
  { mode: 'live', arrivedAfterMs: 1000, said: 'live' },
  { mode: 'live', arrivedAfterMs: 86_400_000, said: 'replay' },
  { mode: 'demo', arrivedAfterMs: 86_400_000, said: 'demo' },
] as const)('a webhook says $said, as the wall does, where a $mode engine gets what is $arrivedAfterMs ms old', async ({ mode, arrivedAfterMs, said }) => {
  const data = mkdtempSync(join(tmpdir(), 'groundswell-alerting-'))
  const hook = await receiver()
  const stream = new InProcessStream({ now: Date.now })
  const settings = { ...loadSettings({ flags: { data }, env: {}, cwd: data }), webhooks: [{ url: hook.url, secret: `whsec_${Buffer.alloc(24).toString('base64')}`, grades: ['severe'] as const }] }
  const figures = { storedRows: 0, inputAt: 0, mentionsAt: second * 1000 + arrivedAfterMs, forgotten: null }
  const alerting = await openAlerts({ settings, stream, log: createLog({ level: 'error' }), metrics: createMetrics('1'), mode, figures, engine: { clock: second } })
  onTestFinished(async () => { await alerting.close(); await stream.close(); await hook.close(); rmSync(data, { recursive: true, force: true }) })
  await alerting.enqueue(event, row)
  await until(() => hook.state.got.length > 0)
  expect(JSON.parse(hook.state.got[0]!.body)).toMatchObject({ data: { id: 'a', mode: said } })
})
