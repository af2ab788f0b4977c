// How full the input stream is and how far it goes, asked every few seconds: a scrape of the metrics must not wait for NATS.
import type { MetricsSample } from '../io/metrics/sample.ts'
import type { InputStream } from '../ports.ts'

const everyMs = 5000
const oldMs = 20_000 // an answer older than this is no answer any more

type State = Awaited<ReturnType<InputStream['state']>>

export interface StreamWatch {
  /** What is known of the stream; empty before the first answer and when none has come for a while: an unknown lag is not a lag of zero. */
  sample(position: number): MetricsSample
  close(): void
}

export function watchStream(stream: Pick<InputStream, 'state'>, now: () => number, onState: (state: State) => void = () => undefined): StreamWatch {
  let newest: { readonly state: State; readonly at: number } | null = null
  let asking = false
  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    try {
      newest = { state: await stream.state(), at: now() }
      onState(newest.state)
    } catch {
      // The stream tells of its own troubles; here the newest answer grows old.
    } finally {
      asking = false
    }
  }
  void ask()
  const timer = setInterval(() => void ask(), everyMs)
  timer.unref()
  return {
    sample: (position) => {
      if (newest === null || now() - newest.at > oldMs) return {}
      const { lastSeq, bytes, bytesMax } = newest.state
      return { streamLagMessages: Math.max(0, lastSeq - position), streamBytes: bytes, streamBytesMax: bytesMax }
    },
    close: () => { clearInterval(timer) },
  }
}
