// Tests only: what the API needs of the engine, where no test asks for it. A new need is added here once.
import type { ApiDeps } from './routes.ts'

const never = (): never => { throw new Error('not asked') }

export const unasked: ApiDeps = {
  version: '1', now: () => 0, clock: () => null, topics: () => [], topic: () => null, rulesOf: () => null, someTopics: () => [], countdowns: () => null, metrics: { contentType: 'text/plain', text: never },
  health: never, stats: never, series: never, history: never, cascades: never, spikes: never, deadLetters: never, deadLetterReasons: never, replay: never, dismiss: never, doctor: never, backup: never, backupCopied: never, publish: never,
  wall: { at: never, shown: never, pictures: never, times: never }, rulesDesk: never,
  tokens: { ofSecret: () => null, ofCookie: () => null, cookieFor: () => null, isOurs: () => false },
  tokenList: () => ({ tokens: [], max: 1000 }), tokenAdd: never, tokenRevoke: async () => null, walls: [], logAccess: never, looks: async () => [],
}
