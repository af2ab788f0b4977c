// Seeded mentions of the present: a steady flow of three topics, each of which swells and ebbs, so that thresholds trip and clear; among
// them lines that are no mentions, mentions that come too late or too early, and ids that came before.
import { createChance, type Chance } from '../../src/drill/chance.ts'

export const rules = `topics:
  - { id: outage, name: { zh: 断网, en: Outage }, query: 断网 OR "no service", velocity: [ { count: 40, within: 5s }, { count: 150, within: 20s }, { count: 600, within: 3m } ] }
  - { id: power, name: { zh: 停电, en: Power cut }, query: 停电 NOT 演练, velocity: [ { count: 25, within: 3s, grade: severe }, { count: 100, within: 15s } ] }
  - { id: price, name: { zh: 涨价, en: Prices }, query: 涨价, velocity: [ { count: 60, within: 10s }, { count: 400, within: 2m } ] }
`
const words = ['断网了', '停电了', '涨价了'] as const
const platforms = ['weibo', 'douyin', 'x'] as const
const linesMax = 12
const flowPerSecond = 4 // of a topic that is at rest
const swellPerSecond = 45
const restMs = [4000, 12_000] as const
const swellMs = [2500, 6000] as const

export interface Message { readonly subject: string; readonly text: string; readonly ids: readonly string[] } // ids of what is a mention

interface Course { until: number; swells: boolean }

export class Traffic {
  readonly #chance: Chance
  readonly #courses: Course[]
  #sent = 0 // ids given so far
  #last: number

  constructor(seed: number, now: number) {
    this.#chance = createChance(seed)
    this.#courses = words.map(() => ({ until: now, swells: true }))
    this.#last = now
  }

  get ids(): number { return this.#sent }

  /** What is due between the last call and now (ms). */
  due(now: number): Message[] {
    const seconds = Math.min(1, (now - this.#last) / 1000) // a process that was held up does not make up for it
    this.#last = now
    const lines = this.#courses.flatMap((course, topic) => {
      if (now >= course.until) this.#turn(course, now)
      return Array.from({ length: this.#chance.poisson(seconds * (course.swells ? swellPerSecond : flowPerSecond)) }, () => this.#line(topic, now))
    })
    const messages: Message[] = []
    while (lines.length > 0) {
      const some = lines.splice(0, 1 + this.#chance.below(linesMax))
      messages.push({ subject: `mentions.${platforms[this.#chance.below(platforms.length)]!}`, text: some.map(({ text }) => text).join('\n'), ids: some.flatMap(({ id }) => id ?? []) })
    }
    return messages
  }

  #turn(course: Course, now: number): void {
    course.swells = !course.swells
    const [least, most] = course.swells ? swellMs : restMs
    course.until = now + least + this.#chance.below(most - least)
  }

  #line(topic: number, now: number): { readonly id: string | null; readonly text: string } {
    const dice = this.#chance.unit()
    if (dice < 0.01) return { id: null, text: dice < 0.005 ? '{"id":"broken' : JSON.stringify({ id: 7, ts: now, text: '断网了' }) }
    const repeats = dice < 0.06 && this.#sent > 0
    const id = `chaos:${repeats ? this.#chance.below(this.#sent) : this.#sent++}`
    const off = this.#chance.unit()
    const ts = now - this.#chance.below(1500) + (off < 0.01 ? -1_200_000 : off < 0.02 ? 600_000 : 0)
    return { id, text: JSON.stringify({ id, ts, text: `${words[topic]} ${this.#chance.below(1000)}`, author: `u${this.#chance.below(500)}` }) }
  }
}
