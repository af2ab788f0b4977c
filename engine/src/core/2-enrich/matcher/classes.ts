// Numbers the code points that patterns use, so that a table row is as long as the patterns are varied, not as Unicode is.
import { codePointsMax, foldTable, partBits, partMask } from '../fold.ts'
import { symbol } from '../query/tokens.ts'

export const boundaryClass = 1
export const gapClass = 2
const firstFreeClass = 3
/** A part besides those of fold.ts: alone, and a pattern by itself. */
export const wholePattern = 5

/** Symbol → class, from 1. */
export function classesOf(patterns: readonly (readonly number[])[]): Map<number, number> {
  const classes = new Map<number, number>([[symbol.boundary, boundaryClass], [symbol.gap, gapClass]])
  let next = firstFreeClass
  for (const pattern of patterns) {
    for (const each of pattern) {
      if (!classes.has(each)) classes.set(each, next++)
    }
  }
  return classes
}

/** For every code point: class of what it folds to << partBits | its part, or wholePattern. Half as wide where that is enough, for the cache. */
export function infoOf(classes: ReadonlyMap<number, number>, patterns: readonly (readonly number[])[]): Uint16Array | Uint32Array {
  const classOfFolded = new Uint32Array(codePointsMax)
  for (const [each, number] of classes) {
    if (each >= 0) classOfFolded[each] = number
  }
  const info = classes.size < 0xffff >> partBits ? new Uint16Array(codePointsMax) : new Uint32Array(codePointsMax)
  const whole = new Set(patterns.flatMap((pattern) => (pattern.length === 1 ? pattern : [])))
  for (let codePoint = 0; codePoint < codePointsMax; codePoint += 1) {
    const entry = foldTable[codePoint]!
    const folded = entry >>> partBits
    const symbolClass = classOfFolded[folded]!
    info[codePoint] = (symbolClass << partBits) | (symbolClass !== 0 && whole.has(folded) ? wholePattern : entry & partMask)
  }
  return info
}

/** Pairs of classes that may begin a pattern: a set that may say yes too often (a Bloom filter of one hash), never no. */
export class PairSet {
  readonly #bits: Uint32Array
  readonly #mask: number

  constructor(patterns: readonly (readonly number[])[], classes: ReadonlyMap<number, number>) {
    const slots = Math.min(2 ** 19, Math.max(2 ** 13, 2 ** Math.ceil(Math.log2(patterns.length * 32 + 1))))
    this.#bits = new Uint32Array(slots / 32)
    this.#mask = slots - 1
    for (const [first, second] of patterns) {
      if (first === undefined || second === undefined || first < 0) continue
      const slot = this.#slot(classes.get(first)!, classes.get(second)!)
      this.#bits[slot >>> 5]! |= 1 << (slot & 31)
    }
  }

  has(first: number, second: number): boolean {
    const slot = this.#slot(first, second)
    return ((this.#bits[slot >>> 5]! >>> (slot & 31)) & 1) !== 0
  }

  #slot(first: number, second: number): number {
    return ((Math.imul(first, 0x9e37_79b1) >>> 8) + second) & this.#mask
  }
}
