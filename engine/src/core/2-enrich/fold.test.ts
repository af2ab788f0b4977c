import { expect, test } from 'vitest'
import { codePointsMax, foldedOf, foldText, part, partOf } from './fold.ts'

test.each([
  ['ＡＢＣ１２３', 'abc123'], ['網絡斷訊', '网络断讯'], ['臺灣', '台湾'], ['ΣΑΣς', 'σασσ'], ['Straße STRAẞE', 'straße straße'], ['İIı', 'iiı'], ['É', 'é'], ['ﾃｽﾄ', 'テスト'],
  ['𝐁𝒐𝓵𝖽', 'bold'], ['МОСКВА', 'москва'], ['豈', '岂'], ['⽹', '网'], ['断\u200b\ufe0f网', '断网'], ['👍🏽', '👍'],
])('%s folds to %s', (text, folded) => {
  expect(foldText(text)).toBe(folded)
})

test('folding what is folded changes nothing, nor the part that a code point plays', () => {
  const wrong: string[] = []
  for (let codePoint = 0; codePoint < codePointsMax; codePoint += 1) {
    const folded = foldedOf(codePoint)
    if (foldedOf(folded) !== folded || partOf(folded) !== partOf(codePoint)) wrong.push(codePoint.toString(16))
  }
  expect(wrong).toEqual([])
})

test.each([
  ['a1_éжσ\u0301', part.letter], ['网々〇あカー한ไ👍©', part.alone], [' \u3000\n\t', part.space], ['\u200d\ufe0f\u00ad', part.ignored], ['，。#@-\u0000', part.punctuation],
])('%s plays one part', (text, role) => {
  for (const character of text) expect([character, partOf(character.codePointAt(0)!)]).toEqual([character, role])
})
