// Chance by name: the same text always draws the same numbers.
import { mulberry32 } from '../mulberry32.ts'

/** FNV-1a of a text, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

export const chanceOf = (text: string): (() => number) => mulberry32(hashOf(text))
