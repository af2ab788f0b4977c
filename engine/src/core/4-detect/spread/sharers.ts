// Who shared an object lately: the last accounts of each object that two or more have shared, and who shared the others.
//
//   once     object ► account · second                       most objects are shared once: five words each
//   objects  object ► sharers · ring of the last 32 accounts, each with its second
import type { StateReader, StateWriter } from '../../state.ts'
import { RecentRows, rowWord } from './recent-rows.ts'

export const sharersLimits = { onceMax: 1 << 18, objectsMax: 1 << 14, ringMax: 32, withinSeconds: 60, idleSecondsMax: 86_400 } as const

const { ringMax, withinSeconds, idleSecondsMax } = sharersLimits
const once = { account: 2, second: 3, stride: 4 } as const
const word = { sharers: 2, filled: 3, newest: 4, ring: 5, stride: 5 + 2 * ringMax } as const

export interface SharersRoom { readonly onceMax: number; readonly objectsMax: number }

export class Sharers {
  /** Set by `add`: accounts that shared it within a minute, the newest first; the first `near` are meant. */
  readonly accounts = new Uint32Array(ringMax)
  near = 0
  /** How many within a minute, those included for which the ring has no room by their pace; how many in all before this one. */
  within = 0
  before = 0
  isFull = false // more within the minute than the ring holds
  isFirst = false // this account was not among the last who shared it
  /** The account that was alone with it until now; 0: none was. */
  opened = 0
  readonly #once: RecentRows
  readonly #objects: RecentRows

  constructor({ onceMax, objectsMax }: SharersRoom = sharersLimits) {
    this.#once = new RecentRows('objects shared once', { max: onceMax, stride: once.stride })
    this.#objects = new RecentRows('objects', { max: objectsMax, stride: word.stride })
  }

  get givenUp(): number { return this.#once.givenUp + this.#objects.givenUp }

  /** An account shares an object. False: nobody else has that is remembered. */
  add(low: number, high: number, account: number, second: number): boolean {
    this.opened = 0
    let at = this.#objects.find(low, high)
    if (at < 0) {
      if (this.#isAlone(low, high, account, second)) return false
      const first = this.#once.find(low, high)
      const firstSecond = this.#once.words[first + once.second]!
      at = this.#objects.claim(low, high, firstSecond)
      this.#push(at, this.#once.words[first + once.account]!, firstSecond)
    }
    const { words } = this.#objects
    if (second > words[at]! + idleSecondsMax) words.fill(0, at + 1, at + word.stride)
    if (second > words[at]!) words[at] = second
    this.#look(at, account, second)
    if (this.isFirst && this.before === 1) this.opened = words[at + word.ring + 2 * words[at + word.newest]!]!
    if (this.isFirst) this.#push(at, account, second)
    return true
  }

  save(out: StateWriter): void {
    this.#once.save(out)
    this.#objects.save(out)
  }

  load(from: StateReader): void {
    this.#once.load(from, (words, at) => words[at + rowWord.weight] === 0 && words[at + once.account] !== 0)
    this.#objects.load(from, (words, at) => {
      const [filled, newest] = [words[at + word.filled]!, words[at + word.newest]!]
      return filled <= ringMax && newest < ringMax && words[at + word.sharers]! >= filled && (filled === ringMax || filled === 0 || newest === filled - 1)
    })
  }

  /** Whether no other account is known to have shared it; then this one is. */
  #isAlone(low: number, high: number, account: number, second: number): boolean {
    const at = this.#once.claim(low, high, second)
    const { words } = this.#once
    const isStale = !this.#once.isNew && second > words[at + once.second]! + idleSecondsMax
    if (!this.#once.isNew && !isStale && words[at + once.account] !== account) return false
    if (this.#once.isNew || isStale || second > words[at + once.second]!) words[at + once.second] = second
    words[at + once.account] = account
    return true
  }

  /** Who of the ring is within a minute; an account that is in it is brought up to date. */
  #look(at: number, account: number, second: number): void {
    const { words } = this.#objects
    const filled = words[at + word.filled]!
    let place = words[at + word.newest]!
    let near = 0
    let farthest = 0
    this.isFirst = true
    for (let i = 0; i < filled; i++, place = place === 0 ? ringMax - 1 : place - 1) {
      const entry = at + word.ring + 2 * place
      const apart = Math.abs(second - words[entry + 1]!)
      if (words[entry] === account) {
        this.isFirst = false
        if (second > words[entry + 1]!) words[entry + 1] = second
      } else if (apart <= withinSeconds) {
        this.accounts[near++] = words[entry]!
        if (apart > farthest) farthest = apart
      }
    }
    this.near = near
    this.before = words[at + word.sharers]! - (this.isFirst ? 0 : 1)
    this.isFull = filled === ringMax && near === (this.isFirst ? filled : filled - 1) && this.before > near
    this.within = this.isFull ? Math.min(this.before, (near * withinSeconds) / Math.max(1, farthest)) : near
  }

  #push(at: number, account: number, second: number): void {
    const { words } = this.#objects
    const filled = words[at + word.filled]!
    const place = filled === 0 ? 0 : (words[at + word.newest]! + 1) % ringMax
    const entry = at + word.ring + 2 * place
    words[entry] = account
    words[entry + 1] = second
    words[at + word.newest] = place
    words[at + word.sharers]!++
    if (filled < ringMax) words[at + word.filled] = filled + 1
  }
}
