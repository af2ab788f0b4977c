// One run of the chaos test: rounds of a harm at a random moment under steady traffic, then everything comes to rest and the oracle looks.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TopicRow } from '@groundswell/schemas/live.ts'
import { createChance, type Chance } from '../../src/drill/chance.ts'
import { freePortForTest } from '../../src/io/nats/test-server.ts'
import { waitUntil } from '../processes.ts'
import { readHistory } from './history.ts'
import { compare, type Seen } from './oracle.ts'
import { harms, Patient, type Harm } from './patient.ts'
import { ChaosPublisher } from './publisher.ts'
import { openReceiver } from './receiver.ts'
import type { Check } from './same.ts'
import { rules } from './traffic.ts'

export interface ChaosOptions {
  readonly folder: string
  readonly seed: number
  readonly rounds: number
  readonly secondsPerRound: number // at most between a recovery and the next harm
  readonly harms?: readonly Harm[] // all, where absent
  readonly log: (line: string) => void
}

export interface Round { readonly harms: readonly Harm[]; readonly recoverySeconds: number }
export interface ChaosResult {
  readonly rounds: readonly Round[]
  readonly checks: readonly Check[]
  readonly complaints: readonly string[]
  readonly published: { readonly messages: number; readonly again: number; readonly ids: number; readonly seconds: number }
}

const seenMax = 200_000
const cooldownSeconds = 10
const recoveryMs = 120_000
const twoAtOnce = 0.2

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { folder, seed, log } = options
  const chance = createChance(seed)
  const receiver = await openReceiver(createChance(seed + 1))
  const natsPort = await freePortForTest()
  const settings = `webhooks: [ { url: '${receiver.url}', secret: whsec_${Buffer.from('only of this chaos test, nothing').toString('base64')} } ]\nseenMax: ${seenMax}\ncooldown: ${cooldownSeconds}s\ncheckpointEvery: 3s\ncanaryEvery: 5s\nblindAfter: off\n`
  const patient = new Patient({ folder, natsPort, rules, settings })
  const began = performance.now()
  let publisher: ChaosPublisher | null = null
  try {
    await patient.start()
    publisher = await ChaosPublisher.open({ seed, natsPort, http: () => patient.url })
    publisher.start()
    const rounds: Round[] = []
    const order = orderOf(options, chance)
    for (let n = 0; n < options.rounds; n++) {
      await pause(chance.unit() * 1000 * options.secondsPerRound)
      const round = await runRound(patient, publisher, { harms: order(n), chance })
      log(`round ${n + 1} of ${options.rounds}: ${round.harms.join(' and ')}, well again after ${round.recoverySeconds.toFixed(1)} s`)
      rounds.push(round)
    }
    await publisher.drain()
    const published = { messages: publisher.acks, again: publisher.again, ids: publisher.acknowledged.size, seconds: (performance.now() - began) / 1000 }
    log(`${published.ids} ids in ${published.messages} messages are acknowledged; ${published.again} were sent again`)
    const seen = await atRest(patient, publisher, receiver.taken)
    await patient.stop()
    const history = await readHistory(folder)
    await writeFile(join(folder, 'history.ndjson'), history.messages.map(({ seq, time, subject, data }) => JSON.stringify({ seq, time, subject, text: Buffer.from(data).toString() })).join('\n'))
    const checks = await compare({ ...seen, folder, webhooks: new Set(receiver.taken.keys()) }, history)
    return { rounds, checks, complaints: patient.complaints, published }
  } finally {
    await patient.end()
    await publisher?.close()
    await receiver.close()
  }
}

/** Each harm comes up as often as the others, in an order of the seed's; now and then with a second one. */
function orderOf({ harms: wanted = harms, rounds }: ChaosOptions, chance: Chance): (round: number) => readonly Harm[] {
  const firsts = Array.from({ length: rounds }, (_, n) => wanted[n % wanted.length]!)
  for (let n = firsts.length - 1; n > 0; n--) {
    const other = chance.below(n + 1)
    ;[firsts[n], firsts[other]] = [firsts[other]!, firsts[n]!]
  }
  return (round) => {
    const first = firsts[round]!
    const second = wanted[chance.below(wanted.length)]!
    return chance.unit() < twoAtOnce && second !== first ? [first, second] : [first]
  }
}

interface Doing { readonly harms: readonly Harm[]; readonly chance: Chance }

/** Well again: a message acknowledged after the harm is carried out, and every part says that it works. */
async function runRound(patient: Patient, publisher: ChaosPublisher, { harms, chance }: Doing): Promise<Round> {
  const began = performance.now()
  for (const harm of harms) await patient.harm(harm, chance)
  const { acks } = publisher
  let wanted: number | null = null
  await waitUntil(`the engine is well again after ${harms.join(' and ')}`, async () => {
    if (patient.url === null) await patient.start()
    if (publisher.acks <= acks) return false
    wanted ??= publisher.lastSeq
    const { position } = await patient.engine.stats()
    return position.seq >= wanted && (await patient.engine.get<{ ok: boolean }>('/api/health')).ok
  }, recoveryMs)
  return { harms, recoverySeconds: (performance.now() - began) / 1000 }
}

/** Waits until everything published is carried out and every alert is delivered; answers what is seen then. */
async function atRest(patient: Patient, publisher: ChaosPublisher, taken: ReadonlyMap<string, string>): Promise<Omit<Seen, 'folder' | 'webhooks'>> {
  const { engine } = patient
  await engine.until('everything published is carried out', ({ position }) => position.seq >= publisher.lastSeq, recoveryMs)
  const deliveries = async (): Promise<number> => Number(/^groundswell_outbox_deliveries (\S+)$/m.exec(await (await fetch(`${engine.url}/metrics`)).text())?.[1] ?? Number.NaN)
  let quiet = { taken: -1, since: performance.now() }
  await waitUntil('every alert is delivered', async () => {
    if (taken.size !== quiet.taken || await deliveries() > 0) quiet = { taken: taken.size, since: performance.now() }
    return performance.now() - quiet.since > 4000
  }, recoveryMs)
  const { clock, topics } = await engine.get<{ clock: string | null; topics: { now: TopicRow | null }[] }>('/api/topics')
  return {
    rules, seenMax, cooldownSeconds, acknowledged: publisher.acknowledged, sent: publisher.sent, stats: await engine.stats(),
    topics: { clock, rows: topics.flatMap(({ now }) => now ?? []) },
  }
}
