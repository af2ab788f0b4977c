// The gauges: what stands at the moment of a scrape, read from one sample that the shell gives.
import { Gauge, type Registry } from 'prom-client'

/** Whatever is absent or null is not exposed: an unknown lag is not a lag of zero. */
export interface MetricsSample {
  readonly streamLagMessages?: number // stream's last sequence − position
  readonly streamBytes?: number
  readonly streamBytesMax?: number
  readonly positionSeq?: number
  readonly eventClockLagSeconds?: number | null // now − event clock
  readonly batchesInPool?: number
  readonly insertsWaiting?: number
  readonly insertBytesWaiting?: number
  readonly workers?: number
  readonly topics?: number
  readonly topicsFilling?: number
  readonly alarmBudgetPerDay?: number
  readonly seenIds?: number
  readonly seenIdsMax?: number
  readonly seenHorizonSeconds?: number | null // age of the oldest id
  readonly cascadeMentions?: number
  readonly cascadeTrees?: number
  readonly cascadeWaiting?: number
  readonly cascadeRings?: number
  readonly cascadesEvicted?: number
  readonly cascadesTold?: number
  readonly cascadesUntold?: number
  readonly checkpointAgeSeconds?: number | null
  readonly checkpointBytes?: number
  readonly sourcesStale?: number
  readonly sourcesBlind?: number
  readonly diskFreeBytes?: number
  readonly canarySeconds?: number | null // the newest: published → in a frame
  readonly canaryAgeSeconds?: number | null // since the newest came through
  readonly outboxDeliveries?: number
  readonly outboxOldestSeconds?: number | null
  readonly destinationsDisabled?: number
  readonly liveClients?: number
  readonly problems?: number
  readonly storeUp?: boolean
  readonly natsUp?: boolean
}

const described: Readonly<Record<keyof MetricsSample, readonly [name: string, help: string]>> = {
  streamLagMessages: ['groundswell_stream_lag_messages', 'Messages of the input stream that are not carried out yet'],
  streamBytes: ['groundswell_stream_bytes', 'Size of the input stream'],
  streamBytesMax: ['groundswell_stream_bytes_max', 'Size at which the input stream refuses publishers'],
  positionSeq: ['groundswell_position_sequence', 'Last sequence of the input stream that is carried out'],
  eventClockLagSeconds: ['groundswell_event_clock_lag_seconds', 'Now minus the event clock'],
  batchesInPool: ['groundswell_pool_batches', 'Batches at the workers or waiting for one'],
  insertsWaiting: ['groundswell_inserts_waiting', 'Inserts that wait for the store'],
  insertBytesWaiting: ['groundswell_insert_waiting_bytes', 'Bytes that wait for the store'],
  workers: ['groundswell_workers', 'Worker threads'],
  topics: ['groundswell_topics', 'Topics of the rules in force'],
  topicsFilling: ['groundswell_topics_filling', 'Topics whose past is being filled in'],
  alarmBudgetPerDay: ['groundswell_alarm_budget_per_day', 'False alarms a day that the baselines of the rules in force are allowed, all topics together'],
  seenIds: ['groundswell_seen_ids', 'Ids that duplicates are recognised among'],
  seenIdsMax: ['groundswell_seen_ids_max', 'Ids that are remembered before the oldest is forgotten'],
  seenHorizonSeconds: ['groundswell_dedup_horizon_seconds', 'Age of the oldest id that duplicates are recognised among'],
  cascadeMentions: ['groundswell_cascade_mentions', 'Mentions that cascades are followed in'],
  cascadeTrees: ['groundswell_cascades', 'Cascades of two mentions or more in memory'],
  cascadeWaiting: ['groundswell_cascade_mentions_waiting', 'Mentions whose parent or root is not in memory'],
  cascadeRings: ['groundswell_cascade_rings', 'Cascades in memory whose mentions answer each other in a ring'],
  cascadesEvicted: ['groundswell_cascades_evicted', 'Cascades of two mentions or more that left memory since the state began'],
  cascadesTold: ['groundswell_cascades_told', 'Cascades that spread rules tell of now'],
  cascadesUntold: ['groundswell_spread_rules_untold', 'Spread rules that were reached and not told, because too many cascades are told of'],
  checkpointAgeSeconds: ['groundswell_checkpoint_age_seconds', 'Since the newest checkpoint was taken'],
  checkpointBytes: ['groundswell_checkpoint_bytes', 'Size of the newest checkpoint, segments of ids left out'],
  sourcesStale: ['groundswell_sources_stale', 'Sources that are silent for twice their cadence'],
  sourcesBlind: ['groundswell_sources_blind', 'Sources that are silent for as long as the settings call blind'],
  diskFreeBytes: ['groundswell_disk_free_bytes', 'Free on the disk of the data folder'],
  canarySeconds: ['groundswell_canary_seconds', 'Time of the newest test mention from its publishing to a frame of the wall'],
  canaryAgeSeconds: ['groundswell_canary_age_seconds', 'Since a test mention last came through'],
  outboxDeliveries: ['groundswell_outbox_deliveries', 'Alerts that wait for a destination'],
  outboxOldestSeconds: ['groundswell_outbox_oldest_seconds', 'Age of the oldest alert that waits'],
  destinationsDisabled: ['groundswell_destinations_disabled', 'Webhooks that answered 410 and get no more alerts'],
  liveClients: ['groundswell_live_clients', 'Walls and desks that are connected'],
  problems: ['groundswell_problems', 'Problems that the wall shows'],
  storeUp: ['groundswell_store_up', '1 while the store answers'],
  natsUp: ['groundswell_nats_up', '1 while NATS is connected'],
}

/** Registers the gauges; answers the function that names where their values come from. */
export function gauges(registry: Registry): (sample: () => MetricsSample) => void {
  let take: () => MetricsSample = () => ({})
  const keys = Object.keys(described) as (keyof MetricsSample)[]
  // The registry asks each gauge in turn within one scrape: the first asks for the sample, the last lets it go.
  let sample: MetricsSample = {}
  for (const [index, key] of keys.entries()) {
    const [name, help] = described[key]
    const gauge = new Gauge({ name, help, registers: [registry], collect() {
      if (index === 0) sample = take()
      const value = sample[key]
      gauge.reset()
      if (value === undefined || value === null) gauge.remove()
      else gauge.set(Number(value))
    } })
  }
  return (next) => { take = next }
}
