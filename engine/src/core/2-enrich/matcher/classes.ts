// Numbers the code points that patterns use, so that a table row is as long as the patterns are varied, not as Unicode is.
import { codePointsMax, foldTable, partBits, partMask } from '../fold.ts'
import { symbol } from '../query/tokens.ts'

export const boundaryClass = 1
export const gapClass = 2
const firstFreeClass = 3

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

/** For every code point: class of what it folds to << partBits | its part. */
export function infoOf(classes: ReadonlyMap<number, number>): Uint32Array {
  const classOfFolded = new Uint32Array(codePointsMax)
  for (const [each, number] of classes) {
    if (each >= 0) classOfFolded[each] = number
  }
  const info = new Uint32Array(codePointsMax)
  for (let codePoint = 0; codePoint < codePointsMax; codePoint += 1) {
    const entry = foldTable[codePoint]!
    info[codePoint] = (classOfFolded[entry >>> partBits]! << partBits) | (entry & partMask)
  }
  return info
}
