// Seeded groups of accounts that share the same objects together, put among real mentions: the only coordination here of which the truth is known.
import { columnsOf, type SharedColumns, type SharedLists } from './shared-columns.ts'

/** What a group shares: a text each time, root after root that nobody else reposts, or one after the other of the recording's busiest roots. */
export const groupKinds = ['text', 'own root', 'busy root'] as const
export type GroupKind = (typeof groupKinds)[number]

const halfDay = 43_200

export interface GroupShape { readonly kind: GroupKind; readonly accounts: number; readonly objects: number; readonly jitterSeconds: number }
export interface InjectedGroup { readonly shape: GroupShape; readonly accounts: readonly number[]; readonly until: number }

/** All of a group's objects lie within half a day. `ownShares`: reposts of real roots that each account makes besides, within an hour of a real repost of them. */
export function injectGroups(into: SharedColumns, shapes: readonly GroupShape[], { chance, ownShares }: { readonly chance: () => number; readonly ownShares: number }): { readonly columns: SharedColumns; readonly groups: readonly InjectedGroup[] } {
  const lists = { author: [...into.author], second: [...into.second], textLow: [...into.textLow], textHigh: [...into.textHigh], rootLow: [...into.rootLow], rootHigh: [...into.rootHigh], isRoot: [...into.isRoot] }
  const word = (): number => Math.floor(chance() * 0xffffffff) + 1
  const repostIn = (begin: number): number => repostWithin(into, begin, begin + halfDay, chance)
  const from = into.second[Math.floor(into.count / 10)]!
  const to = into.second[Math.floor((9 * into.count) / 10)]!
  const groups = shapes.map((shape): InjectedGroup => {
    const accounts = Array.from({ length: shape.accounts }, word)
    const begin = Math.floor(from + chance() * (to - from))
    let until = begin
    for (let object = 0; object < shape.objects; object++) {
      const row = repostIn(begin) // a repost taken at random is of a busy root, at a busy time of it
      const what = shape.kind === 'text' ? { textLow: word(), textHigh: word() } : shape.kind === 'own root' ? { rootLow: word(), rootHigh: word() } : { rootLow: into.rootLow[row]!, rootHigh: into.rootHigh[row]! }
      const at = shape.kind === 'busy root' ? into.second[row]! : Math.floor(begin + chance() * halfDay)
      for (const author of accounts) push(lists, { author, second: Math.floor(at + chance() * shape.jitterSeconds), ...what })
      until = Math.max(until, at + shape.jitterSeconds)
    }
    for (const author of accounts) {
      for (let i = 0; i < ownShares; i++) {
        const row = repostIn(begin)
        push(lists, { author, second: Math.floor(into.second[row]! + chance() * 3600), rootLow: into.rootLow[row]!, rootHigh: into.rootHigh[row]! })
      }
    }
    return { shape, accounts, until }
  })
  return { columns: columnsOf(lists), groups }
}

/** A row that reposts, at random among those of the span; the next behind it where there is none. */
function repostWithin(columns: SharedColumns, from: number, to: number, chance: () => number): number {
  const [first, end] = [rowAt(columns, from), rowAt(columns, to)]
  let row = first + Math.floor(chance() * Math.max(1, end - first))
  while (columns.rootLow[row] === 0) row++
  return row
}

function rowAt({ second, count }: SharedColumns, at: number): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (second[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}

interface One { readonly author: number; readonly second: number; readonly textLow?: number; readonly textHigh?: number; readonly rootLow?: number; readonly rootHigh?: number }

function push(lists: { readonly [Name in keyof SharedLists]: number[] }, one: One): void {
  lists.author.push(one.author)
  lists.second.push(one.second)
  lists.textLow.push(one.textLow ?? 0)
  lists.textHigh.push(one.textHigh ?? 0)
  lists.rootLow.push(one.rootLow ?? 0)
  lists.rootHigh.push(one.rootHigh ?? 0)
  lists.isRoot.push(0)
}
