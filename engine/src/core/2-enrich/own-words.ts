// What a mention says itself: its text folded (fold.ts), without links, names, white space, punctuation, the words that a platform puts where
// nothing is said, and what others said before. One pass over the bytes; nothing is kept but a count and a hash.
import { finish, rotate } from '../1-decode/hash.ts'
import { codePointsMax, foldTable, part, partBits, partMask } from './fold.ts'

const slash = 0x2f
const at = 0x40
const seedA = 0x6a09e667
const seedB = 0xbb67ae85 | 0

/** What platforms write for those who say nothing, folded; dropped where a text begins with it, as often as it does. */
const boilerplate = ['转发微博', '快转微博', 'repost'].map(lanesOf)
const boilerplateMax = 6

export class OwnWords {
  count = 0 // characters: code points that are letters, digits, ideographs, symbols or emoji
  low = 0 // 64-bit hash of them, unsigned 32 bits each
  high = 0

  /**
   * Reads valid UTF-8. Others' words begin at the first //@ (Weibo appends the chain that it reposts) and at RT @ (as on Twitter). A link is
   * http:// or https:// and the printable ASCII behind it; a name is @ and what is behind it up to white space or punctuation.
   */
  read(bytes: Uint8Array, start: number, end: number): void {
    let a = seedA
    let b = seedB
    let count = 0
    let word = false // inside a word of letters
    let p = start
    while (p < end) {
      const byte = bytes[p]!
      let codePoint = byte
      let next = p + 1
      if (byte >= 0xe0 && byte < 0xf0) {
        codePoint = ((byte & 0xf) << 12) | ((bytes[p + 1]! & 0x3f) << 6) | (bytes[p + 2]! & 0x3f)
        next = p + 3
      } else if (byte >= 0x80) {
        codePoint = longer(bytes, p)
        next = p + widthOf(byte)
      }
      const entry = foldTable[codePoint]!
      const role = entry & partMask
      const folded = entry >>> partBits
      if (role === part.letter) {
        if ((byte | 0x20) === 0x68 && isLink(bytes, p, end)) {
          p = linkEnd(bytes, p, end)
          continue
        }
        if (!word && (byte | 0x20) === 0x72 && isRetweet(bytes, p, end)) break
        word = true
      } else if (role === part.ignored) {
        p = next
        continue
      } else {
        if (word && count <= boilerplateMax && isBoilerplate(a, b)) {
          a = seedA
          b = seedB
          count = 0
        }
        word = false
        if (role !== part.alone) {
          if (folded === slash && isChain(bytes, p, end)) break
          p = folded === at ? nameEnd(bytes, next, end) : next
          continue
        }
      }
      a = nextA(a, folded)
      b = nextB(b, folded)
      count++
      p = next
      if (count <= boilerplateMax && !word && isBoilerplate(a, b)) {
        a = seedA
        b = seedB
        count = 0
      }
    }
    this.#end(a, b, word && count <= boilerplateMax && isBoilerplate(a, b) ? 0 : count)
  }

  #end(a: number, b: number, count: number): void {
    const low = finish((a + b) ^ count)
    this.count = count
    this.low = low >>> 0
    this.high = finish(b ^ rotate(low, 16)) >>> 0
  }
}

function nextA(lane: number, codePoint: number): number {
  return rotate(Math.imul(lane ^ codePoint, 0x85ebca6b | 0), 13)
}

function nextB(lane: number, codePoint: number): number {
  return rotate(Math.imul((lane + codePoint) | 0, 0xc2b2ae35 | 0), 17)
}

function lanesOf(folded: string): { readonly a: number; readonly b: number } {
  let a = seedA
  let b = seedB
  for (const character of folded) {
    a = nextA(a, character.codePointAt(0)!)
    b = nextB(b, character.codePointAt(0)!)
  }
  return { a, b }
}

function isBoilerplate(a: number, b: number): boolean {
  for (let i = 0; i < boilerplate.length; i++) if (boilerplate[i]!.a === a && boilerplate[i]!.b === b) return true
  return false
}

/** The code point at `p`, whatever its width; one past the table's is its last, which is unassigned: punctuation. */
function longer(bytes: Uint8Array, p: number): number {
  const byte = bytes[p]!
  if (byte < 0x80) return byte
  const second = bytes[p + 1]! & 0x3f
  if (byte < 0xe0) return ((byte & 0x1f) << 6) | second
  const third = bytes[p + 2]! & 0x3f
  if (byte < 0xf0) return ((byte & 0xf) << 12) | (second << 6) | third
  return Math.min(((byte & 7) << 18) | (second << 12) | (third << 6) | (bytes[p + 3]! & 0x3f), codePointsMax - 1)
}

function widthOf(byte: number): number {
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}

/** http:// or https://, in any case. */
function isLink(bytes: Uint8Array, p: number, end: number): boolean {
  if ((bytes[p + 1]! | 0x20) !== 0x74 || (bytes[p + 2]! | 0x20) !== 0x74 || (bytes[p + 3]! | 0x20) !== 0x70) return false
  const colon = (bytes[p + 4]! | 0x20) === 0x73 ? p + 5 : p + 4
  return colon + 2 < end && bytes[colon] === 0x3a && bytes[colon + 1] === slash && bytes[colon + 2] === slash
}

/** A link that others' words follow without a space ends before them. */
function linkEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from + 7
  while (p < end && bytes[p]! > 0x20 && bytes[p]! < 0x7f && bytes[p] !== 0x22 && bytes[p] !== 0x3c && bytes[p] !== 0x3e && !isChain(bytes, p, end)) p++
  return p
}

/** A word RT and an @ behind it. */
function isRetweet(bytes: Uint8Array, from: number, end: number): boolean {
  if ((bytes[from + 1]! | 0x20) !== 0x74) return false
  let p = from + 2
  while (p < end && bytes[p] === 0x20) p++
  return p < end && foldedAt(bytes, p) === at
}

/** //@, of either width. */
function isChain(bytes: Uint8Array, from: number, end: number): boolean {
  let p = from
  for (let slashes = 0; slashes < 2; slashes++) {
    if (p >= end || foldedAt(bytes, p) !== slash) return false
    p += widthOf(bytes[p]!)
  }
  return p < end && foldedAt(bytes, p) === at
}

function foldedAt(bytes: Uint8Array, p: number): number {
  return foldTable[longer(bytes, p)]! >>> partBits
}

/** Names hold letters, ideographs and hyphens. */
function nameEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from
  while (p < end && ((foldTable[longer(bytes, p)]! & partMask) >= part.ignored || bytes[p] === 0x2d)) p += widthOf(bytes[p]!)
  return p
}
