// The names of the known fields and the fastest way to tell which one a span of bytes is.

/** Known fields. The first eleven are string fields and have the indexes of `field` in mention-view.ts. */
export const keys = [
  'id', 'text', 'platform', 'kind', 'author', 'authorName', 'parent', 'root', 'lang', 'url', 'geo',
  'ts', 'followers', 'verified', 'likes', 'reposts', 'comments', 'sentiment', 'tags',
] as const
export const key = Object.fromEntries(keys.map((name, i) => [name, i])) as Readonly<Record<(typeof keys)[number], number>>
export const keyCount = keys.length

const longest = 10
const slots = 256
const table = new Int8Array(slots).fill(-1)
const names = new Uint8Array(keyCount * longest)
const factor = perfectFactor()
for (const [i, name] of keys.entries()) {
  table[slotOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1), factor)] = i
  for (let at = 0; at < name.length; at++) names[i * longest + at] = name.charCodeAt(at)
}

/** Index of the known field that bytes start … end name, −1 where they name none. */
export function keyOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length < 2 || length > longest) return -1
  const found = table[slotOf(length, bytes[start]!, bytes[end - 1]!, factor)]!
  if (found < 0) return -1
  const name = found * longest
  for (let i = 0; i < length; i++) if (names[name + i] !== bytes[start + i]) return -1
  return length === longest || names[name + length] === 0 ? found : -1
}

function slotOf(length: number, first: number, last: number, factor: number): number {
  return (Math.imul((length << 16) | (first << 8) | last, factor) >>> 16) & (slots - 1)
}

/** The first odd factor that sends every name to a slot of its own. */
function perfectFactor(): number {
  for (let factor = 0x9e3779b1 | 0; ; factor += 2) {
    const taken = new Set(keys.map((name) => slotOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1), factor)))
    if (taken.size === keyCount) return factor
  }
}
