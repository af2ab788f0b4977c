// How far publishing is, on stderr: a bar with rate and time left on a terminal, a plain line every five seconds elsewhere.
import { SingleBar } from 'cli-progress'

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly bytesTotal: number | null // of all files as they are on disk; null: not known (standard input)
  readonly now: () => number // ms
}

const plainEveryMs = 5000
const barEveryMs = 100

export class Progress {
  #options: ProgressOptions
  #startedAt: number
  #bar: SingleBar | null = null
  #toldAt: number
  #read = 0
  #published = 0

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#startedAt = this.#toldAt = options.now()
    if (options.stream.isTTY && options.bytesTotal !== null) {
      this.#bar = new SingleBar({
        stream: options.stream, hideCursor: true, barCompleteChar: '█', barIncompleteChar: '░', barsize: 30,
        format: 'publishing {bar} {percentage}% · {mentions} mentions · {rate}/s · {left}',
      })
      this.#bar.start(options.bytesTotal, 0, { mentions: '0', rate: '–', left: '' })
    }
  }

  read(bytes: number): void { this.#read += bytes }

  published(mentions: number): void {
    this.#published += mentions
    const now = this.#options.now()
    if (now - this.#toldAt < (this.#bar ? barEveryMs : plainEveryMs)) return
    this.#toldAt = now
    this.#show(now)
  }

  /** A sentence between, without tearing the bar apart. */
  say(sentence: string): void {
    this.#options.stream.write(`${this.#bar ? '\r\u001b[K' : ''}${sentence}\n`)
  }

  /** `complete`: everything was published. */
  end(complete: boolean): void {
    if (!this.#bar) return
    if (complete) this.#read = this.#options.bytesTotal ?? this.#read
    this.#show(this.#options.now())
    this.#bar.stop()
  }

  #show(now: number): void {
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1000)
    const rate = Math.round(this.#published / seconds).toLocaleString('en')
    const mentions = this.#published.toLocaleString('en')
    const { bytesTotal } = this.#options
    const share = bytesTotal ? Math.min(1, this.#read / bytesTotal) : 0
    const left = leftText(seconds, share)
    if (this.#bar) { this.#bar.update(this.#read, { mentions, rate, left }); return }
    this.#options.stream.write(`published ${mentions} mentions, ${rate}/s${left === '' ? '' : `, ${Math.round(share * 100)} %, ${left}`}\n`)
  }
}

/** Of the whole run so far, not of its last moments: files are read in large pieces, and between two of them nothing seems to move. */
export const leftText = (seconds: number, share: number): string => (share > 0 ? `about ${durationText(seconds / share - seconds)} left` : '')

export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
