// The carrier-outage drill: a seeded, endless run of mentions in event-time order, each marked as a drill in text, tag and id.
// Pure and bounded: it holds the newest posts to repost and nothing else.
import { hubs, officials, person } from './accounts.ts'
import type { Account } from './accounts.ts'
import { createChance } from './chance.ts'
import type { Chance } from './chance.ts'
import { outageAge, phases } from './curve.ts'
import { platforms } from './platforms.ts'
import { stories } from './stories.ts'
import type { Line, Story } from './stories.ts'
import { Threads } from './threads.ts'

export interface DrillOptions {
  readonly seed: number
  readonly startMs: number // event time of the first second; rounded down to a whole one
}
export interface DrillMention {
  readonly ts: number // event time, ms
  readonly platform: string
  readonly story: string // of stories.ts; not part of the line
  readonly line: string // one JSON object without a line end
}
/** All mentions of one second of event time, ascending by ts. */
export interface DrillSecond { readonly startMs: number; readonly mentions: readonly DrillMention[] }

const places = [['东湾', 'CN-GD'], ['南浦', 'CN-FJ'], ['西河', 'CN-SC'], ['北岭', 'CN-HE'], ['江宁桥', 'CN-JS'], ['云台', 'CN-ZJ'], ['临港新城', 'CN-SH'], ['石门', 'CN-HN']] as const
const placesEn = ['Dongwan', 'Nanpu', 'Xihe', 'Beiling', 'Jiangqiao', 'Yuntai', 'Lingang', 'Shimen'] as const

/** Endless; deterministic by seed and start. */
export function* createDrill(options: DrillOptions): Generator<DrillSecond, never> {
  const run = new Run(options)
  for (let second = 0; ; second++) yield run.second(second)
}

class Run {
  readonly #chance: Chance
  readonly #start: number
  readonly #prefix: string
  readonly #threads: readonly (readonly Threads[])[]
  #number = 0

  constructor(options: DrillOptions) {
    this.#chance = createChance(options.seed)
    this.#start = Math.floor(options.startMs / 1000) * 1000
    this.#prefix = `drill:${options.seed.toString(36)}-${(this.#start / 1000).toString(36)}-`
    this.#threads = stories.map(() => platforms.map(() => new Threads()))
  }

  second(second: number): DrillSecond {
    const startMs = this.#start + second * 1000
    const minute = second / 60
    const means = stories.map((story) => story.perMinute(minute, startMs) / 60)
    const total = means.reduce((sum, mean) => sum + mean, 0)
    const count = this.#chance.poisson(total)
    const mentions: DrillMention[] = []
    for (let i = 0; i < count; i++) {
      const ts = startMs + Math.min(999, Math.floor(((i + this.#chance.unit()) / count) * 1000))
      mentions.push(this.#mention(choose(means, this.#chance.unit() * total), minute, ts))
    }
    return { startMs, mentions }
  }

  #mention(storyIndex: number, minute: number, ts: number): DrillMention {
    const chance = this.#chance
    const story = stories[storyIndex]!
    const platformIndex = choose(storyIndex === 0 ? outageWeights(minute) : weights, chance.unit() * 100)
    const platform = platforms[platformIndex]!
    const threads = this.#threads[storyIndex]![platformIndex]!
    const parent = chance.unit() < platform.answers ? threads.pick(chance) : null
    const account = speaker(chance, storyIndex === 0 ? outageAge(minute) : -1)
    const id = this.#prefix + (this.#number++).toString(36)
    const place = chance.below(places.length)
    const said = words(story, minute, { chance, place, chinese: chance.unit() >= platform.english,
      bare: parent === null || platform.answerKind !== 'repost' || chance.unit() >= 0.4 ? null : platform.name === 'weibo' && chance.unit() < 0.5 ? '转发微博' : '' })
    // A hub's repost is a fresh start for those who see it; of the others every second one is seen again.
    if (parent === null || account.verified || chance.unit() < 0.5) threads.add({ id, root: parent?.root ?? id, depth: (parent?.depth ?? 0) + 1 }, account.followers > 700_000)
    const tagged = chance.unit() < 0.9 ? `,"${story.tag}"` : ''
    const line = `{"id":"${id}","ts":${ts},"platform":"${platform.name}","kind":"${parent ? platform.answerKind : platform.postKind}","author":"${account.id}","authorName":"${account.name}"`
      + `,"followers":${account.followers},"verified":${account.verified}${parent ? `,"parent":"${parent.id}","root":"${parent.root}"` : ''},"lang":"${said.lang}","text":"${said.text}"`
      + `,"url":"https://drill.invalid/${platform.name}/${this.#number}","geo":"${places[place]![1]}","tags":["drill"${tagged}]${reactions(chance, account, parent === null)}${chance.unit() < 0.3 ? `,"sentiment":${said.sentiment}` : ''}}`
    return { ts, platform: platform.name, story: story.id, line }
  }
}

const weights = platforms.map((platform) => platform.weight)
const newsHeavy = platforms.map((platform) => (platform.name === 'news' ? platform.weight * 3 : platform.weight)).map((weight, _, all) => weight * 100 / all.reduce((sum, other) => sum + other, 0))
/** News write about an outage once there is something official to write. */
const outageWeights = (minute: number) => (outageAge(minute) >= phases.official ? newsHeavy : weights)

/** Index of the share into which `at` falls. */
function choose(shares: readonly number[], at: number): number {
  let left = at
  for (let i = 0; i < shares.length; i++) if ((left -= shares[i]!) < 0) return i
  return shares.length - 1
}

/** Hubs join an outage when it has grown; the carrier speaks late. `age` is negative for every other story. */
function speaker(chance: Chance, age: number): Account {
  const draw = chance.unit()
  if (age >= phases.official && draw < 0.0006) return officials[chance.below(officials.length)]!
  if (draw < (age >= phases.hubs ? 0.004 : 0.0008)) return hubs[chance.below(hubs.length)]!
  return person(chance)
}

/** `bare`: what a repost without words of its own shows, null where it has words. */
interface Saying { readonly chance: Chance; readonly place: number; readonly chinese: boolean; readonly bare: string | null }

function words(story: Story, minute: number, { chance, place, chinese, bare }: Saying): { text: string; lang: string; sentiment: number } {
  if (bare !== null) return { text: `${chinese ? '【演练】' : '[DRILL]'}${bare}`, lang: chinese ? 'zh' : 'en', sentiment: 0 }
  const voices: readonly Line[] = chinese ? story.voices(minute).zh : story.voices(minute).en
  const [template, sentiment] = voices[chance.below(voices.length)]!
  return chinese ? { text: `【演练】${template.replace('{p}', places[place]![0])}【演练】`, lang: 'zh', sentiment }
    : { text: `[DRILL] ${template.replace('{p}', placesEn[place]!)} [DRILL]`, lang: 'en', sentiment }
}

/** Numbers as a platform would show them some minutes later. */
function reactions(chance: Chance, account: Account, isPost: boolean): string {
  const likes = Math.floor(account.followers * chance.unit() * (isPost ? 0.004 : 0.001))
  return `,"likes":${likes},"reposts":${likes >> 2},"comments":${likes >> 3}`
}
