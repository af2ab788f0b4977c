// What every panel may ask without being told: the language, the server's time and the room's way of writing it, and whether this is real.
import { createContext } from 'svelte'
import type { Mode } from '@groundswell/schemas/live.ts'
import type { Language } from '../i18n/language.ts'
import type { Messages } from '../i18n/messages.ts'
import type { RoomTime } from '../room/room-time.ts'

export interface WallContext {
  readonly lang: Language
  readonly t: Messages
  readonly now: number // server ms, whole seconds
  readonly clock: number | null // event clock, seconds
  readonly mode: Mode
  readonly roomTime: (ms: number) => RoomTime
}

export const [wallContext, provideWallContext] = createContext<WallContext>()
