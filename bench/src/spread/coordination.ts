// Coordination on real mentions: what it says where nobody was put in (there are no labels: false is what is said of accounts that met by habit),
// how many of injected groups it finds, and nanoseconds a mention. Run as `node bench/src/spread/coordination.ts`.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CoordinationEvidence, Shared } from '@groundswell/engine/src/core/4-detect/spread/coordination-evidence.ts'
import { Coordination } from '@groundswell/engine/src/core/4-detect/spread/coordination.ts'
import { mulberry32 } from '../mulberry32.ts'
import { groupKinds, injectGroups, type GroupShape, type InjectedGroup } from './injected-groups.ts'
import { columnsOf, readShared, type SharedColumns } from './shared-columns.ts'

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const topics: readonly string[] = ['all']
const topicsOf = (): readonly string[] => topics
const day = 86_400
const groupsEach = 20

/** One result after the other: all of them take about ten minutes. */
export function* coordination(): Generator<Record<string, unknown>> {
  if (!existsSync(`${data}weibo-cascades`)) return yield { skipped: 'shared/data is not beside this repository' }
  const weibo = readShared(`${data}weibo-cascades/mentions.ndjson.gz`, () => 0)
  const week = folded(weibo, 7, mulberry32(1))
  yield { 'weibo as it was': said(weibo) }
  yield { 'weibo, all cascades begun within a week': said(week) }
  yield { 'weibo, within two days': said(folded(weibo, 2, mulberry32(2))) }
  yield { 'twitter, authors drawn by chance, 2,000 an event': said(readShared(`${data}twitter-topics/mentions.ndjson.gz`, authorsOf(mulberry32(3)))) }
  yield { 'injected into the week, found, by the time within which they shared; no other shares': recallIn(week, 0) }
  yield { 'the same, twenty other reposts each': recallIn(week, 20) }
}

/** The same cascades, each begun at a random second of so many days: accounts that were years apart meet. */
export function folded(columns: SharedColumns, days: number, chance: () => number): SharedColumns {
  const shifts = new Map<number, number>()
  const second = Array.from(columns.second, (at, row) => {
    const begin = (): number => at - Math.floor(chance() * days * day)
    if (columns.isRoot[row] === 1) return at - begin() + 1_400_000_000
    const root = columns.rootLow[row]! * 2 ** 21 + (columns.rootHigh[row]! & 0x1fffff)
    const shift = shifts.get(root) ?? begin()
    shifts.set(root, shift)
    return at - shift + 1_400_000_000
  })
  const { count: _count, ...rest } = columns
  return columnsOf({ ...Object.fromEntries(Object.entries(rest).map(([name, list]) => [name, [...list]])), second } as never)
}

/** Those of rank r post in proportion to 1/√r, each of one event; the first 2.2 % of it. */
function authorsOf(chance: () => number): (row: number, tags: readonly string[]) => number {
  return (_, tags) => {
    const rank = Math.floor(2000 * chance() ** 2)
    let hash = rank
    for (const letter of tags[0] ?? '') hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
    return hash >>> 0 || 1
  }
}

interface Run { readonly told: CoordinationEvidence[]; readonly accounts: number; readonly nanoseconds: number; readonly givenUp: Coordination['givenUp']; readonly recall: ReadonlyMap<GroupShape, number> }

/** Everything once through a new engine part; `only` leaves out all other objects. */
function run(columns: SharedColumns, { only = 'all', groups = [] }: { readonly only?: 'all' | 'texts' | 'roots'; readonly groups?: readonly InjectedGroup[] } = {}): Run {
  const part = new Coordination()
  const shared: Shared = { topics: 0, author: 0, second: 0, textLow: 0, textHigh: 0, link: 0, rootLow: 0, rootHigh: 0 }
  const due = [...groups].sort((a, b) => a.until - b.until)
  const recall = new Map<GroupShape, number>()
  const told: CoordinationEvidence[] = []
  let next = 0
  const start = process.cpuUsage()
  for (let row = 0; row < columns.count; row++) {
    const second = columns.second[row]!
    if (second > shared.second) {
      told.push(...part.close(second - 1, topicsOf))
      for (; next < due.length && due[next]!.until + 60 < second; next++) note(recall, due[next]!, part)
    }
    shared.author = columns.author[row]!
    shared.second = second
    shared.textLow = only === 'roots' ? 0 : columns.textLow[row]!
    shared.textHigh = only === 'roots' ? 0 : columns.textHigh[row]!
    shared.rootLow = only === 'texts' ? 0 : columns.rootLow[row]!
    shared.rootHigh = only === 'texts' ? 0 : columns.rootHigh[row]!
    part.share(shared)
  }
  const nanoseconds = (process.cpuUsage(start).user * 1e3) / columns.count
  return { told, accounts: new Set(columns.author.filter((author) => part.isCoordinated(author))).size, nanoseconds, givenUp: part.givenUp, recall }
}

function note(recall: Map<GroupShape, number>, { shape, accounts }: InjectedGroup, part: Coordination): void {
  const found = accounts.filter((account) => part.isCoordinated(account)).length / accounts.length
  recall.set(shape, (recall.get(shape) ?? 0) + found / groupsEach)
}

/** Of texts and roots apart where there is something to tell apart. */
function said(columns: SharedColumns): Record<string, unknown> {
  const of = (only: 'all' | 'texts' | 'roots'): Record<string, unknown> => {
    const { told, givenUp, nanoseconds } = run(columns, { only })
    const perMillion = Math.round((told.length * 1e7) / columns.count) / 10
    return { told: told.length, perMillion, accounts: told.map(({ accounts }) => accounts).join(' ').slice(0, 200), objects: told.map(({ objects }) => objects).join(' ').slice(0, 200), capped: told.filter(({ capped }) => capped).length, nanoseconds: Math.round(nanoseconds), givenUp }
  }
  const all = of('all')
  return { mentions: columns.count, accounts: new Set(columns.author).size, all, texts: of('texts'), ...(all['told'] === 0 ? {} : { roots: of('roots') }) }
}

function recallIn(columns: SharedColumns, ownShares: number): Record<string, string> {
  const shapes = groupKinds.flatMap((kind) => [3, 10, 30].flatMap((accounts) => [3, 5, 10].flatMap((objects) => [20, 60, 300].map((jitterSeconds): GroupShape => ({ kind, accounts, objects, jitterSeconds })))))
  const out: Record<string, string> = {}
  for (const kind of groupKinds) {
    const chosen = shapes.filter((shape) => shape.kind === kind)
    const { columns: mixed, groups } = injectGroups(columns, Array.from({ length: groupsEach }, () => chosen).flat(), { chance: mulberry32(4), ownShares })
    const { recall } = run(mixed, { groups })
    for (const accounts of [3, 10, 30]) {
      for (const objects of [3, 5, 10]) {
        const shares = chosen.filter((shape) => shape.accounts === accounts && shape.objects === objects).map((shape) => `${shape.jitterSeconds} s ${Math.round(100 * (recall.get(shape) ?? 0))} %`)
        out[`${kind}, ${accounts} accounts, ${objects} objects`] = shares.join(' · ')
      }
    }
  }
  return out
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const part of coordination()) console.log(JSON.stringify(part, null, 2))
