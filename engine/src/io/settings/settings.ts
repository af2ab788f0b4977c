// The settings of one engine: groundswell.yml, then GROUNDSWELL_* of the environment, then flags; checked whole, so that one
// start names everything that is wrong with key, value, source and what to do. Secrets are never repeated in an error.
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { WallProfile } from '@groundswell/schemas/access.ts'
import { durationSeconds } from '@groundswell/schemas/duration.ts'
import { grades, type Grade } from '@groundswell/schemas/grade.ts'
import type { Bilingual } from '@groundswell/schemas/live.ts'
import type { z } from 'zod'
import { layerOfEnvironment, layerOfFile, layerOfFlags, nest, type Layer, type SettingsProblem } from './layers.ts'
import { settingsFileSchema, type SettingsFile } from './settings-schema.ts'
import { profilesOf, wallKeys } from './walls.ts'

export interface WebhookSettings { readonly url: string; readonly secret: string; readonly grades: readonly Grade[] }

export interface Settings {
  readonly data: string // absolute
  readonly http: number
  readonly listen: string
  readonly hosts: readonly string[]
  readonly nats: { readonly kind: 'embedded'; readonly port: number } | { readonly kind: 'url'; readonly url: string }
  readonly clickhouse: { readonly kind: 'embedded' } | { readonly kind: 'url'; readonly url: string }
  readonly rules: string | null // absolute; null: no rules file
  readonly room: { readonly title: Bilingual; readonly zone: string }
  readonly walls: readonly WallProfile[] // at least one
  readonly retentionDays: number
  readonly recordDays: number // 0: no pictures of the walls are kept
  readonly token: string | null
  readonly webhooks: readonly WebhookSettings[]
  readonly cooldownSeconds: number
  readonly streamMaxBytes: number
  readonly workers: number
  readonly seenMax: number
  readonly cascades: { readonly mentionsMax: number; readonly quietHours: number }
  readonly checkpointSeconds: number | null // null: none are made
  readonly checkpointsKept: number
  readonly blindSeconds: number | null // null: no source is ever called blind
  readonly blindSecondsBySource: Readonly<Record<string, number | null>> // platforms with a time of their own
  readonly canarySeconds: number | null
  readonly logLevel: SettingsFile['logLevel']
  readonly warnings: readonly string[] // to be logged once at start
}

export interface SettingsInput {
  /** Values of flags by key (`http`, `natsPort`, …); undefined is absent. `config` names another file than groundswell.yml. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
}

export class SettingsError extends Error {
  readonly problems: readonly SettingsProblem[]
  constructor(problems: readonly SettingsProblem[]) {
    super(`the settings are wrong:\n${problems.map((p) => `  ${p.key} = ${p.value} (from ${p.source}): ${p.detail}`).join('\n')}`)
    this.name = 'SettingsError'
    this.problems = problems
  }
}

/** Throws SettingsError with everything that is wrong. */
export function loadSettings({ flags, env, cwd }: SettingsInput): Settings {
  const { config, ...keys } = flags
  const problems: SettingsProblem[] = []
  const path = resolve(cwd, typeof config === 'string' ? config : 'groundswell.yml')
  const file: Layer = config !== undefined || existsSync(path) ? layerOfFile(path, problems, config === undefined ? null : '--config') : new Map()
  const { layer, unknown } = layerOfEnvironment(env, cwd, problems)
  const merged: Layer = new Map([...file, ...layer, ...layerOfFlags(keys, cwd)])
  const parsed = settingsFileSchema.safeParse(nest(merged))
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, merged)))
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems)
  const settings = finish(parsed.data, { cwd, merged, problems })
  if (problems.length > 0) throw new SettingsError(problems)
  return { ...settings, warnings: unknown.map((name) => `${name} is no setting of Groundswell; it is ignored`) }
}

/** Whether an address to listen on is reached from this machine only. */
export const isLoopback = (address: string): boolean => address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)

interface Context { readonly cwd: string; readonly merged: Layer; readonly problems: SettingsProblem[] }

function finish(given: SettingsFile, context: Context): Settings {
  const { cwd, merged, problems } = context
  const token = secretOf({ key: 'token', inline: given.token, path: given.tokenFile }, context)
  if (!isLoopback(given.listen) && token === null) {
    problems.push({ key: 'listen', value: given.listen, source: merged.get('listen')?.source ?? 'default',
      detail: 'anyone who reaches this address could read and write: set a token too (GROUNDSWELL_TOKEN or GROUNDSWELL_TOKEN_FILE; make one with: openssl rand -hex 24), or listen on 127.0.0.1' })
  }
  const webhooks = given.webhooks.flatMap((hook, index) => webhookOf(hook, index, context))
  const urls = new Set(webhooks.map((hook) => hook.url))
  if (urls.size < webhooks.length) problems.push({ key: 'webhooks', value: 'the same url twice', source: merged.get('webhooks')?.source ?? 'default', detail: 'name each receiver once' })
  const rulesDefault = resolve(cwd, 'rules.yml')
  if (given.rules !== undefined && !existsSync(given.rules)) {
    problems.push({ key: 'rules', value: given.rules, source: merged.get('rules')!.source, detail: 'there is no such file; name the rules file, or leave it out' })
  }
  return {
    data: resolve(cwd, given.data), http: given.http, listen: given.listen, hosts: given.hosts,
    nats: given.nats === undefined ? { kind: 'embedded', port: given.natsPort } : { kind: 'url', url: given.nats },
    clickhouse: given.clickhouse === undefined ? { kind: 'embedded' } : { kind: 'url', url: given.clickhouse },
    rules: given.rules ?? (existsSync(rulesDefault) ? rulesDefault : null),
    room: given.room, walls: profilesOf(given.walls), retentionDays: given.retentionDays, recordDays: given.recordDays, token, webhooks,
    cooldownSeconds: durationSeconds(given.cooldown) ?? 1800,
    streamMaxBytes: given.streamMaxBytes,
    workers: given.workers ?? Math.max(1, Math.min(availableParallelism(), 4)),
    seenMax: given.seenMax, cascades: given.cascades, checkpointSeconds: given.checkpointEvery, checkpointsKept: given.checkpointsKept, blindSeconds: given.blindAfter, blindSecondsBySource: Object.fromEntries(Object.entries(given.sources).map(([platform, { blindAfter }]) => [platform, blindAfter])), canarySeconds: given.canaryEvery, logLevel: given.logLevel, warnings: [],
  }
}

function webhookOf(hook: SettingsFile['webhooks'][number], index: number, context: Context): WebhookSettings[] {
  const key = `webhooks[${index}].secret`
  const secret = secretOf({ key, inline: hook.secret, path: hook.secretFile }, context)
  if (secret !== null) return [{ url: hook.url, secret, grades: hook.grades ?? grades }]
  if (!context.problems.some((problem) => problem.key === key)) {
    context.problems.push({ key, value: '(absent)', source: context.merged.get('webhooks')?.source ?? 'default', detail: 'each webhook needs a secret or a secretFile; make one with: echo whsec_$(openssl rand -base64 32)' })
  }
  return []
}

interface Secret { readonly key: string; readonly inline: string | undefined; readonly path: string | undefined }

function secretOf({ key, inline, path }: Secret, { problems, merged }: Context): string | null {
  const source = merged.get(`${key}File`)?.source ?? merged.get(key.split('[')[0]!)?.source ?? 'default'
  // A token of the environment beats a tokenFile of the file; both in one place contradict each other.
  const inlineSource = merged.get(key.split('[')[0]!)?.source
  if (path === undefined || (inline !== undefined && inlineSource !== source)) return inline ?? null
  if (inline !== undefined) {
    problems.push({ key, value: '(not shown)', source, detail: `give ${key} or ${key}File, not both` })
    return null
  }
  try {
    const text = readFileSync(path, 'utf8').trim()
    const shape = key === 'token' ? settingsFileSchema.shape.token : settingsFileSchema.shape.webhooks.unwrap().element.shape.secret
    const checked = shape.safeParse(text)
    if (checked.success) return text
    problems.push({ key, value: `(the content of ${path})`, source, detail: checked.error.issues.map((issue) => issue.message).join('; ') })
  } catch (error) {
    problems.push({ key: `${key}File`, value: path, source, detail: `cannot be read: ${(error as Error).message}` })
  }
  return null
}

function problemsOf(issue: z.core.$ZodIssue, merged: Layer): SettingsProblem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = keyOf([...path, key])
      return { key: full, value: shown(full, placedAt(merged, [...path, key]).value), source: placedAt(merged, [...path, key]).source, detail: `there is no such setting; known here: ${knownKeys(path).join(', ')}` }
    })
  }
  const { value, source } = placedAt(merged, path)
  return [{ key: keyOf(path), value: shown(keyOf(path), value), source, detail: issue.message }]
}

/** `webhooks[0].secret`, as it is spelled wherever a problem names it. */
const keyOf = (path: readonly string[]): string => path.join('.').replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')

/** The value at a path and the source of the nearest key that was given. */
function placedAt(merged: Layer, path: readonly string[]): { readonly value: unknown; readonly source: string } {
  for (let length = path.length; length > 0; length -= 1) {
    const placed = merged.get(path.slice(0, length).join('.'))
    if (!placed) continue
    const value = path.slice(length).reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), placed.value)
    return { value, source: placed.source }
  }
  const below = [...merged].find(([key]) => key.startsWith(`${path.join('.')}.`))
  return { value: undefined, source: below?.[1].source ?? 'default' }
}

function knownKeys(path: readonly string[]): string[] {
  if (path[0] === 'webhooks') return ['url', 'secret', 'secretFile', 'grades']
  if (path[0] === 'walls') return path.length > 2 ? ['zh', 'en'] : wallKeys
  if (path[0] === 'sources' && path.length > 1) return ['blindAfter']
  if (path[0] === 'room') return path.length > 1 ? ['zh', 'en'] : ['title', 'zone']
  return Object.keys(settingsFileSchema.shape)
}

function shown(key: string, value: unknown): string {
  if (/token|secret/i.test(key)) return '(not shown)'
  if (value === undefined) return '(absent)'
  // Addresses, one or a list of them, may hold a password before the @, whatever stands in it.
  return JSON.stringify(value).replaceAll(/((?:"|,) ?(?:\w+:\/\/)?)[^",]*@/g, '$1…@').slice(0, 200)
}
