// The live protocol over socket.io: one `snapshot` on connect, then `frame`s at most every 250 ms, each with epoch and seq.
// A client that sees another epoch, or a seq that is not its last + 1, emits `resync` and gets a new snapshot.
import type { Handling, Pin, Silence } from './action.ts'
import type { Grade, Level } from './grade.ts'
import type { SpreadMeasure } from './rules.ts'
import type { ThresholdEvent } from './spike.ts'
import type { Stage } from './stage.ts'

export const liveLimits = { topicsMax: 24, alertsMax: 50, sourcesMax: 32, sparkMinutes: 60, frameMs: 250 } as const

export interface Bilingual { readonly zh: string; readonly en: string }

/** One topic as the wall ranks it. */
export interface TopicRow {
  readonly id: string
  readonly name: Bilingual
  readonly level: Level // worst rule now tripped
  readonly taken?: true // somebody has its gravest open alert, or a silence covers its level: it stands behind those of its level that nobody has seen
  readonly count: number // distinct mentions in the window, current second included
  readonly window: string // e.g. "2h": of the next rule, the untripped one nearest to its threshold; of the highest where all have tripped
  readonly threshold: number | null // the count of that rule; null where the topic has no velocity rule
  readonly perMinute: number // mentions of the last 60 s
  readonly ratio: number | null // mentions of the last 10 min over what 10 min normally hold; null until enough is known
  readonly usual: UsualFigure | null // what its last ten minutes would hold if nothing were the matter; null until enough is known
  readonly stage: Stage | null // null while too little is known to tell
  readonly acceleration: number | null // mentions a minute, per minute, over the last 15 min; null while not known
  readonly countdown: CountdownFigure | null // of the rule shown; null where there is none, it has tripped, or too little is known
  readonly filling: boolean // true while its past is being filled in: counts are too low
  readonly newestAt: number | null // ingest time (ms) of its newest arrival
  readonly platforms: readonly (readonly [platform: string, count: number])[] // of the last hour, most first, at most 4; none while they are not known of the whole hour (its past was filled in)
  readonly negativeShare: number | null // of the last hour, 0…1; null without mentions, and while it is not known of the whole hour
  readonly spark: readonly number[] // mentions a minute, sparkMinutes long, oldest first, the running minute last; −1: not known (a gap is not zero)
}

/** What is normal for a topic now: for the last ten minutes, at this hour of the week. */
export interface UsualFigure {
  readonly count: number // on average
  readonly high: number // 99 of 100 such windows hold at most this many
}

/** When a fixed threshold that has not tripped will. The interval holds the truth in 80 of 100 cases. */
export interface CountdownFigure {
  readonly count: number // the rule: `count` within `within`
  readonly within: string
  readonly horizonSeconds: number
  readonly probability: number // 0…1: that it trips within the horizon
  readonly eta: number | null // event time, seconds: as likely before as after; null where it is more likely not to trip within the horizon
  readonly low: number | null // 10 % are earlier; null where that lies beyond the horizon
  readonly high: number | null // 10 % are later; null where that lies beyond the horizon
}

/** Freshness of a platform, by ingest time: fresh, stale at twice its cadence, blind after a set time. */
export interface SourceRow {
  readonly platform: string
  readonly newestAt: number // ingest time (ms) of its newest arrival
  readonly cadenceMs: number | null // typical time between arrivals; null until known
  readonly lastHour: number // mentions of the last 60 min
  readonly blindSince: number | null // ms: since when it is silent for longer than the room allows; null while it is not
}

/** Why the baseline gave an alarm. */
export interface AlertEvidence {
  readonly reason: Bilingual
  readonly usual: number // what the window holds on average at this hour of the week
  readonly falseAlarms: number // alarms like this or worse that the span of the budget brings when nothing is the matter
}

/** Which cascade a spread rule alerts on, and why. */
export interface AlertSpread {
  readonly root: string // id of its root
  readonly measure: SpreadMeasure
  readonly threshold: number
  readonly value: number // what the rule measures, when it was told
  readonly size: number // mentions then
  readonly reason: Bilingual
}

export interface AlertRow {
  readonly id: string
  readonly topic: string
  readonly name: Bilingual
  readonly grade: Grade
  readonly rule: ThresholdEvent['rule']
  readonly at: string // ISO, event time
  readonly count: number
  readonly clearedAt: string | null
  readonly evidence?: AlertEvidence // of an alarm of the baseline: then `rule` is what 99 of 100 such windows stay within
  readonly spread?: AlertSpread // of a spread rule: then `rule` is its threshold, rounded up, and its span, `count` its value, rounded down
  readonly handling?: Handling // absent: nobody touched it
  readonly source?: string // the platform that is blind: then `topic` is `source:<platform>`, `rule` no mention within that time, `at` ingest time
}

export interface Totals {
  readonly stored: number
  readonly counted: number
  readonly duplicates: number
  readonly late: number
  readonly skewed: number
  readonly deadLetters: number
  readonly perMinute: number // counted mentions of the last 60 s of event time
  readonly spark: readonly number[] // as TopicRow.spark, over all mentions
}

/** live: real input · demo: the built-in drill · replay: an old recording (the event clock is far from now). */
export type Mode = 'live' | 'demo' | 'replay'

export interface Room {
  readonly title: Bilingual
  readonly zone: string // IANA, e.g. Asia/Shanghai
  readonly mode: Mode
  readonly version: string
  readonly run?: string // which input stream it is that all of this comes from; another one is another run, of which nothing that was shown before is true. Absent in pictures that were kept before it was told
}

export interface Snapshot {
  readonly epoch: string // changes when the engine restarts
  readonly seq: number
  readonly serverNow: number // ms
  readonly clock: number | null // event clock, seconds
  readonly room: Room
  readonly totals: Totals
  readonly topics: readonly TopicRow[] // most urgent first, at most topicsMax
  readonly topicsTotal: number // how many topics are watched in all
  readonly sources: readonly SourceRow[]
  readonly alerts: readonly AlertRow[] // newest first
  readonly silences: readonly Silence[] // that are not over, the next to end first
  readonly pin: Pin | null
  readonly problems: readonly Problem[]
  readonly canary: CanaryFigure | null // the newest that came through; null before the first, and where there are none
}

/** What has changed since the frame before; absent = unchanged. Lists that hold rows hold only changed rows; `order` names them all. */
export interface Frame {
  readonly epoch: string
  readonly seq: number
  readonly serverNow: number
  readonly clock: number | null
  readonly totals?: Totals
  readonly topics?: readonly TopicRow[]
  readonly order?: readonly string[]
  readonly topicsTotal?: number
  readonly sources?: readonly SourceRow[]
  readonly alerts?: readonly AlertRow[] // the whole list
  readonly silences?: readonly Silence[] // the whole list
  readonly pin?: Pin | null
  readonly mode?: Mode
  readonly problems?: readonly Problem[]
  readonly canary?: CanaryFigure | null
}

/** A mention of the engine's own that crossed the whole pipeline: published, decoded, in order, stored, in a frame. */
export interface CanaryFigure {
  readonly at: number // ms: when it was in a frame
  readonly latencyMs: number // from its publishing until then
}

/** Something the room must know about the engine itself; shown as text, in both languages. */
export interface Problem {
  readonly kind: 'store-down' | 'nats-down' | 'rules-refused' | 'lagging' | 'stream-recreated' | 'counted-from-store'
    | 'source-blind' | 'canary-late' | 'disk-low' | 'checkpoint-failed' | 'workers-failing' | 'poison'
  readonly since: number // ms
  readonly detail: string
}

export interface ServerToClient { snapshot: (snapshot: Snapshot) => void; frame: (frame: Frame) => void }
export interface ClientToServer { resync: () => void }
