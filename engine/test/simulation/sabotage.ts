// Engines that are wrong on purpose, each by one wire: so that it is seen that the simulation finds what it is there to find.
import type { InsertOptions, Store } from '../../src/ports.ts'
import type { Story } from './story.ts'

interface Described { readonly does: string; readonly found: RegExp; readonly where?: (story: Story) => boolean }

/** What each does, in which words it is found, and in which stories alone it can be. */
export const sabotages = {
  'position-first': { does: 'the position is stored before the rows', found: /^position \d+ was stored before insert|is not stored/ },
  'token-of-the-moment': { does: 'the token of an insert says when it was tried', found: /is stored twice/ },
  'tokens-ignored': { does: 'the store does not know a token that comes again', found: /is stored twice/ },
  'checkpoint-before-insert': { does: 'a checkpoint is written before its place is carried out', found: /ahead of the store/ },
  'checkpoint-misplaced': { does: 'a checkpoint names the place behind its own', found: /is not stored|differs|has fate|belong there/ },
  'trimmed-too-far': { does: 'the stream is trimmed to the position, whatever checkpoints need', found: /behind the stream|was trimmed before|the stream begins at/, where: (story) => !story.isRoomy && story.faults.crash > 0 },
  'begins-too-late': { does: 'a start leaves out the first message behind its place', found: /is not stored|differs/ },
  'alerts-not-awaited': { does: 'the position moves before alerts are safe', found: /was stored before alert|alerts in the outbox/ },
  'announcements-not-awaited': { does: 'the position moves before spikes are announced', found: /was stored before announcement|announcements:/ },
  'recreated-forgotten': { does: 'the state is not carried over to a recreated stream', found: /has fate|differs|belong there|not stored/, where: (story) => story.wipedAtMs !== null },
  'forget-not-awaited': { does: 'the position moves before rows are forgotten', found: /was forgotten|is not forgotten/, where: (story) => story.publishers.some((sendings) => sendings.some(({ subject }) => subject === 'commands.forget')) },
  'ids-forgotten': { does: 'the duplicate filter remembers too few ids after a start', found: /has fate|differs/ },
} as const satisfies Record<string, Described>
export type Sabotage = keyof typeof sabotages

type Inserts = Pick<Store, 'insertMentions' | 'insertDeadLetters' | 'insertRows'>

/** The store as the broken engine writes to it; `moment` is different each time. */
export function sabotagedStore(store: Inserts, sabotage: Sabotage | undefined, moment: () => string): Inserts {
  if (sabotage === 'position-first') {
    return {
      ...store,
      insertMentions: async (token, blocks, options?: InsertOptions) => {
        const [stream, , span] = token.split(':') as [string, string, string]
        const [first, last] = span.split('-').map(Number)
        await store.insertRows('positions', `${stream}:positions:${span}`, [{ stream: Number(stream), first, last, rows: 0 }], options)
        await store.insertMentions(token, blocks, options)
      },
      insertRows: (table, token, rows, options) => (table === 'positions' ? Promise.resolve() : store.insertRows(table, token, rows, options)),
    }
  }
  if (sabotage !== 'token-of-the-moment') return store
  return {
    insertMentions: (token, blocks, options) => store.insertMentions(`${token}@${moment()}`, blocks, options),
    insertDeadLetters: (token, blocks, options) => store.insertDeadLetters(token, blocks, options),
    insertRows: (table, token, rows, options) => store.insertRows(table, token, rows, options),
  }
}
