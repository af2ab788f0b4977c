import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

const valuesOf = (text: string) => new Map(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
  const at = line.lastIndexOf(' ')
  return [line.slice(0, at), Number(line.slice(at + 1))] as const
}))
const batch = { rows: 0, messages: 1, bytes: 10, seconds: 0.001, reasons: {}, unknownFields: 0, wrongTypes: 0, platformDiffers: 0 }

test('what is counted is what is exposed', async () => {
  const metrics = createMetrics('1.2.3')
  metrics.messagesRead('mentions', 3, 900)
  metrics.fates({ counted: 5, late: 1, skewed: 0, duplicates: 2 })
  metrics.fates({ counted: 5, late: 0, skewed: 1, duplicates: 0 })
  metrics.batchEnriched({ ...batch, rows: 13, reasons: { 'not-json': 2 }, unknownFields: 4 })
  metrics.inserted({ table: 'mentions', rows: 12, bytes: 4000, seconds: 0.02 })
  metrics.alertDelivered('webhook', 'retried')
  metrics.baselineHappened('begin', 'moderate')
  metrics.requestAnswered({ method: 'GET', route: '/api/stats', status: 200, seconds: 0.004 })
  const values = valuesOf(await metrics.text())
  expect(values.get('groundswell_build_info{version="1.2.3"}')).toBe(1)
  expect(values.get('groundswell_messages_total{kind="mentions"}')).toBe(3)
  expect(values.get('groundswell_baseline_events_total{state="begin",grade="moderate"}')).toBe(1)
  expect(values.get('groundswell_mentions_total{fate="counted"}')).toBe(10)
  expect(values.get('groundswell_mentions_total{fate="duplicate"}')).toBe(2)
  expect(values.get('groundswell_dead_letters_total{reason="not-json"}')).toBe(2)
  expect(values.get('groundswell_unknown_fields_total')).toBe(4)
  expect(values.get('groundswell_insert_rows_total{table="mentions"}')).toBe(12)
  expect(values.get('groundswell_alert_deliveries_total{destination="webhook",outcome="retried"}')).toBe(1)
  expect(values.get('groundswell_http_requests_total{method="GET",route="/api/stats",status="2xx"}')).toBe(1)
})

test('gauges show the sample of the scrape, and an unknown value is absent, not zero', async () => {
  const metrics = createMetrics('1')
  let calls = 0
  let clockLag: number | null = 3
  metrics.sampleWith(() => { calls += 1; return { streamLagMessages: 7, eventClockLagSeconds: clockLag, storeUp: true, natsUp: false } })
  const first = valuesOf(await metrics.text())
  expect([first.get('groundswell_stream_lag_messages'), first.get('groundswell_event_clock_lag_seconds'), first.get('groundswell_store_up'), first.get('groundswell_nats_up')]).toEqual([7, 3, 1, 0])
  expect(first.has('groundswell_workers')).toBe(false)
  clockLag = null
  expect(valuesOf(await metrics.text()).has('groundswell_event_clock_lag_seconds')).toBe(false)
  expect(calls).toBe(2)
})

test('values from outside cannot grow the number of series', async () => {
  const metrics = createMetrics('1')
  const before = valuesOf(await metrics.text()).size
  for (let index = 0; index < 1000; index += 1) {
    metrics.batchEnriched({ ...batch, reasons: { [`reason-${index}`]: 1 } })
    metrics.inserted({ table: `t${index}`, rows: 1, bytes: 1, seconds: 1 })
    metrics.requestAnswered({ method: `M${index}`, route: `/r${index}`, status: 200, seconds: 1 })
  }
  expect(valuesOf(await metrics.text()).size - before).toBeLessThan(1000)
})

test('names follow the conventions: our prefix, counters end in _total, times in seconds', async () => {
  const text = await createMetrics('1').text()
  for (const [, name, type] of text.matchAll(/^# TYPE (groundswell_\S+) (\S+)$/gm)) {
    if (type === 'counter') expect(name).toMatch(/_total$/)
    else expect(name).not.toMatch(/_total$/)
    expect(name).not.toMatch(/_(ms|milliseconds|kb|mb)(_|$)/)
  }
})
