// The engine that runs: whether it answers, what it says of its parts, its problems, its canary and its sources.
import type { Problem } from '@groundswell/schemas/live.ts'
import { ageText, note, ok, warn, wrong, type Check } from './check.ts'
import type { TableFacts } from './tables.ts'

/** What GET /api/doctor answers: what only the running engine can know, and what only it can ask its embedded ClickHouse. */
export interface Inside {
  readonly version: string
  readonly pid: number
  readonly position: { readonly stream: number; readonly seq: number }
  readonly problems: readonly Problem[]
  readonly tables: TableFacts | null
  readonly tablesError: string | null
  readonly destinationsDisabled: number | null
  readonly sourcesBlind: number | null
  readonly canarySeconds: number | null
  readonly canaryAgeSeconds: number | null
}

const mends: Readonly<Record<Problem['kind'], readonly ['warn' | 'wrong', string]>> = {
  'store-down': ['wrong', 'look at ClickHouse, its log and its disk; mentions wait in the stream meanwhile'],
  'nats-down': ['wrong', 'look at the NATS server and the network; the engine goes on by itself when it is back'],
  'rules-refused': ['warn', 'mend the rules file: groundswell check-rules says where it is wrong'],
  lagging: ['warn', 'where it does not catch up: look at ClickHouse, disk and CPU, and set more workers'],
  'stream-recreated': ['warn', 'find out who deleted the input stream; publishers send again what they have'],
  'counted-from-store': ['warn', 'look at the disk of the data folder: it had the checkpoints. What is missing is whole again after an hour'],
  'source-blind': ['warn', 'look at the publisher of that source; its topics are not calm, they are unknown'],
  'canary-late': ['warn', 'the pipeline is slow or stands: see the other problems'],
  'disk-low': ['wrong', 'free space on the disk of the data folder'],
  'checkpoint-failed': ['wrong', 'look at the disk of the data folder: space, mode, errors; a start after a crash takes longer until then'],
  'workers-failing': ['wrong', 'see the log for what the workers say; report it with the mentions that are named'],
  poison: ['warn', 'groundswell dead-letters --reason poison shows them; report them'],
}

export interface Asked { readonly inside: Inside | null; readonly failure: string | null; readonly version: string; readonly canary: boolean; readonly now: number }

/** Of an engine that holds the folder. */
export function runningChecks({ inside, failure, version, canary, now }: Asked): Check[] {
  if (inside === null) return [wrong('api', `an engine works on the folder, but its API does not answer: ${failure ?? 'no reason given'}`, 'name its port and token as it has them (--http, GROUNDSWELL_TOKEN); where it hangs, see its log and stop it with SIGTERM')]
  return [
    inside.version === version ? ok('api', `groundswell ${inside.version} answers as process ${inside.pid}`) : warn('api', `the engine is groundswell ${inside.version}, this command is ${version}`, 'start the engine again to take the new version'),
    ...inside.problems.map(({ kind, since, detail }) => {
      const [state, mend] = mends[kind] ?? (['warn', 'see the log'] as const) // an engine of another version
      return { check: 'problem', state, found: `${kind} for ${ageText(now - since)}: ${detail}`, mend }
    }),
    ...(inside.problems.length === 0 ? [ok('problem', 'the engine has none')] : []),
    canaryCheck(inside, canary),
    inside.sourcesBlind === null ? note('sources', 'are not watched') : inside.sourcesBlind === 0 ? ok('sources', 'none is blind') : warn('sources', `${inside.sourcesBlind} ${inside.sourcesBlind === 1 ? 'is' : 'are'} blind`, mends['source-blind'][1]),
  ]
}

const canaryOldSeconds = 300

function canaryCheck({ canarySeconds, canaryAgeSeconds }: Inside, isOn: boolean): Check {
  if (!isOn) return note('canary', 'the settings turn it off', 'set canaryEvery: 30s')
  if (canarySeconds === null || canaryAgeSeconds === null) return note('canary', 'none has come through since the start')
  const found = `published → wall ${canarySeconds.toFixed(1)} s, ${ageText(canaryAgeSeconds * 1000)} ago`
  return canaryAgeSeconds > canaryOldSeconds || canarySeconds > 30 ? warn('canary', found, mends['canary-late'][1]) : ok('canary', found)
}
