// People who follow each other, and what spreads among them: worlds in which it is known who would be missing without somebody.
import { normal } from './simulated-trees.testing.ts'

export interface World { readonly people: number; readonly follow: number; readonly passOn: number; readonly near: number; readonly keen: number; readonly rootFollowers: number }
export interface Contact { readonly to: number; readonly delay: number }
export interface Outbreak { readonly order: readonly number[]; readonly at: Float64Array; readonly from: Int32Array }

/**
 * Who would pass it on to whom, and how long after: each person has followers by a power law, a share `near` of them neighbours on a ring; a share `keen` of all people cares at all,
 * so that the smaller it is, the more of those who repeat one account would have done so after another; `passOn` is the chance over all.
 */
export function contacts({ people, follow, passOn, near, keen, rootFollowers }: World, random: () => number): Contact[][] {
  const cares = Uint8Array.from({ length: people }, () => Number(random() < keen))
  return Array.from({ length: people }, (_, person) => {
    const count = person === 0 ? rootFollowers : Math.min(400, Math.floor((follow * 0.4) / (1 - random()) ** (1 / 1.7)))
    const followers = new Set(Array.from({ length: count }, () => (person > 0 && random() < near ? (person + Math.floor((random() - 0.5) * 0.06 * people) + people) % people : Math.floor(random() * people))))
    return [...followers].filter((to) => to !== person && cares[to] === 1 && random() < passOn / keen).map((to) => ({ to, delay: 1000 + 1000 * Math.exp(7.5 + 1.5 * normal(random)) }))
  })
}

/** Each is reached by whoever reaches it first (Dijkstra 1959); `without`: somebody who hears but never speaks, and is not counted. */
export function outbreak(network: readonly (readonly Contact[])[], without = -1): Outbreak {
  const at = new Float64Array(network.length).fill(Infinity), from = new Int32Array(network.length).fill(-1), order: number[] = [], open = new Set([0])
  at[0] = 0
  while (open.size > 0) {
    let next = -1
    for (const person of open) if (next < 0 || at[person]! < at[next]!) next = person
    open.delete(next)
    if (next === without) continue
    order.push(next)
    for (const { to, delay } of network[next]!) {
      if (at[next]! + delay >= at[to]!) continue
      at[to] = at[next]! + delay
      from[to] = next
      open.add(to)
    }
  }
  return { order, at, from }
}
