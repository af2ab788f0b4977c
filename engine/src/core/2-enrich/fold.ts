// One table that says of each code point what it folds to and what part it plays in the symbol stream (query/tokens.ts).
// Folding is by single code points, so it never changes how many there are:
//   case        Unicode simple case folding (ς is σ, ſ is s, ẞ is ß; ß is not ss); Turkish İ is i, ı stays itself
//   width       full-width Latin and half-width Katakana are their normal forms; so are 𝐛𝐨𝐥𝐝 mathematical letters
//   characters  traditional Chinese is simplified by opencc's first choice; compatibility ideographs and radicals are the usual ones
// Diacritics are kept: é is not e. That é is one or two code points is settled by the spellings of a term (query/tokens.ts).
import traditional from 'opencc-js/dict/TSCharacters'

/** What a code point is in the symbol stream. `alone`: a token by itself (Han, Kana, Hangul, Thai, symbols, emoji). */
export const part = { punctuation: 0, space: 1, ignored: 2, letter: 3, alone: 4 } as const
export const partBits = 3
export const partMask = 7

/** Code points from here on are private, tags or unassigned: punctuation. */
export const codePointsMax = 0x33480

export const foldedOf = (codePoint: number): number => (codePoint < codePointsMax ? foldTable[codePoint]! >>> partBits : codePoint)
export const partOf = (codePoint: number): number => (codePoint < codePointsMax ? foldTable[codePoint]! & partMask : part.punctuation)

/** Every code point of the text folded, ignored ones left out: what field values are compared by. */
export function foldText(text: string): string {
  let folded = ''
  for (const character of text) {
    const codePoint = character.codePointAt(0)!
    if (partOf(codePoint) !== part.ignored) folded += String.fromCodePoint(foldedOf(codePoint))
  }
  return folded
}

/** Ideographs and Hangul syllables: no case, no width, all alone. Filled without asking the regular expressions one by one. */
const uniform = [[0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xac00, 0xd7a3], [0x20000, 0x2a6df], [0x2a700, 0x2ebe0], [0x30000, 0x33479]] as const
/** Where a compatibility form of one code point is the same character in another dress. */
const dressed = [[0x212a, 0x212b], [0x2126, 0x2126], [0x2e80, 0x2fdf], [0x3000, 0x3000], [0xf900, 0xfaff], [0xff00, 0xffef], [0x1d400, 0x1d7ff], [0x2f800, 0x2fa1f]] as const

const ignorable = /^[\p{Default_Ignorable_Code_Point}\u{1f3fb}-\u{1f3ff}]$/u // joiners, variation selectors, bidi marks, skin tones
const writing = /^[\p{L}\p{N}\p{M}_]$/u
const alone = /^(?:[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}]|\p{So})$/u
const space = /^\p{White_Space}$/u
const assigned = /^\P{Cn}$/u

function isSingle(text: string): boolean {
  return text.length === (text.codePointAt(0)! > 0xffff ? 2 : 1)
}

/** Entry of a code point: its folded code point << partBits | its part. */
export const foldTable: Uint32Array = buildFoldTable()

function buildFoldTable(): Uint32Array {
  const folds = new Uint32Array(codePointsMax)
  const parts = new Uint8Array(codePointsMax)
  for (let codePoint = 0; codePoint < codePointsMax; codePoint += 1) folds[codePoint] = codePoint
  for (const [first, last] of uniform) parts.fill(part.alone, first, last + 1)
  for (let codePoint = 0; codePoint < codePointsMax; codePoint += 1) {
    if (parts[codePoint] !== 0 || (codePoint >= 0xd800 && codePoint < 0xf900)) continue
    const character = String.fromCodePoint(codePoint)
    if (!assigned.test(character)) continue
    folds[codePoint] = foldCase(undressed(codePoint, character))
    parts[codePoint] = partOfCharacter(String.fromCodePoint(folds[codePoint]!))
  }
  foldTraditional(folds)
  const table = new Uint32Array(codePointsMax)
  for (let codePoint = 0; codePoint < codePointsMax; codePoint += 1) {
    table[codePoint] = (folds[codePoint]! << partBits) | parts[codePoint]!
  }
  return table
}

function undressed(codePoint: number, character: string): number {
  if (!dressed.some(([first, last]) => codePoint >= first && codePoint <= last)) return codePoint
  const plain = character.normalize('NFKC')
  return isSingle(plain) ? plain.codePointAt(0)! : codePoint
}

function foldCase(codePoint: number): number {
  if (codePoint < 0x80) return codePoint >= 0x41 && codePoint <= 0x5a ? codePoint + 32 : codePoint
  if (codePoint === 0x131) return codePoint // ı: its capital is I, yet it is not i
  const character = String.fromCodePoint(codePoint)
  const upper = character.toUpperCase()
  const lower = isSingle(upper) ? upper.toLowerCase() : character.toLowerCase()
  return lower.codePointAt(0)!
}

function partOfCharacter(character: string): number {
  if (ignorable.test(character)) return part.ignored
  if (space.test(character)) return part.space
  if (character >= '\u0300' && character <= '\u036f') return part.letter
  if (/^\p{So}$/u.test(character)) return part.alone
  if (!writing.test(character)) return part.punctuation
  return alone.test(character) ? part.alone : part.letter
}

/** 覆 → 复 in place; applied to what is folded already, until nothing changes. */
function foldTraditional(folds: Uint32Array): void {
  const simplified = new Map<number, number>()
  for (const entry of traditional.split('|')) {
    const [from, to] = entry.split(' ')
    if (from !== undefined && to !== undefined && isSingle(from) && isSingle(to)) simplified.set(from.codePointAt(0)!, to.codePointAt(0)!)
  }
  for (let codePoint = 0x2e80; codePoint < codePointsMax; codePoint += 1) {
    const first = simplified.get(folds[codePoint]!)
    if (first !== undefined) folds[codePoint] = simplified.get(first) ?? first
  }
}
