import { expect, test } from 'vitest'
import { ownPart, ownTokens, ownTokensMax, written } from './own-tokens.ts'

const shape = (text: string): string => {
  const { tokens, joined, words } = ownTokens(text)
  return tokens.map((token, at) => `${at > 0 && joined[at]! ? '' : '|'}${words[at]! && joined[at]! && words[at - 1]! ? ' ' : ''}${token}`).join('')
}

test.each([
  ['断网了，急！', '|断网了|急', 'punctuation parts'], ['網絡斷了', '|网络断了', 'characters are folded'], ['the WEB is down', '|the web is down', 'words go on over a space'], ['5G 网络', '|5g网络', 'a word and a character, too'],
  ['断 网', '|断|网', 'two characters do not'], ['哭[泪]了👍好', '|哭|了|好', 'emoji part'], ['看https://t.cn/abc这里', '|看|这|里'.replace('|这|里', '|这里'), 'links part'], ['去 @某人 说 http: 了', '|去|说|了', 'names and cut links part'],
  ['转发微博 //@某人: 断网了', '', 'the platform and others say nothing'], ['真的？//@a: 断网', '|真的', 'others begin at the chain'], ['so RT @x: hello', '|so', 'and at RT'], ['#断网# 转发微博 详情', '|断网|详情', 'the platform\'s words further on part'],
  ['断\u200b网', '|断网', 'what is not seen is not there'], ['', '', 'nothing'], ['reposting', '|reposting', 'a longer word is its own'],
])('%s is %s: %s', (text, expected) => {
  expect(shape(text)).toBe(expected)
})

test('a long text is read to a limit, and what is shown is as it was written', () => {
  expect(ownTokens('网'.repeat(1000)).tokens.length).toBe(ownTokensMax)
  expect(ownPart('  转发微博 你們好，世界 //@x: 不')).toBe('你們好，世界')
  expect(written(['5g', '网', '络', 'is', 'down'], [true, false, false, true, true])).toBe('5g网络is down')
})
