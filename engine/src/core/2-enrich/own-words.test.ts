// What counts as a mention's own words, against a reading of the same rules by regular expressions.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldedOf, part, partOf } from './fold.ts'
import { OwnWords } from './own-words.ts'

const words = new OwnWords()
/** Between other bytes, as a text stands in a message. */
function read(text: string, behind = 't @x//@y'): { readonly count: number; readonly hash: string; readonly different: number } {
  const bytes = Buffer.from(`http:/${text}${behind}`)
  words.read(bytes, 6, bytes.length - Buffer.from(behind).length)
  return { count: words.count, hash: `${words.low}:${words.high}`, different: words.different }
}
const same = (a: string, b: string): boolean => read(a).hash === read(b).hash

/** The characters that are left, folded. */
function naive(text: string): string {
  const roleOf = (character: string): number => partOf(character.codePointAt(0)!)
  let left = ''
  let word = false
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at)
    const character = String.fromCodePoint(rest.codePointAt(0)!)
    const role = roleOf(character)
    if (/^[/／]{2}[@＠]/.test(rest) || (!word && /^rt *[@＠]/i.test(rest))) break
    let skipped = (/^https?:\/\/(?:(?![/／]{2}[@＠])[!#-;=?-~])*/i.exec(rest) ?? [''])[0].length
    if (left === '' && skipped === 0) skipped = (/^(?:[转轉][发發]微博|快[转轉]微博|repost)/i.exec(rest) ?? [''])[0].length
    if (/^repost./isu.test(rest) && roleOf(rest.slice(6)) === part.letter) skipped = 0
    if (/^[@＠]/.test(rest)) skipped = 1 + Array.from(rest.slice(1), (each) => (roleOf(each) >= part.ignored || each === '-' ? each : ' ')).join('').split(' ')[0]!.length
    if (skipped > 0) word = false
    else if (role !== part.ignored) word = role === part.letter
    if (skipped === 0 && role >= part.letter) left += String.fromCodePoint(foldedOf(character.codePointAt(0)!))
    at += skipped || character.length
  }
  return left
}

test('own words are the same for two texts exactly if the rules leave the same characters', () => {
  const pieces = ['转发微博', '轉發微博', '快转微博', 'Repost', 'repost ', 'http://t.cn/zQ1', 'HTTPS://a.b/', 'http:', '//@', '／／＠', '/＠', '@张三-a:', '@b ', 'RT @', 'rt', 'R', 'h', 'ht',
    ' ', '，', '"', '<', '/', '@', '😀', '\u200d', '\ufe0f', '中', '國', '国', 'Ａ', 'a', 'é', '1', '_', '-', '𠀀', '𝐛', '[心]', 'ß', '\u{e0041}', '\u{33480}', '\u{10ffff}']
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''))
  const known = new Map<string, string>()
  fc.assert(fc.property(text, (sent) => {
    const left = naive(sent)
    const { count, hash, different } = read(sent)
    expect(count).toBe([...left].length)
    expect(different).toBe(new Set([...left].map((each) => each.codePointAt(0)! & 31)).size)
    expect(known.get(left) ?? hash).toBe(hash)
    known.set(left, hash)
  }), { numRuns: 20_000 })
  expect(new Set(known.values()).size).toBe(known.size)
})

test('links, names, punctuation, case, width and script make no difference', () => {
  const said = '台湾大地震，大家注意安全！Stay safe'
  for (const alike of ['臺灣大地震 大家注意安全 stay SAFE', `${said} http://t.cn/zQ1`, `@某人 @b-c:${said}`, `http://t.cn/a?b=c#d ${said}`, `【${said}】`, 'ＳＴＡＹ', `转发微博。${said}`, `Repost ${said}//@谁: 不是我说的`, `${said}／／＠谁`]) {
    expect(same(alike, alike === 'ＳＴＡＹ' ? 'stay' : said), alike).toBe(true)
  }
  expect(same(said, `${said}了`)).toBe(false)
  expect(same('一二三四五六七八九十甲乙', '一二三四五六七八九十乙甲')).toBe(false)
})

test('what others said and what platforms write are not own words', () => {
  for (const nothing of ['', ' ', '转发微博', '轉發微博。', '转发微博//@a: 好', 'Repost', 'repost!', '//@张三: 快看', 'RT @a: look at this', 'rt  @a', '@a @b', 'http://t.cn/zQ1', 'http://t.cn/zQ1//@a:b', '。。。', '转发微博 转发微博']) {
    expect(read(nothing).count, nothing).toBe(0)
  }
  expect(read('reposting').count).toBe(9)
  expect(read('art @a').count).toBe(3)
  expect(read('看http://t.cn/zQ1这里').count).toBe(3)
  expect(read('a/@b').count).toBe(1)
})

test('a text ends where it ends, whatever stands behind it', () => {
  for (const cut of ['r', 'RT', 'RT ', '/', '//', 'h', 'http', 'http:/', 'https://', 'repost', '转发', '@']) {
    expect(read(cut, '@x'), cut).toEqual(read(cut, '中'))
    expect(read(cut, '//@t'), cut).toEqual(read(cut, '"'))
  }
})
