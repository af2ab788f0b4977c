// A process of its own that publishes the bench traffic over NATS, at a rate or as fast as the stream takes it, and tells its parent each
// second how far it is. It is started with one JSON argument, PublisherJob, and speaks PublisherReport over IPC.
import { setTimeout as pause } from 'node:timers/promises'
import { openLink } from '@groundswell/engine/src/io/nats/link.ts'
import { Publisher } from '@groundswell/engine/src/io/nats/publisher.ts'
import { generateTraffic, probe, renew, trafficShape } from './generate.ts'

export interface PublisherJob {
  readonly url: string
  readonly seed: number
  readonly seconds: number
  readonly rate: number // mentions a second; 0: as fast as the engine follows
  readonly leadMax: number // mentions that may be acknowledged and not yet processed, as the parent tells by PublisherNews; 0: any number
  readonly escaped: boolean
  readonly probeEveryMs: number // 0: no probes
}
export type PublisherReport =
  | { readonly kind: 'ready' } // connected and generated; waits for 'go'
  | { readonly kind: 'progress'; readonly acknowledged: number }
  | { readonly kind: 'probe'; readonly n: number; readonly sentAtMs: number } // wall clock just before it was handed to NATS
  | { readonly kind: 'done'; readonly acknowledged: number; readonly seconds: number }

export interface PublisherNews { readonly processed: number }

const poolMessages = 2000 // 35 MB: more than the window can hold, so that a message is acknowledged before its turn comes again
const paceMs = 5
const tell = (report: PublisherReport) => process.send!(report)

if (process.argv[2] && process.send) await run(JSON.parse(process.argv[2]) as PublisherJob)

async function run(job: PublisherJob): Promise<void> {
  process.on('disconnect', () => process.exit(1)) // the bench is gone
  const { messages } = generateTraffic({ seed: job.seed, messages: poolMessages, escaped: job.escaped })
  const link = await openLink({ url: job.url, name: 'bench publisher' })
  const publisher = new Publisher(link, { whenFull: 'wait' })
  const news = { processed: 0 }
  const go = new Promise((resolve) => { process.once('message', resolve) })
  process.on('message', (message) => { news.processed = (message as PublisherNews).processed ?? 0 })
  tell({ kind: 'ready' })
  await go
  const began = performance.now()
  const pending: (Promise<unknown> | undefined)[] = []
  const progress = { acknowledged: 0 }
  const reporting = setInterval(() => tell({ kind: 'progress', acknowledged: progress.acknowledged }), 1000)
  const probing = job.probeEveryMs > 0 ? startProbes(publisher, job, progress) : undefined
  const perMessage = trafficShape.mentionsPerMessage
  for (let sent = 0; performance.now() - began < job.seconds * 1000; sent++) {
    while (job.leadMax > 0 && sent * perMessage - news.processed > job.leadMax && performance.now() - began < job.seconds * 1000) await pause(paceMs)
    while (job.rate > 0 && sent * perMessage > ((performance.now() - began) / 1000) * job.rate) await pause(paceMs)
    const index = sent % poolMessages
    await pending[index]
    await publisher.ready()
    const message = messages[index]!
    renew(message, Math.floor(sent / poolMessages) + 1, Date.now())
    pending[index] = publisher.publish(message.subject, message.data, `b${job.seed}-${sent}`).then(() => (progress.acknowledged += perMessage))
  }
  clearInterval(probing)
  await Promise.all(pending)
  await pause(50) // a last probe may still be under way
  clearInterval(reporting)
  tell({ kind: 'done', acknowledged: progress.acknowledged, seconds: (performance.now() - began) / 1000 })
  publisher.close()
  await link.close()
  process.disconnect()
}

/** A lone mention of the probe topic, again and again, between the others. */
function startProbes(publisher: Publisher, job: PublisherJob, progress: { acknowledged: number }): NodeJS.Timeout {
  let n = 0
  return setInterval(() => {
    const sentAtMs = Date.now()
    const line = JSON.stringify({ id: `probe:${job.seed}-${++n}`, ts: sentAtMs, text: `${probe.term} ${n}`, platform: 'probe' })
    tell({ kind: 'probe', n, sentAtMs })
    void publisher.publish('mentions.probe', Buffer.from(line), `p${job.seed}-${n}`).then(() => progress.acknowledged++)
  }, job.probeEveryMs)
}
