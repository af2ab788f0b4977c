// The front of the house: HTTP API, live feed, metrics – each reads what the engine and the store know, none changes it.
import { fileURLToPath } from 'node:url'
import type { Room, TopicRow } from '@groundswell/schemas/live.ts'
import type { TopicRules } from '@groundswell/schemas/rules.ts'
import type { OnlineBackups } from '../backup/online-backup.ts'
import { deadLettersOf, reasonsOf } from '../io/clickhouse/dead-letters.ts'
import { seriesOf, spikesOf } from '../io/clickhouse/reads.ts'
import { roomBudget } from '../core/4-detect/room-budget.ts'
import { BackupRefused } from '../io/http/backup.ts'
import { CascadeThread } from '../io/cascade-thread/cascade-thread.ts'
import { createHttp } from '../io/http/http.ts'
import type { Health } from '../io/http/shapes.ts'
import { createLive } from '../io/live/live.ts'
import { NarrativeThread } from '../io/narrative-thread/narrative-thread.ts'
import type { LivePicture } from '../io/live/diff-picture.ts'
import type { MetricsSample } from '../io/metrics/sample.ts'
import { openAccess } from './access.ts'
import { Cascades } from './cascades.ts'
import { openDesk } from './desk.ts'
import { Evidence } from './evidence.ts'
import type { House } from './house.ts'
import { insideOf } from './inside.ts'
import { liveTeller } from './live-trouble.ts'
import { modeOf } from './mode.ts'
import { fullnessTeller } from './parts.ts'
import { recordWalls, wallReplay } from './pictures.ts'
import { dismissLetters, replayLetters } from './replay.ts'
import { screenReads } from './screen-reads.ts'
import { OwnRulesDesk } from './rules-desk.ts'
import type { RulesFileKeeper } from './rules-file-keeper.ts'
import { raiseBlind, silenceSample } from './silence.ts'
import { statsOf } from './stats.ts'
import { watchStream } from './stream-state.ts'
import { topicHistories } from './topic-history.ts'

export interface Front {
  readonly url: string
  clients(): number
  /** Takes the picture that a frame would be made of. */
  look(): void
  close(): Promise<void>
}

const dashboard = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url))
const lagMsMax = 15_000

export async function openFront(house: House, { extra, backups, rulesFile }: { readonly extra: () => MetricsSample; readonly backups: OnlineBackups; readonly rulesFile: RulesFileKeeper }): Promise<Front> {
  const { settings, metrics, engine, store, stream, log } = house
  const screen = screenReads(store)
  const { reader, told } = screen
  const access = await openAccess(house, screen)
  const histories = topicHistories(reader)
  const thread = new CascadeThread()
  const narratives = new NarrativeThread()
  const desk = openDesk({ engine, stream, now: Date.now }, { reader, told })
  const cascades = new Cascades({ live: engine.cascades, clock: () => engine.clock, store: reader, told, thread, pseudonym: (hash) => access.accountKeys.pseudonym(hash), keys: access.accountKeys, now: Date.now })
  const rulesDesk = new OwnRulesDesk({ house, file: rulesFile, reads: screen })
  const evidence = new Evidence({ store: reader, told, keys: access.accountKeys, thread: narratives, now: Date.now })
  const http = await createHttp({
    ...access, wall: wallReplay(house, screen, Date.now),
    version: house.version, token: settings.token, listen: settings.listen, hosts: settings.hosts, dashboard, log: log.child({ part: 'http' }),
    now: Date.now, metrics, clock: () => engine.clock,
    health: () => healthOf(house),
    stats: () => statsOf(house),
    topics: () => topicsOf(house),
    topic: (id) => {
      const rules = rulesOf(house, id)
      return rules && { id, rules, now: engine.topic(id) }
    },
    rulesOf: (id) => rulesOf(house, id),
    someTopics: (max) => house.rules.rules.topics.slice(0, max).map(({ id }) => id),
    series: async ({ topic, windowSeconds, from, to }) => {
      const { points } = await told(seriesOf(reader, { topic, fromSecond: from / 1000, toSecond: to / 1000, stepSeconds: windowSeconds }))
      return points.map(({ at, count }) => ({ at: new Date(at * 1000).toISOString(), count }))
    },
    history: (asked) => told(histories({ ...asked, live: engine.normal(asked.rules.id, asked.stepSeconds) })), countdowns: (topic) => engine.countdowns(topic), cascades: () => cascades, evidence: () => evidence, desk, rulesDesk: () => rulesDesk,
    spikes: ({ topic, from, to, limit }) => told(spikesOf(reader, {
      limit, ...(topic === null ? {} : { topic }), ...(from === null ? {} : { fromSecond: Math.ceil(from / 1000) }), ...(to === null ? {} : { toSecond: Math.max(0, Math.ceil(to / 1000) - 1) }),
    })),
    deadLetters: (question) => told(deadLettersOf(reader, question)),
    deadLetterReasons: (question) => told(reasonsOf(reader, question)),
    replay: (question) => replayLetters({ store, stream, metrics, now: Date.now }, question),
    dismiss: (question) => dismissLetters({ store, stream, now: Date.now }, question),
    doctor: () => insideOf(house, shownOf(house), sample()),
    backup: async ({ pid, by }) => {
      if (pid !== null && pid !== process.pid) throw new BackupRefused(409, `process ${pid} has that data folder, and here answers process ${process.pid}`, 'name the port of its API with --http PORT')
      return backups.begin(by)
    },
    backupCopied: (name) => backups.end(name),
    publish: (subject, bytes, id) => stream.publish(subject, bytes, id),
    onRequest: (request) => metrics.requestAnswered(request),
  })
  const live = createLive({
    httpServer: http.server, room: () => roomOf(house), picture: () => pictureOf(house), problems: () => shownOf(house),
    refusal: http.refusal, lost: http.lost, onSent: (sent) => metrics.frameSent(sent), onTrouble: liveTeller(log, (kind) => metrics.liveTrouble(kind), Date.now),
    onError: (error) => log.error('the live feed could not take its picture', { error }),
  })
  const streamWatch = watchStream(stream, Date.now, fullnessTeller(log))
  const sample = (): MetricsSample => ({ ...sampleOf(house, live.clients()), ...silenceSample(house), ...streamWatch.sample(house.inserter.position), ...extra() })
  metrics.sampleWith(sample)
  try {
    const { url } = await http.listen(settings.http)
    const stopRecording = recordWalls(house, () => live.look())
    return { url, clients: () => live.clients(), look: () => { pictureOf(house) }, close: async () => { stopRecording(); streamWatch.close(); await live.close(); await http.close(); await thread.close(); await narratives.close(); await rulesDesk.close(); await access.closeAccess() } }
  } catch (error) {
    streamWatch.close()
    await live.close()
    await thread.close(); await narratives.close(); await rulesDesk.close()
    throw error
  }
}

function pictureOf({ engine, figures, canaries }: House): LivePicture {
  const { now: _now, filling: _filling, ...picture } = engine.picture(Date.now())
  return { ...picture, totals: { ...picture.totals, stored: figures.storedRows }, canary: canaries.show(Date.now()) }
}

const roomOf = (house: House): Room => ({ title: house.settings.room.title, zone: house.settings.room.zone, mode: modeOf(house), version: house.version, run: String(house.stream.created) })

function problemsOf(house: House): House['problems']['list'] {
  const { problems, figures } = house
  const lag = figures.inputAt === 0 ? 0 : Date.now() - figures.inputAt
  if (lag > lagMsMax && !problems.has('nats-down')) problems.raise('lagging', `the engine is ${Math.round(lag / 1000)} s behind its input`)
  else problems.over('lagging')
  raiseBlind(house)
  return problems.list
}

/** With what the room must know of the start: of one kind, what is wrong now goes first. */
function shownOf(house: House): House['problems']['list'] {
  const problems = problemsOf(house)
  return [...problems, ...house.startNotes().filter(({ kind }) => !house.problems.has(kind))]
}

const rulesOf = ({ rules }: House, id: string): TopicRules | null => rules.rules.topics.find((topic) => topic.id === id) ?? null

function topicsOf({ engine, rules }: House): { id: string; rules: TopicRules; now: TopicRow | null }[] {
  const { topics } = rules.rules
  const rows = new Map(engine.topics(topics.length).map((row) => [row.id, row]))
  return topics.map((topic) => ({ id: topic.id, rules: topic, now: rows.get(topic.id) ?? null }))
}

function healthOf(house: House): Health {
  const byKind = new Map(problemsOf(house).map((problem) => [problem.kind, problem.detail]))
  const part = (detail: string | undefined, well: string) => ({ ok: detail === undefined, detail: detail ?? well })
  const parts = {
    nats: part(byKind.get('nats-down') ?? byKind.get('stream-recreated'), house.stream.kind === 'nats' ? 'connected' : 'in-process source: nothing comes over NATS'),
    store: part(byKind.get('store-down'), 'inserts go through'),
    engine: part(byKind.get('lagging'), wellOf(house)),
  }
  return { ok: Object.values(parts).every(({ ok }) => ok), parts }
}

function wellOf({ engine }: House): string {
  const { seq } = engine.position
  return engine.waiting.length > 0 ? `at sequence ${seq}; ${engine.waiting.length} topics are being filled from the store` : `at sequence ${seq}`
}

function spreadSample({ nodes, trees, waiting, rings, evictedTrees, told, untold }: House['engine']['spread']): MetricsSample {
  return { cascadeMentions: nodes, cascadeTrees: trees, cascadeWaiting: waiting, cascadeRings: rings, cascadesEvicted: evictedTrees, cascadesTold: told, cascadesUntold: untold }
}

function sampleOf(house: House, clients: number): MetricsSample {
  const { engine, inserter, pool, rules, problems, canaries: { newest } } = house
  return {
    positionSeq: inserter.position, eventClockLagSeconds: engine.clock === null ? null : Date.now() / 1000 - engine.clock, batchesInPool: pool.queued, insertsWaiting: inserter.waiting, insertBytesWaiting: inserter.bytesWaiting, seenIds: engine.seenIds,
    workers: pool.workers, topics: rules.rules.topics.length, topicsFilling: engine.waiting.length, alarmBudgetPerDay: roomBudget(rules.rules).perDay,
    ...spreadSample(engine.spread),
    canarySeconds: newest && newest.latencyMs / 1000, canaryAgeSeconds: newest && (Date.now() - newest.at) / 1000,
    liveClients: clients, problems: shownOf(house).length, storeUp: !problems.has('store-down'), natsUp: !problems.has('nats-down'),
  }
}
