// The three layers of the settings: groundswell.yml, then GROUNDSWELL_* of the environment, then flags. Each value keeps
// where it came from, so that an error can say where to mend it.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseDocument } from 'yaml'

export interface SettingsProblem { readonly key: string; readonly value: string; readonly source: string; readonly detail: string }
export interface Placed { readonly value: unknown; readonly source: string }
/** Dotted key → value and source; keys of one layer never hold one another. */
export type Layer = Map<string, Placed>

type Kind = 'text' | 'number' | 'list' | 'json'
const variables: Readonly<Record<string, readonly [key: string, kind: Kind]>> = {
  DATA: ['data', 'text'], HTTP: ['http', 'number'], LISTEN: ['listen', 'text'], HOSTS: ['hosts', 'list'],
  NATS: ['nats', 'text'], NATS_PORT: ['natsPort', 'number'], CLICKHOUSE: ['clickhouse', 'text'], RULES: ['rules', 'text'],
  ROOM_TITLE_ZH: ['room.title.zh', 'text'], ROOM_TITLE_EN: ['room.title.en', 'text'], ROOM_ZONE: ['room.zone', 'text'],
  RETENTION_DAYS: ['retentionDays', 'number'], RECORD_DAYS: ['recordDays', 'number'], TOKEN: ['token', 'text'], WEBHOOKS: ['webhooks', 'json'], COOLDOWN: ['cooldown', 'text'],
  STREAM_MAX_BYTES: ['streamMaxBytes', 'number'], WORKERS: ['workers', 'number'], SEEN_MAX: ['seenMax', 'number'],
  CASCADES_MENTIONS_MAX: ['cascades.mentionsMax', 'number'], CASCADES_QUIET_HOURS: ['cascades.quietHours', 'number'],
  CHECKPOINT_EVERY: ['checkpointEvery', 'text'], CHECKPOINTS_KEPT: ['checkpointsKept', 'number'], BLIND_AFTER: ['blindAfter', 'text'], SOURCES: ['sources', 'json'], WALLS: ['walls', 'json'], CANARY_EVERY: ['canaryEvery', 'text'], LOG_LEVEL: ['logLevel', 'text'],
}
/** What may also be a file's content, by a name that ends in _FILE: what can hold a secret. */
const fromFiles = new Set(['TOKEN', 'WEBHOOKS', 'NATS', 'CLICKHOUSE'])
const prefix = 'GROUNDSWELL_'

/** Keys that are lists or maps of one piece: they are replaced whole by a later layer. */
const whole = new Set(['webhooks', 'hosts', 'sources', 'walls'])

export function layerOfFile(path: string, problems: SettingsProblem[], flag: string | null = null): Layer {
  const layer: Layer = new Map()
  const wrong = (detail: string): void => { problems.push({ key: flag === null ? 'groundswell.yml' : 'config', value: path, source: flag ?? 'file', detail }) }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    wrong(missing ? 'there is no such file; name the settings file, or leave it out' : `cannot be read: ${(error as Error).message}`)
    return layer
  }
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true })
  for (const error of document.errors) wrong(error.message.trim())
  if (document.errors.length > 0) return layer
  const content: unknown = document.toJS({ maxAliasCount: 100 })
  if (content === null) return layer
  if (!isRecord(content)) {
    wrong('holds no `key: value` lines')
    return layer
  }
  place(layer, [], content, path)
  resolvePaths(layer, dirname(path))
  return layer
}

export function layerOfEnvironment(env: NodeJS.ProcessEnv, cwd: string, problems: SettingsProblem[]): { readonly layer: Layer; readonly unknown: readonly string[] } {
  const layer: Layer = new Map()
  const unknown: string[] = []
  for (const [name, raw] of Object.entries(env)) {
    // An empty variable is an absent one: that is how compose files and shells leave out a value.
    if (!name.startsWith(prefix) || raw === undefined || raw === '') continue
    const rest = name.slice(prefix.length)
    const file = rest.endsWith('_FILE') && fromFiles.has(rest.slice(0, -5))
    const variable = variables[file ? rest.slice(0, -5) : rest]
    if (!variable) {
      if (!rest.startsWith('TEST_') && rest !== 'LAUNCHER') unknown.push(name)
      continue
    }
    const [key, kind] = variable
    if (layer.has(key)) {
      problems.push({ key, value: '(twice)', source: name, detail: `set either ${name} or the same name with${file ? 'out' : ''} _FILE, not both` })
      continue
    }
    try {
      const text = file ? readFileSync(resolve(cwd, raw), 'utf8').trim() : raw
      layer.set(key, { value: parseVariable(key, text, kind), source: name })
    } catch (error) {
      problems.push({ key, value: file ? raw : '(not shown)', source: name, detail: (error as Error).message })
    }
  }
  resolvePaths(layer, cwd)
  return { layer, unknown: unknown.sort() }
}

export function layerOfFlags(flags: Readonly<Record<string, unknown>>, cwd: string): Layer {
  const layer: Layer = new Map()
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined) continue
    const number = typeof value === 'string' && /^\d+$/.test(value) && (key === 'http' || key === 'natsPort' || key === 'workers')
    layer.set(key, { value: number ? Number(value) : value, source: `--${key.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}` })
  }
  resolvePaths(layer, cwd)
  return layer
}

/** Nested object of a layer's dotted keys. */
export function nest(layer: Layer): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [key, { value }] of layer) {
    const parts = key.split('.')
    let at = root
    for (const part of parts.slice(0, -1)) at = (isRecord(at[part]) ? at[part] : (at[part] = {})) as Record<string, unknown>
    at[parts.at(-1)!] = value
  }
  return root
}

function place(layer: Layer, path: readonly string[], value: unknown, source: string): void {
  if (isRecord(value) && !whole.has(path.join('.')) && path.length < 4) {
    for (const [key, inner] of Object.entries(value)) place(layer, [...path, key], inner, source)
  } else if (value !== undefined) {
    layer.set(path.join('.'), { value, source })
  }
}

/** A path is relative to where it is written: the settings file's folder, or the working directory. */
function resolvePaths(layer: Layer, base: string): void {
  for (const key of ['data', 'rules', 'tokenFile']) {
    const placed = layer.get(key)
    if (typeof placed?.value === 'string' && placed.value !== '') layer.set(key, { ...placed, value: resolve(base, placed.value) })
  }
  const webhooks = layer.get('webhooks')
  if (!Array.isArray(webhooks?.value)) return
  const resolved = webhooks.value.map((hook: unknown) =>
    isRecord(hook) && typeof hook['secretFile'] === 'string' ? { ...hook, secretFile: resolve(base, hook['secretFile']) } : hook)
  layer.set('webhooks', { ...webhooks, value: resolved })
}

function parseVariable(key: string, text: string, kind: Kind): unknown {
  if (kind === 'number') return /^\d+$/.test(text) ? Number(text) : text
  if (kind === 'list') return text.split(',').map((part) => part.trim()).filter((part) => part !== '')
  if (kind === 'text') return text
  try {
    return JSON.parse(text)
  } catch (error) {
    const reads = key === 'sources' ? '{"weibo": {"blindAfter": "2h"}}' : key === 'walls' ? '[{"id": "lobby", "distance": 9}]' : '[{"url": "https://…", "secret": "whsec_…"}]'
    throw new Error(`is no JSON; it reads ${reads}`, { cause: error })
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
