// Who may ask for what. A token has a role; a device on a wall has the least.
export const roles = ['wall', 'viewer', 'operator'] as const
/** wall: what a wall shows, nothing else · viewer: reads everything, with the names of accounts masked · operator: acts too. Each holds what the one before may. */
export type Role = (typeof roles)[number]
export const roleRank = (role: Role): number => roles.indexOf(role)

/** A wall of the room, as its settings say: the screens, who reads them, and what it does by itself. */
export interface WallProfile {
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly diagonalInches: number // of one screen
  readonly columns: number
  readonly rows: number
  readonly resolution: { readonly width: number; readonly height: number } // of the whole wall, pixels
  readonly distanceM: number
  readonly sound: boolean
  readonly rotates: boolean
  readonly day: { readonly from: number; readonly to: number } // hours of the room's clock; dimmer outside of them
  readonly lang: 'zh' | 'en' | null // null: as the browser prefers
}

/** GET /api/me: who asks, as the engine knows him. */
export interface Me {
  readonly name: string // of the token; `operator` for the room's own token, and where none is set
  readonly role: Role
  readonly wall: WallProfile | null // of the device's token
  readonly walls: readonly WallProfile[] // all of the settings, for who may read them
}
