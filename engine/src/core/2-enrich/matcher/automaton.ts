// Finds every one of many patterns in a text in one pass over its UTF-8 bytes: Aho–Corasick (CACM 1975) over classes of
// code points, laid out as a double array (Aoe 1989). What a text is as symbols, see query/tokens.ts.
//
//   byte(s) → code point → info[code point] = class << 3 | part      class 0: the code point is in no pattern
//   cells, four numbers a state s (an offset, the root is 0):
//     s    base: the child by class c is at base + 4c, if that cell's check says s; bit 0: hits end here or on the way down
//     s+1  check: the state whose child this is, −1 in a free cell
//     s+2  fail: the state of the longest proper suffix, where to go on when there is no child
//     s+3  the nearest state down the fail path (itself not) at which a pattern ends, 0 if none
//   The root's children are a dense row: most text is at the root, or one step away from it.
import { codePointsMax, part, partBits, partMask } from '../fold.ts'
import { boundaryClass, classesOf, gapClass, infoOf, PairSet } from './classes.ts'
import { buildMachine } from './double-array.ts'
import type { Machine } from './double-array.ts'

/** Told of each state with hits, as it is reached: walk `pattern(state)` and `below(state)`. `token` is the one just ended or under way. */
export interface HitSink { hit(state: number, token: number): void }

/** What came before the place that is read. */
const after = { alone: 0, letter: 1, word: 2, wordPunctuation: 3, aloneSpace: 4, alonePunctuation: 5 } as const

export class Automaton {
  readonly #info: Uint16Array | Uint32Array
  readonly #machine: Machine
  readonly #pairs: PairSet // of classes: the first two symbols of patterns that begin with an alone token
  readonly #patterns: Int32Array // of each state / 4: the pattern that ends there, −1 none

  /** Patterns are symbols (query/tokens.ts `symbolsOf`), all different, none empty; a pattern's number is its index. */
  constructor(patterns: readonly (readonly number[])[]) {
    const classes = classesOf(patterns)
    this.#info = infoOf(classes, patterns)
    this.#pairs = new PairSet(patterns, classes)
    const built = buildMachine(patterns, classes)
    this.#machine = built.machine
    this.#patterns = built.patternAt
  }

  get stateCells(): number {
    return this.#machine.cells.length / 4
  }

  /** The pattern that ends in this very state, or −1. */
  pattern(state: number): number {
    return this.#patterns[state >> 2]!
  }

  /** The next state down the fail path at which a pattern ends; 0: none. */
  below(state: number): number {
    return this.#machine.cells[state + 3]!
  }

  /** Tells the sink of every hit in valid UTF-8, in order of their ends; answers the number of tokens. */
  scan(bytes: Uint8Array, start: number, end: number, sink: HitSink): number {
    const info = this.#info
    const machine = this.#machine
    const { cells, root } = machine
    let state = 0
    let before: number = after.alone
    let tokens = 0
    let at = start
    while (at < end) {
      const byte = bytes[at]!
      let entry: number
      if (byte >= 0xe0 && byte < 0xf0) {
        entry = info[threeBytes(bytes, at)]!
        at += 3
      } else if (byte < 0x80) {
        entry = info[byte]!
        at += 1
      } else {
        entry = info[longer(bytes, at)]!
        at += byte < 0xe0 ? 2 : 4
      }
      const role = entry & partMask
      if (role === part.letter) {
        if (before === after.letter) {
          if (state === 0) continue // no pattern begins inside a word
        } else {
          if (before === after.alonePunctuation) state = step(machine, state, gapClass)
          if (before !== after.word && before !== after.wordPunctuation) state = step(machine, state, boundaryClass)
          before = after.letter
          tokens += 1
        }
      } else if (role === part.ignored) {
        continue
      } else {
        if (before === after.letter) {
          state = step(machine, state, boundaryClass)
          if (state !== 0 && (cells[state]! & 1) !== 0) sink.hit(state, tokens - 1)
          before = after.word
        }
        if (role < part.alone) {
          before = pastSeparator(before, role)
          continue
        }
        if (before >= after.wordPunctuation) state = step(machine, state, gapClass)
        before = after.alone
        tokens += 1
      }
      const symbolClass = entry >>> partBits
      state = step(machine, state, symbolClass)
      if (state !== 0 && (cells[state]! & 1) !== 0) sink.hit(state, tokens - 1)
      if (before === after.alone && state === root[symbolClass]) { // at most one step from the root: nothing is under way
        const next = this.#skim(bytes, at, end, symbolClass)
        if (next === at) continue
        tokens += (next - at) / 3
        at = next
        state = root[info[threeBytes(bytes, at - 3)]! >>> partBits]!
      }
    }
    if (before === after.letter) {
      state = step(machine, state, boundaryClass)
      if (state !== 0 && (cells[state]! & 1) !== 0) sink.hit(state, tokens - 1)
    }
    return tokens
  }

  /** Past three-byte characters that are alone, as long as no two in a row begin a pattern and none is one itself; most text is so. */
  #skim(bytes: Uint8Array, from: number, end: number, symbolClass: number): number {
    const info = this.#info
    const pairs = this.#pairs
    let before = symbolClass
    let at = from
    while (at < end && (bytes[at]! & 0xf0) === 0xe0) {
      const entry = info[threeBytes(bytes, at)]!
      if ((entry & partMask) !== part.alone || pairs.has(before, entry >>> partBits)) return at
      before = entry >>> partBits
      at += 3
    }
    return at
  }
}

function threeBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! & 0xf) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f)
}

/** The code point of two or four bytes; one past the table's is its last, which is unassigned: punctuation. */
function longer(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!
  if (byte < 0xe0) return ((byte & 0x1f) << 6) | (bytes[at + 1]! & 0x3f)
  const codePoint = ((byte & 7) << 18) | ((bytes[at + 1]! & 0x3f) << 12) | ((bytes[at + 2]! & 0x3f) << 6) | (bytes[at + 3]! & 0x3f)
  return Math.min(codePoint, codePointsMax - 1)
}

/** The state after one more symbol. */
function step(machine: Machine, from: number, symbolClass: number): number {
  if (symbolClass === 0) return 0
  const { cells } = machine
  let state = from
  while (state !== 0) {
    const child = (cells[state]! & ~3) + (symbolClass << 2)
    if (cells[child + 1] === state) return child
    state = cells[state + 2]!
  }
  return machine.root[symbolClass]!
}

function pastSeparator(before: number, role: number): number {
  if (role === part.space) return before === after.alone ? after.aloneSpace : before
  return before === after.word || before === after.wordPunctuation ? after.wordPunctuation : after.alonePunctuation
}
