// What page and worker say to each other: bytes in, columns and positions out. Arrays are handed over, not copied, where one side is done with them.
import type { AsOf } from './as-of.ts'
import type { Growth } from './growth.ts'
import type { GraphTree } from './graph-tree.ts'
import type { Layout, LayoutQuestion } from './layout.ts'

export type Asked =
  | { readonly kind: 'read'; readonly call: number; readonly bytes: ArrayBuffer; readonly layout: LayoutQuestion }
  | { readonly kind: 'layout'; readonly call: number; readonly layout: LayoutQuestion } // of the tree that was read last
  | { readonly kind: 'as-of'; readonly call: number; readonly until: number | null } // of the same
  | { readonly kind: 'growth'; readonly call: number; readonly bytes: ArrayBuffer } // of another tree, which is not kept

export type Told =
  | { readonly kind: 'read'; readonly call: number; readonly tree: GraphTree; readonly layout: Layout; readonly ms: number }
  | { readonly kind: 'layout'; readonly call: number; readonly layout: Layout; readonly ms: number }
  | { readonly kind: 'as-of'; readonly call: number; readonly asOf: AsOf }
  | { readonly kind: 'growth'; readonly call: number; readonly growth: Growth }
  | { readonly kind: 'failed'; readonly call: number; readonly detail: string }
