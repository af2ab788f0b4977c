// What a mention says itself: its text folded (fold.ts), without links, names, white space, punctuation, the words that a platform puts where
// nothing is said, and what others said before. One pass over the bytes; nothing is kept but a count and a hash.
import { finish, rotate } from '../1-decode/hash.ts'
import { codePointsMax, foldTable, part, partBits, partMask } from './fold.ts'

const slash = 0x2f
const at = 0x40
const lowerH = 0x68
const lowerR = 0x72
const multiplierA = 0x85ebca6b | 0
const multiplierB = 0xc2b2ae35 | 0
const seedA = 0x6a09e667
const seedB = 0xbb67ae85 | 0

/** What platforms write for those who say nothing, folded; dropped where a text begins with it, as often as it does. */
const boilerplate = ['转发微博', '快转微博', 'repost'].map((text) => Uint32Array.from(text, (character) => character.codePointAt(0)!))

const http = new TextEncoder().encode('http')
/** What a link is made of: printable ASCII, but no quotes and angle brackets. */
const linkBytes = new Uint8Array(256).map((_, byte) => (/^[!-~]$/.test(String.fromCharCode(byte)) && !'"<>'.includes(String.fromCharCode(byte)) ? 1 : 0))

export class OwnWords {
  count = 0 // characters: code points that are letters, digits, ideographs, symbols or emoji
  low = 0 // 64-bit hash of them, unsigned 32 bits each
  high = 0
  #kinds = 0 // a bit for each character, by its last five bits

  /** How many characters are different, or a few fewer; at most 32. */
  get different(): number {
    let kinds = this.#kinds
    let different = 0
    for (; kinds !== 0; kinds &= kinds - 1) different++
    return different
  }

  /**
   * Reads valid UTF-8. Others' words begin at the first //@ (Weibo appends the chain that it reposts) and at RT @ (as on Twitter). A link is
   * http:// or https:// and the printable ASCII behind it; a name is @ and what is behind it up to white space or punctuation.
   */
  read(bytes: Uint8Array, start: number, end: number): void {
    const table = foldTable // locals: what is the module's would be read anew for each character, at twice the time
    const { letter, ignored } = part
    const [mask, shift, timesA, timesB] = [partMask, partBits, multiplierA, multiplierB]
    let a = seedA
    let b = seedB
    let kinds = 0
    let count = 0
    let word = false // inside a word of letters
    let p = start
    while (p < end) {
      const byte = bytes[p]!
      let next = p + 3
      let codePoint = byte
      if (byte < 0x80) next = p + 1
      else if (byte >= 0xe0 && byte < 0xf0) codePoint = ((byte & 0xf) << 12) | ((bytes[p + 1]! & 0x3f) << 6) | (bytes[p + 2]! & 0x3f)
      else {
        codePoint = longer(bytes, p)
        next = p + widthOf(byte)
      }
      let entry = table[codePoint]!
      const role = entry & mask
      let folded = entry >>> shift
      if (role < letter) {
        word &&= role === ignored
        if (folded === slash && isChain(bytes, p, end)) break
        p = folded === at ? nameEnd(bytes, next, end) : next
        continue
      }
      if (count === 0 || folded === lowerH || folded === lowerR) {
        if (!word && isRetweet(bytes, p, end)) break
        const behind = linkEnd(bytes, count === 0 ? boilerplateEnd(bytes, p, end) : p, end)
        if (behind > p) {
          word = false
          p = behind
          continue
        }
      }
      word = role === letter
      do { // most characters are like the one before
        a = Math.imul(a ^ folded, timesA)
        a = (a << 13) | (a >>> 19)
        b = Math.imul(b + folded, timesB)
        b = (b << 17) | (b >>> 15)
        kinds |= 1 << folded
        count++
        p = next
        if (p >= end) break
        const following = bytes[p]!
        if (following >>> 4 === 0xe) {
          entry = table[((following & 0xf) << 12) | ((bytes[p + 1]! & 0x3f) << 6) | (bytes[p + 2]! & 0x3f)]!
          next = p + 3
        } else if (following < 0x80) {
          entry = table[following]!
          next = p + 1
        } else break
        folded = entry >>> shift
      } while ((entry & mask) === role && folded !== lowerH)
    }
    this.#kinds = kinds
    this.#end(a, b, count)
  }

  #end(a: number, b: number, count: number): void {
    const low = finish((a + b) ^ count)
    this.count = count
    this.low = low >>> 0
    this.high = finish(b ^ rotate(low, 16)) >>> 0
  }
}

/** Where the boilerplate that begins at `from` ends; `from` where none does. */
function boilerplateEnd(bytes: Uint8Array, from: number, end: number): number {
  const first = foldedAt(bytes, from)
  for (let i = 0; i < boilerplate.length; i++) {
    if (boilerplate[i]![0] !== first) continue
    let p = from
    let same = 0
    for (; p < end && same < boilerplate[i]!.length && foldedAt(bytes, p) === boilerplate[i]![same]; same++) p += widthOf(bytes[p]!)
    if (same < boilerplate[i]!.length) continue
    const insideWord = first < 0x80 && p < end && (foldTable[longer(bytes, p)]! & partMask) === part.letter
    if (!insideWord) return p
  }
  return from
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

/** Where the link that begins at `from` ends, which is before others' words that follow it without a space; `from` where none does. */
function linkEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let i = 0; i < 4; i++) if ((bytes[from + i]! | 0x20) !== http[i]) return from
  let p = (bytes[from + 4]! | 0x20) === 0x73 ? from + 5 : from + 4
  if (p + 2 >= end || bytes[p] !== 0x3a || bytes[p + 1] !== slash || bytes[p + 2] !== slash) return from
  for (p += 3; p < end && linkBytes[bytes[p]!] === 1 && !isChain(bytes, p, end); p++);
  return p
}

/** A word RT and an @ behind it. */
function isRetweet(bytes: Uint8Array, from: number, end: number): boolean {
  if ((bytes[from]! | 0x20) !== 0x72 || (bytes[from + 1]! | 0x20) !== 0x74) return false
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
