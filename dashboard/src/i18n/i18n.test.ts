import { describe, expect, test } from 'vitest'
import { pickLanguage } from './language.ts'
import { count, duration, percent, threshold, times } from './numbers.ts'
import { platformName } from './platforms.ts'
import { linesOf, shortTitle, textWidth } from './text-width.ts'

describe('language', () => {
  test.each([
    { query: 'lang=en', preferred: ['zh-CN'], expected: 'en' }, { query: 'lang=zh', preferred: ['en-US'], expected: 'zh' },
    { query: '', preferred: ['en-GB', 'zh-CN'], expected: 'en' }, { query: '', preferred: ['fr-FR', 'zh-TW'], expected: 'zh' },
    { query: '', preferred: ['fr-FR'], expected: 'zh' }, { query: 'lang=tlh', preferred: [], expected: 'zh' },
  ])('$query $preferred: $expected', ({ query, preferred, expected }) => expect(pickLanguage(new URLSearchParams(query), preferred)).toBe(expected))
})

describe('numbers', () => {
  test.each([
    [0, '0', '0'], [41_208, '41,208', '41,208'], [999_999, '999,999', '999,999'], [1_234_567, '123.4万', '1.23M'], [12_345_678, '1,234万', '12.3M'], [1_999_999_999, '19.9亿', '1.99B'],
  ])('%d is %s and %s', (value, zh, en) => expect([count(value, 'zh'), count(value, 'en')]).toEqual([zh, en]))
  test.each([[2_000, '2,000', '2,000'], [20_000, '2万', '20k'], [100_000, '10万', '100k'], [12_345, '12,345', '12,345'], [2_000_000, '200.0万', '2.00M']])(
    'threshold %d is %s and %s', (value, zh, en) => expect([threshold(value, 'zh'), threshold(value, 'en')]).toEqual([zh, en]))
  test.each([[9.44, '×9.4'], [120.4, '×120'], [1_000_000, '×9,999+'], [0.04, '×0.0']])('%d times is %s', (ratio, text) => expect(times(ratio)).toBe(text))
  test.each([[0.999, '99%'], [1, '100%'], [0.29, '29%'], [1.124, '112%']])('%d is %s', (share, text) => expect(percent(share)).toBe(text))
  test.each([[-5, '0秒', '0s'], [59_999, '59秒', '59s'], [725_000, '12分', '12m'], [90_000_000, '25时', '25h'], [200_000_000, '2天', '2d']])(
    '%d ms is %s and %s', (ms, zh, en) => expect([duration(ms, 'zh'), duration(ms, 'en')]).toEqual([zh, en]))
})

describe('titles', () => {
  test.each([
    ['资金延迟到账', '资金延迟到账'], ['一二三四五六七八九十', '一二三四五六七八九十'], ['一二三四五六七八九十一', '一二三四五六七八九…'],
    ['Network outage', 'Network outage'], ['Network outage in many places', 'Network outage…'],
  ])('%s is shown as %s', (full, shown) => {
    expect(shortTitle(full)).toBe(shown)
    expect(textWidth(shown)).toBeLessThanOrEqual(10)
  })
  test.each([['网络中断', 10, 1], ['一二三四五六七八九十一', 10, 2], ['Network outage', 10, 1], ['Nationwide broadband outage', 10, 2], ['', 10, 1]])(
    '%s in %d em takes %d lines', (text, width, lines) => expect(linesOf(text, width)).toBe(lines))
})

test('a platform without a name is called by its id', () => expect([platformName('weibo', 'zh'), platformName('my-forum', 'zh')]).toEqual(['微博', 'my-forum']))
