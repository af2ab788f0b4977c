// The engine's Prometheus metrics: each stage has typed functions that count, and one sample of what stands now is taken at
// each scrape. Label values are bounded: no topic, no id, no author ever becomes a label.
import type { Grade } from '@groundswell/schemas/grade.ts'
import { rejectReasons } from '@groundswell/schemas/mention.ts'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { durabilityCounters, type DurabilityMetrics } from './durability.ts'
import { gauges, type MetricsSample } from './sample.ts'

export interface Metrics extends DurabilityMetrics {
  readonly contentType: string
  /** The exposition of now. */
  text(): Promise<string>
  /** What stands now; called at each scrape, absent keys are not set. */
  sampleWith(sample: () => MetricsSample): void

  /** Messages taken from the input stream, by kind of subject. */
  messagesRead(kind: 'mentions' | 'commands' | 'ticks', messages: number, bytes: number): void
  batchEnriched(batch: BatchFigures): void
  fates(figures: { readonly counted: number; readonly late: number; readonly skewed: number; readonly duplicates: number }): void
  stepTook(seconds: number): void
  inserted(insert: { readonly table: string; readonly rows: number; readonly bytes: number; readonly seconds: number }): void
  insertFailed(table: string): void
  eventHappened(kind: 'spike' | 'clear', grade: Grade): void
  /** A topic, or a platform of it, left what is normal for it or came back. */
  baselineHappened(state: 'begin' | 'end', grade: Grade): void
  /** A spread rule was reached or its cascade is over; a cascade ignited; accounts acted together. */
  spreadHappened(kind: 'begin' | 'end' | 'ignition' | 'coordination', grade: Grade): void
  alertDelivered(destination: 'nats' | 'webhook', outcome: AlertOutcome): void
  frameSent(frame: { readonly kind: 'snapshot' | 'frame'; readonly clients: number }): void
  /** A client that could not take a frame, or was refused. */
  liveTrouble(kind: 'behind' | 'resync' | 'refused' | 'silent'): void
  requestAnswered(request: { readonly method: string; readonly route: string; readonly status: number; readonly seconds: number }): void
  natsTrouble(kind: 'down' | 'recreated' | 'gap'): void
  rulesRefused(): void
}

export type AlertOutcome = 'delivered' | 'retried' | 'expired' | 'dropped' | 'refused' | 'disabled'

export interface BatchFigures {
  readonly rows: number
  readonly messages: number
  readonly bytes: number
  readonly seconds: number // in the worker
  readonly reasons: Readonly<Record<string, number>> // dead letters by reason
  readonly unknownFields: number
  readonly wrongTypes: number
  readonly platformDiffers: number
}

const knownReasons = new Set<string>(rejectReasons)
const knownTables = new Set(['mentions', 'dead_letters', 'spikes', 'alerts', 'rules', 'positions', 'canaries', 'cascades', 'actions'])
const knownMethods = new Set(['GET', 'POST', 'HEAD', 'OPTIONS'])
const routesMax = 64

export function createMetrics(version: string): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'groundswell_build_info', help: 'Always 1; the version is the label', labelNames: ['version'], registers: [registry] }).set({ version }, 1)
  const sampleWith = gauges(registry)
  return { contentType: registry.contentType, text: () => registry.metrics(), sampleWith, ...ingestCounters(registry), ...storeCounters(registry), ...outCounters(registry), ...httpCounters(registry), ...durabilityCounters(registry) }
}

function counter(registry: Registry, name: string, help: string) {
  return new Counter({ name, help, registers: [registry] })
}

function ingestCounters(registry: Registry) {
  const messages = new Counter({ name: 'groundswell_messages_total', help: 'Messages read from the input stream', labelNames: ['kind'], registers: [registry] })
  const messageBytes = counter(registry, 'groundswell_message_bytes_total', 'Bytes of the messages read from the input stream')
  const mentions = new Counter({ name: 'groundswell_mentions_total', help: 'Valid mentions by what became of them', labelNames: ['fate'], registers: [registry] })
  const deadLetters = new Counter({ name: 'groundswell_dead_letters_total', help: 'Lines that are no mention, by reason', labelNames: ['reason'], registers: [registry] })
  const unknownFields = counter(registry, 'groundswell_unknown_fields_total', 'Fields that no mention has; kept in extra')
  const wrongTypes = counter(registry, 'groundswell_wrong_types_total', 'Optional fields of a wrong type; kept in extra')
  const platformDiffers = counter(registry, 'groundswell_platform_differs_total', 'Mentions whose platform is not that of their subject')
  const batchRows = new Histogram({ name: 'groundswell_batch_mentions', help: 'Mentions in a batch', buckets: [1, 10, 100, 500, 1000, 2000, 5000, 10_000], registers: [registry] })
  const batchBytes = new Histogram({ name: 'groundswell_batch_bytes', help: 'Bytes of a batch', buckets: [1e3, 1e4, 1e5, 262_144, 524_288, 1_048_576, 4_194_304], registers: [registry] })
  const enrich = new Histogram({ name: 'groundswell_enrich_seconds', help: 'Time of a worker for a batch', buckets: [1e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 1], registers: [registry] })
  const step = new Histogram({ name: 'groundswell_step_seconds', help: 'Time of the core for an input', buckets: [1e-5, 1e-4, 5e-4, 1e-3, 5e-3, 0.01, 0.05, 0.25], registers: [registry] })
  for (const fate of ['counted', 'late', 'skewed', 'duplicate']) mentions.inc({ fate }, 0)
  return {
    messagesRead: (kind, count, bytes) => { messages.inc({ kind }, count); messageBytes.inc(bytes) },
    batchEnriched: (batch) => {
      batchRows.observe(batch.rows)
      batchBytes.observe(batch.bytes)
      enrich.observe(batch.seconds)
      for (const [reason, count] of Object.entries(batch.reasons)) deadLetters.inc({ reason: knownReasons.has(reason) ? reason : 'other' }, count)
      unknownFields.inc(batch.unknownFields)
      wrongTypes.inc(batch.wrongTypes)
      platformDiffers.inc(batch.platformDiffers)
    },
    fates: ({ counted, late, skewed, duplicates }) => {
      mentions.inc({ fate: 'counted' }, counted)
      mentions.inc({ fate: 'late' }, late)
      mentions.inc({ fate: 'skewed' }, skewed)
      mentions.inc({ fate: 'duplicate' }, duplicates)
    },
    stepTook: (seconds) => step.observe(seconds),
  } satisfies Partial<Metrics>
}

function storeCounters(registry: Registry) {
  const rows = new Counter({ name: 'groundswell_insert_rows_total', help: 'Rows inserted, by table', labelNames: ['table'], registers: [registry] })
  const bytes = new Counter({ name: 'groundswell_insert_bytes_total', help: 'Bytes inserted, by table', labelNames: ['table'], registers: [registry] })
  const seconds = new Histogram({ name: 'groundswell_insert_seconds', help: 'Time of an insert, retries included', labelNames: ['table'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60], registers: [registry] })
  const failures = new Counter({ name: 'groundswell_insert_failures_total', help: 'Attempts to insert that failed; they are retried', labelNames: ['table'], registers: [registry] })
  const trouble = new Counter({ name: 'groundswell_nats_trouble_total', help: 'Losses of NATS, recreated streams, and messages that were gone before they were read', labelNames: ['kind'], registers: [registry] })
  const refused = counter(registry, 'groundswell_rules_refused_total', 'Rules files that were refused; the old rules stayed')
  const named = (table: string) => ({ table: knownTables.has(table) ? table : 'other' })
  return {
    inserted: (insert) => {
      rows.inc(named(insert.table), insert.rows)
      bytes.inc(named(insert.table), insert.bytes)
      seconds.observe(named(insert.table), insert.seconds)
    },
    insertFailed: (table) => failures.inc(named(table)),
    natsTrouble: (kind) => trouble.inc({ kind }),
    rulesRefused: () => refused.inc(),
  } satisfies Partial<Metrics>
}

function outCounters(registry: Registry) {
  const events = new Counter({ name: 'groundswell_threshold_events_total', help: 'Thresholds that tripped and cleared, by grade', labelNames: ['kind', 'grade'], registers: [registry] })
  const baselineEvents = new Counter({ name: 'groundswell_baseline_events_total', help: 'Alarms of baselines that began (again where their grade rose) and that ended, by grade: hold those that ended against groundswell_alarm_budget_per_day', labelNames: ['state', 'grade'], registers: [registry] })
  const spreadEvents = new Counter({ name: 'groundswell_spread_events_total', help: 'Spread rules that cascades reached (begin) and that are over (end), quiet cascades that ignited, accounts that shared the same repeatedly, by grade', labelNames: ['kind', 'grade'], registers: [registry] })
  const alerts = new Counter({ name: 'groundswell_alert_deliveries_total', help: 'Attempts to deliver alerts, by kind of destination and outcome', labelNames: ['destination', 'outcome'], registers: [registry] })
  const frames = new Counter({ name: 'groundswell_live_sent_total', help: 'Snapshots and frames sent, once per client', labelNames: ['kind'], registers: [registry] })
  const trouble = new Counter({ name: 'groundswell_live_trouble_total', help: 'Clients that fell behind, asked for a snapshot, were refused or fell silent', labelNames: ['kind'], registers: [registry] })
  return {
    eventHappened: (kind, grade) => events.inc({ kind, grade }),
    baselineHappened: (state, grade) => baselineEvents.inc({ state, grade }),
    spreadHappened: (kind, grade) => spreadEvents.inc({ kind, grade }),
    alertDelivered: (destination, outcome) => alerts.inc({ destination, outcome }),
    frameSent: ({ kind, clients }) => frames.inc({ kind }, clients),
    liveTrouble: (kind) => trouble.inc({ kind }),
  } satisfies Partial<Metrics>
}

function httpCounters(registry: Registry) {
  const requests = new Counter({ name: 'groundswell_http_requests_total', help: 'HTTP requests by route and status class', labelNames: ['method', 'route', 'status'], registers: [registry] })
  const seconds = new Histogram({ name: 'groundswell_http_request_seconds', help: 'Time of an HTTP answer', labelNames: ['route'], buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10], registers: [registry] })
  const routes = new Set<string>()
  return {
    requestAnswered: (request) => {
      if (routes.size < routesMax) routes.add(request.route)
      const route = routes.has(request.route) ? request.route : 'other'
      const method = knownMethods.has(request.method) ? request.method : 'other'
      requests.inc({ method, route, status: `${Math.floor(request.status / 100)}xx` })
      seconds.observe({ route }, request.seconds)
    },
  } satisfies Partial<Metrics>
}
