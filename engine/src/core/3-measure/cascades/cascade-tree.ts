// One cascade as columns: what everything that is worked out of a whole tree reads, whether it comes from memory, from the store or from a file.

/** A platform has the place that `platforms` gives it; absent numbers are −1, an account that is not known is 0. */
export interface CascadeTree {
  readonly root: string // id of the root, which is node 0
  readonly size: number
  readonly parent: Int32Array // node of the effective parent; −1: the root. A mention may come before its parent by its time
  readonly at: Float64Array // event time, ms; ascending from node 1 on, equal times in any order
  readonly followers: Float64Array
  readonly author: Uint32Array // 32-bit hash
  readonly platform: Uint8Array
  readonly platforms: readonly string[]
  readonly sign: Int8Array // sentiment: −1, 0, 1
  readonly flags: Uint8Array // see nodeFlags
  readonly idLow: Uint32Array // hash of the mention's id; 0, 0: it was forgotten
  readonly idHigh: Uint32Array
}

/** Bits of a node. An edge is observed where the mention named a parent that is here, unknown where the root stands in for it; the root has neither. */
export const nodeFlags = { hasText: 1, verified: 2, unknownEdge: 4 } as const
