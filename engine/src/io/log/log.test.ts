import { expect, test } from 'vitest'
import { createLog } from './log.ts'

const lines = (options: { level?: 'error' | 'warn' | 'info' | 'debug'; readable?: boolean } = {}) => {
  const written: string[] = []
  return { written, log: createLog({ readable: false, ...options, write: (line) => { written.push(line) } }) }
}

test('a line is JSON with time, level, message and the fields, those of the child included', () => {
  const { log, written } = lines()
  log.child({ part: 'nats' }).warn('the server is gone', { port: 4222 })
  const entry = JSON.parse(written[0]!)
  expect(entry).toMatchObject({ level: 'warn', message: 'the server is gone', part: 'nats', port: 4222 })
  expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('an error is written with the message of its cause', () => {
  const { log, written } = lines()
  log.error('an insert failed', { error: new Error('insert', { cause: new Error('connection reset') }) })
  expect(JSON.parse(written[0]!).error).toMatchObject({ message: 'insert', cause: { message: 'connection reset' } })
})

test('lines below the level are not written', () => {
  const { log, written } = lines({ level: 'warn' })
  log.info('started')
  log.error('lost')
  expect(written).toHaveLength(1)
})

test('for a terminal a line reads time, level, message and key=value', () => {
  const { log, written } = lines({ readable: true })
  log.info('listening', { url: 'http://127.0.0.1:8080', note: 'two words', error: new Error('why') })
  expect(written[0]).toMatch(/^\d\d:\d\d:\d\d \S*INFO \S* listening url=http:\/\/127\.0\.0\.1:8080 note="two words" error=why\n$/)
})

test('a value cannot write control characters to the terminal', () => {
  const { log, written } = lines({ readable: true })
  log.warn('\u001B[2Jgone', { raw: '\u001B]0;title\u0007' })
  expect(written[0]).toContain(String.raw`\x1b[2Jgone raw=\x1b]0;title\x07`)
})
