// Reply subjects as servers write them.
import { expect, test } from 'vitest'
import { parseDelivery } from './delivery.ts'

test.each([
  { reply: '$JS.ACK.GROUNDSWELL.reader.1.1234567.42.1795294783552123456.7', form: 'without a domain' },
  { reply: '$JS.ACK.hub.ACCHASH.GROUNDSWELL.reader.1.1234567.42.1795294783552123456.7', form: 'with a domain' },
  { reply: '$JS.ACK._.ACCHASH.GROUNDSWELL.reader.1.1234567.42.1795294783552123456.7.random', form: 'with a domain and a token behind' },
])('sequence, delivery and milliseconds are read $form', ({ reply }) => {
  expect(parseDelivery(reply)).toEqual({ seq: 1_234_567, delivered: 42, time: 1_795_294_783_552 })
})

test.each(['', '_INBOX.abc.1', '$JS.ACK.GROUNDSWELL.reader.1.2'])('"%s" is none', (reply) => {
  expect(() => parseDelivery(reply)).toThrow(/no JetStream reply/)
})
