// What a delivered message's reply subject says: $JS.ACK.<stream>.<consumer>.<tries>.<stream seq>.<consumer seq>.<time ns>.<pending>,
// or with two tokens more in front (domain, account) and one more behind.

export interface Delivery { readonly seq: number; readonly delivered: number; readonly time: number }

export function parseDelivery(reply: string): Delivery {
  const tokens = reply.split('.')
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || (tokens.length !== 9 && tokens.length < 11)) throw new Error(`"${reply}" is no JetStream reply subject`)
  const first = tokens.length === 9 ? 5 : 7
  // Nanoseconds exceed a double: the last six digits are cut off as text.
  return { seq: Number(tokens[first]), delivered: Number(tokens[first + 1]), time: Number(tokens[first + 2]!.slice(0, -6)) }
}
