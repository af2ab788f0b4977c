// Takes what is forgotten out of the cascades in memory: they keep their shape, and hold nobody's account and no mention's id of it.
import { IdHash } from './1-decode/hash.ts'
import { authorHashOf } from './2-enrich/spread-columns.ts'
import type { Sources } from './3-measure/sources.ts'
import type { Effect } from './input.ts'
import type { Spread } from './spread.ts'

export interface ForgetAsked { readonly mention?: string | undefined; readonly author?: string | undefined }

interface Forgetting { readonly spread: Pick<Spread, 'store' | 'dropForgotten'>; readonly sources: Pick<Sources, 'size' | 'nameOf'> }

/** What is stored of it is the shell's to forget. An author is found on every platform that has a number of its own (`sourceLimits`). A mention is one look, an author one at every node. */
export function forgetInCascades({ mention, author }: ForgetAsked, { spread, sources }: Forgetting, effects: Effect[]): void {
  const { store } = spread
  if (mention !== undefined) {
    const hash = new IdHash()
    hash.ofText(mention)
    const node = store.find(hash.low, hash.high)
    if (node > 0) store.forget(node)
  }
  if (author !== undefined) store.forgetAccounts(Array.from({ length: sources.size }, (_, platform) => authorHashOf(sources.nameOf(platform), author)))
  spread.dropForgotten()
  effects.push({ kind: 'forget', ...(mention === undefined ? {} : { mention }), ...(author === undefined ? {} : { author }) })
}
