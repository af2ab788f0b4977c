// A day of frames, handed to the wall in a browser through the websocket it has: what it hears is decoded, stored and drawn by the page's own
// code, one after the other. The frames are made on the page, for a day of them over a wire is a test of the wire.
import type { AlertRow, Snapshot } from '@groundswell/schemas/live.ts'
import type { Page } from 'playwright-core'

interface Fed { feed: WebSocket; before: Snapshot }
export interface Day { readonly from: number; readonly to: number; readonly minor: AlertRow }

/** Before the wall is opened: its websocket can be reached by name from then on. */
export async function keepSocket(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const Own = WebSocket
    globalThis.WebSocket = class extends Own {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given)
        ;(globalThis as unknown as Fed).feed = this
      }
    }
  })
}

/** The updates `from` … `to` of the day behind `first`, each drawn before the next one comes, with a picture of every hundredth. Answers how many of them the page showed, which is to be all. */
export function feedUpdates(page: Page, first: Snapshot, day: Day): Promise<number> {
  return page.evaluate(async ({ first, day: { from, to, minor } }) => {
    const held = globalThis as unknown as Fed
    if (from === 0) held.before = first
    const { feed } = held
    const [number, shown] = [new Intl.NumberFormat('en-US'), document.querySelector('[data-big="counted"]')!]
    let drawn = 0
    for (let sent = from; sent < to; sent++) {
      const { epoch, seq, clock, serverNow, topics, totals, alerts: known } = held.before
      const row = topics[sent % topics.length]!
      const next = { ...row, count: (sent * 7919) % 900_000, spark: [...row.spark.slice(1), (sent * 31) % 900] }
      const alerts = sent % 600 === 0 ? { alerts: [{ ...minor, id: `soak-${sent}`, at: new Date(serverNow + sent * 1_000).toISOString() }, ...known].slice(0, 50) } : {}
      const frame = { epoch, seq: seq + 1, serverNow, clock, topics: [next], totals: { ...totals, perMinute: 10_000 + (sent % 80_000), counted: 600_000 + sent }, ...alerts }
      held.before = { ...held.before, ...frame, topics: topics.with(sent % topics.length, next) }
      feed.dispatchEvent(new MessageEvent('message', { data: `42${JSON.stringify(['frame', frame])}` }))
      const wanted = number.format(600_000 + sent)
      for (let turns = 0; turns < 50 && shown.textContent !== wanted; turns++) await Promise.resolve() // decoding and drawing are microtasks: some turns of them
      if (shown.textContent === wanted) drawn++
      if (sent % 100 === 99) await new Promise(requestAnimationFrame) // a picture
    }
    return drawn
  }, { first, day })
}
