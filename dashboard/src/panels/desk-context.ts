// What every page of the desk may ask besides what the wall knows: the live picture, where the engine is, who sits here, and how to switch the language.
import { createContext } from 'svelte'
import type { Language } from '../i18n/language.ts'
import type { CascadeApi } from '../live/cascade-api.ts'
import type { LiveConnection } from '../live/connection.svelte.ts'
import type { Myself } from '../live/myself.svelte.ts'

export interface DeskContext {
  readonly live: LiveConnection
  readonly page: URL // the address of the wall: the API lies beside it
  readonly myself: Myself
  readonly cascades?: CascadeApi // where a page shows other cascades than those of now
  readonly speak: (lang: Language) => void
}

/** A key of a page and what it does, for the list that `?` opens. */
export interface KeyHelp { readonly keys: string; readonly does: string }

export const [deskContext, provideDeskContext] = createContext<DeskContext>()
