// The settings as people write them in groundswell.yml: every key, its shape and its default, in one place.
import { durationPattern, durationSeconds } from '@groundswell/schemas/duration.ts'
import { grades } from '@groundswell/schemas/grade.ts'
import { z } from 'zod'
import { wallsSchema } from './walls.ts'

/** An insert ends at 16 MiB of messages: what is not stored yet has to fit into the stream several times over, or a full one stops for ever. */
export const settingsLimits = { webhooksMax: 32, hostsMax: 64, tokenCharsMin: 16, workersMax: 256, streamBytesMin: 128 * 1024 ** 2 } as const

const port = z.int('a port is a whole number').min(0, 'a port is 0 to 65535; 0 takes a free one').max(65_535, 'a port is 0 to 65535; 0 takes a free one')
const natsWords = 'a NATS address reads nats://host:4222 or tls://host:4222; several are separated by commas'
const natsUrl = z.string(natsWords).regex(/^((nats|tls):\/\/)?[^\s/,]+(, ?((nats|tls):\/\/)?[^\s/,]+)*$/, natsWords)
const httpUrl = z.url({ protocol: /^https?$/, error: 'an address here begins with http:// or https://' })
const durationWords = 'a duration is a whole number and s, m, h or d, such as 30m'
const isDuration = (text: string): boolean => durationPattern.test(text)
const cooldown = z.string(durationWords).regex(durationPattern, durationWords)
  .superRefine((text, { addIssue }) => { if (isDuration(text)) reachOf(text, { least: '1s', off: '' }).forEach((words) => addIssue(words)) })
const durationOrOffWords = `${durationWords}, or off`
const durationOrOff = (least: '1s' | '5s') => z.string(durationOrOffWords).refine((text) => text === 'off' || isDuration(text), { error: durationOrOffWords, abort: true })
  .superRefine((text, { addIssue }) => { if (text !== 'off') reachOf(text, { least, off: ', or off' }).forEach((words) => addIssue(words)) })
  .transform((text) => (text === 'off' ? null : durationSeconds(text)))
const blindAfter = durationOrOff('5s') // less is no silence: a tick gap of five seconds is not even looked at
const bytesWords = 'a size is a number of bytes or KiB, MiB, GiB, TiB, such as 4GiB, at least 128MiB'
const bytes = z.union([z.int(bytesWords), z.string(bytesWords).regex(/^\d+ ?(KiB|MiB|GiB|TiB)$/, bytesWords)], bytesWords)
  .transform(bytesOf).refine((size) => size >= settingsLimits.streamBytesMin, bytesWords)
const hostWords = 'a host is a name or an address, without scheme, port or path'
const host = z.string(hostWords).regex(/^[A-Za-z0-9._:[\]-]+$/, hostWords)
const path = z.string('a path is text: quote it').min(1, 'a path cannot be empty: name one, or leave the key out')
const title = (charsMax: number) => {
  const words = `a title has 1 to ${charsMax} characters`
  return z.string(words).min(1, words).max(charsMax, words)
}
const bilingual = z.strictObject({ zh: title(40), en: title(80) }, 'a title reads { zh: 舆情值守, en: Opinion watch }')
const zoneWords = 'name an IANA time zone, such as Asia/Shanghai or Europe/Berlin'
const zone = z.string(zoneWords).refine(isZone, zoneWords)
const whole = (what: string, { min, max }: { readonly min: number; readonly max: number }) => z.int(`${what} are a whole number, at least ${min}`).min(min, `${what} are at least ${min}`).max(max, `${what} are at most ${max}`)
const secretWords = 'a webhook secret is whsec_ and base64 of 24 to 64 bytes; make one with: echo whsec_$(openssl rand -base64 32)'
const gradesWords = `grades are a list of ${grades.join(', ')}; leave it out for all`

const listenWords = 'an address to listen on, such as 127.0.0.1, ::1 or 0.0.0.0'

const sourceWords = 'a source reads weibo: { blindAfter: 2h }, its name of a-z 0-9 _ -; blindAfter: off for one that may fall silent'
const sources = z.record(z.string().regex(/^[a-z0-9_-]{1,64}$/), z.strictObject({ blindAfter }, sourceWords), sourceWords)

const webhook = z.strictObject({
  url: httpUrl.describe('Where alerts are posted, signed by the Standard Webhooks specification'),
  secret: z.string(secretWords).refine(isWebhookSecret, secretWords).optional(),
  secretFile: path.optional().describe('A file that holds the secret instead'),
  grades: z.array(z.enum(grades, gradesWords), gradesWords).min(1, gradesWords).optional().describe('Only these grades; all where absent'),
}, 'a webhook reads { url: https://…, secret: whsec_… }')

export const settingsFileSchema = z.strictObject({
  data: path.default('./data').describe('Folder of everything the engine keeps'),
  http: port.default(8080).describe('Port of the wall and the API'),
  listen: z.string(listenWords).regex(/^[A-Za-z0-9.:-]+$/, listenWords).default('127.0.0.1').describe('Address to listen on; other than loopback needs a token'),
  hosts: z.array(host, 'hosts are a list, such as [wall.example]').max(settingsLimits.hostsMax, `at most ${settingsLimits.hostsMax} hosts`).default([]).describe('Further host names under which browsers reach the wall, as behind a reverse proxy'),
  nats: natsUrl.optional().describe('A NATS server; absent: one is started beside the engine'),
  natsPort: port.default(4222).describe('Port of the embedded NATS server'),
  clickhouse: httpUrl.optional().describe('A ClickHouse server; absent: the embedded one'),
  rules: path.optional().describe('The rules file; absent: rules.yml where it exists'),
  room: z.strictObject({
    title: bilingual.default({ zh: '舆情值守', en: 'Opinion watch' }),
    zone: zone.default('Asia/Shanghai').describe('IANA time zone of the room'),
  }, 'room holds title and zone').prefault({}),
  walls: wallsSchema.default([]).describe('The walls of the room, for whom a device link is made; absent: one wall, main'),
  retentionDays: whole('days', { min: 1, max: 36_500 }).default(180).describe('Mentions are kept this long after they came in'),
  recordDays: whole('days', { min: 0, max: 3650 }).default(30).describe('Pictures of what the walls showed are kept this long, for their replay; 0: none are'),
  token: z.string('a token is text: quote it').regex(/^[\x21-\x7E]+$/, 'a token is printable ASCII without spaces').min(settingsLimits.tokenCharsMin, `at least ${settingsLimits.tokenCharsMin} characters; make one with: openssl rand -hex 24`).optional(),
  tokenFile: path.optional().describe('A file that holds the token instead'),
  webhooks: z.array(webhook, 'webhooks are a list of { url, secret }').max(settingsLimits.webhooksMax, `at most ${settingsLimits.webhooksMax} webhooks`).default([]),
  cooldown: cooldown.default('30m').describe('No second alert of one rule within this time'),
  streamMaxBytes: bytes.prefault('4GiB').describe('Size of the input stream; a full stream refuses publishers'),
  workers: whole('workers', { min: 1, max: settingsLimits.workersMax }).optional().describe('Worker threads; absent: the cores, at most 4'),
  seenMax: whole('ids', { min: 1000, max: 1_000_000_000 }).default(50_000_000).describe('How many ids duplicates are recognised among'),
  cascades: z.strictObject({
    mentionsMax: whole('mentions', { min: 100_000, max: 50_000_000 }).default(2_000_000).describe('In how many mentions cascades are followed, at about 100 bytes each; where there are more, the cascade that was quiet for longest leaves memory and goes to the store'),
    quietHours: whole('hours', { min: 1, max: 720 }).default(48).describe('A cascade leaves memory when it was quiet for so long'),
  }, 'cascades holds mentionsMax and quietHours').prefault({}),
  checkpointEvery: durationOrOff('1s').prefault('30s').describe('How often the state of the engine is kept on disk; off: a start counts from the store'),
  checkpointsKept: whole('checkpoints', { min: 2, max: 20 }).default(3).describe('How many checkpoints are kept: one that is damaged falls back to the one before'),
  blindAfter: blindAfter.prefault('15m').describe('A source that is silent for this long is blind: its own alert, and nothing is resolved'),
  sources: sources.default({}).describe('Sources with a time of their own after which they are blind, such as one that sleeps at night'),
  canaryEvery: durationOrOff('1s').prefault('30s').describe('How often a mention of the engine\'s own crosses the whole pipeline and is timed'),
  logLevel: z.enum(['error', 'warn', 'info', 'debug'], 'a log level is error, warn, info or debug').default('info'),
})
export type SettingsFile = z.infer<typeof settingsFileSchema>

/** JSON Schema of groundswell.yml, for editors. */
export function settingsJsonSchema(): Record<string, unknown> {
  return { title: 'groundswell.yml', ...z.toJSONSchema(settingsFileSchema, { io: 'input' }) }
}

/** What is wrong with the length of a text that is a duration. */
function reachOf(text: string, { least, off }: { readonly least: '1s' | '5s'; readonly off: string }): string[] {
  const between = `this is ${least} to 7d${off}, such as 30m`
  const seconds = durationSeconds(text)
  if (seconds === null) return [/^0+[smhd]$/.test(text) ? `${text} is less than ${least}: ${between}` : `${text} is more than 7d: ${between}`]
  return seconds < durationSeconds(least)! ? [`${text} is less than ${least}: ${between}`] : []
}

const units = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const

function bytesOf(size: number | string): number {
  if (typeof size === 'number') return size
  return Number(size.slice(0, -3)) * units[size.slice(-3) as keyof typeof units]
}

function isZone(zone: string): boolean {
  // An offset such as +08:00 has no summer time and no name on the wall: only names are taken.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. */
function isWebhookSecret(secret: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)) return false
  const length = Buffer.from(secret.slice(6), 'base64').length
  return length >= 24 && length <= 64
}
