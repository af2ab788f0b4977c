import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineCutter, type Cut } from './lines.ts'

const limits = { messageBytesMax: 12, lineBytesMax: 20 }
const cut = (chunks: readonly string[]): Cut[] => {
  const cutter = new LineCutter(limits)
  return [...chunks.flatMap((chunk) => [...cutter.push(Buffer.from(chunk))]), ...cutter.end()]
}
const body = fc.array(fc.constantFrom('a', 'bb', ' ', '\r', '\n', '\n', 'ccccccccccccccc', '中'), { maxLength: 60 })

test('whatever the chunks, the messages hold exactly the lines that are neither blank nor too long, in order', () => {
  fc.assert(fc.property(body, (chunks) => {
    const lines = chunks.join('').split('\n')
    const cuts = cut(chunks)
    const messages = cuts.filter((each) => each.kind === 'message')
    const expected = lines.filter((line) => line.trim() !== '' && Buffer.byteLength(line) <= limits.lineBytesMax)
    expect(messages.map((message) => Buffer.from(message.bytes).toString()).join('')).toBe(expected.map((line) => `${line}\n`).join(''))
    expect(messages.reduce((sum, message) => sum + message.lines, 0)).toBe(expected.length)
    const tooLong = lines.flatMap((line, index) => (Buffer.byteLength(line) > limits.lineBytesMax ? [{ kind: 'too-long', line: index + 1, bytes: Buffer.byteLength(line) }] : []))
    expect(cuts.filter((each) => each.kind === 'too-long')).toEqual(tooLong)
  }))
})

test('a message is never over its limit unless one line alone is', () => {
  fc.assert(fc.property(body, (chunks) => {
    for (const each of cut(chunks)) if (each.kind === 'message' && each.lines > 1) expect(each.bytes.length).toBeLessThanOrEqual(limits.messageBytesMax)
  }))
})

test('messages are filled: no two neighbours would have fitted into one', () => {
  fc.assert(fc.property(body, (chunks) => {
    const messages = cut(chunks).filter((each) => each.kind === 'message')
    for (const [index, message] of messages.slice(1).entries()) {
      const firstLine = Buffer.from(message.bytes).indexOf(10) + 1
      expect(messages[index]!.bytes.length + firstLine).toBeGreaterThan(limits.messageBytesMax)
    }
  }))
})
