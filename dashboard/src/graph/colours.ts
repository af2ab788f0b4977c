// What colour a node has: by its generation or its platform, from the tokens alone. Alarm hues mean alarms and are never used.
import type { GraphTree } from './graph-tree.ts'

export const colourNames = ['generation', 'platform'] as const
export type ColourName = (typeof colourNames)[number]

/** Lighter is later: the root, then the generations, the last holds all that are deeper. */
export const generationTokens = ['text-1', 'ramp-3', 'text-3', 'text-2', 'text-1'] as const
/** By how many mentions a platform has, the most first; the last holds all that are smaller. */
export const platformTokens = ['ramp-3', 'text-1', 'text-3', 'ramp-2', 'edge'] as const

export type Token = 'base' | 'panel' | 'raised' | 'grid' | 'edge' | 'text-1' | 'text-2' | 'text-3' | 'normal' | 'information' | 'ramp-1' | 'ramp-2' | 'ramp-3'
export type Palette = Readonly<Record<Token, string>> // #RRGGBB

export const paletteFrom = (valueOf: (name: string) => string): Palette => Object.fromEntries(
  (['base', 'panel', 'raised', 'grid', 'edge', 'text-1', 'text-2', 'text-3', 'normal', 'information', 'ramp-1', 'ramp-2', 'ramp-3'] as const).map((token) => [token, valueOf(`--${token}`).trim()]),
) as Record<Token, string>

/** #RRGGBB as 0xFFBBGGRR. */
export function pixelOf(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16)
  return (0xff000000 | (value & 255) << 16 | value & 0xff00 | value >> 16) >>> 0
}

/** Places of the platforms, the one with the most mentions first. */
export function platformOrder({ platform, platforms }: GraphTree): number[] {
  const uses = new Uint32Array(256)
  for (const place of platform) uses[place]!++
  return platforms.map((_, place) => place).sort((a, b) => uses[b]! - uses[a]! || a - b)
}

/** Index into the tokens, by node. */
export function classesOf(tree: GraphTree, name: ColourName): Uint8Array {
  if (name === 'generation') return Uint8Array.from(tree.generation, (depth) => Math.min(depth, generationTokens.length - 1))
  const ranks = new Uint8Array(256)
  for (const [rank, place] of platformOrder(tree).entries()) ranks[place] = Math.min(rank, platformTokens.length - 1)
  return tree.platform.map((place) => ranks[place]!)
}

export const tokensOf = (name: ColourName): readonly Token[] => (name === 'generation' ? generationTokens : platformTokens)
