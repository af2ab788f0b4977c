// The settings: everything that is wrong with them, variables that are none, and the files that hold their secrets.
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { layerOfFile, type Layer } from '../io/settings/layers.ts'
import { loadSettings, SettingsError, type Settings, type SettingsInput } from '../io/settings/settings.ts'
import { ok, warn, wrong, type Check } from './check.ts'
import type { SecretFile } from './folder.ts'

/** Without settings nothing else can be looked at. */
export function settingsChecks(input: SettingsInput): { readonly settings: Settings | null; readonly checks: readonly Check[] } {
  try {
    const settings = loadSettings(input)
    const unknown = settings.warnings.map((warning) => warn('settings', warning, 'correct the name, or unset it'))
    return { settings, checks: unknown.length > 0 ? unknown : [ok('settings', 'every setting is understood')] }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { settings: null, checks: error.problems.map(({ key, value, source, detail }) => wrong('settings', `${key} = ${value} (from ${source})`, detail)) }
  }
}

/** Files that hold a token, a webhook's secret or an address with a password. */
export function secretFilesOf({ flags, env, cwd }: SettingsInput): SecretFile[] {
  const files = new Map<string, string>()
  const config = resolve(cwd, typeof flags['config'] === 'string' ? flags['config'] : 'groundswell.yml')
  const layer: Layer = existsSync(config) ? layerOfFile(config, []) : new Map()
  const webhooks = Array.isArray(layer.get('webhooks')?.value) ? layer.get('webhooks')!.value as Record<string, unknown>[] : []
  const addresses = ['nats', 'clickhouse'].some((key) => /:\/\/[^/]*@/.test(String(layer.get(key)?.value ?? '')))
  if (layer.has('token') || addresses || webhooks.some((hook) => hook?.['secret'] !== undefined)) files.set(config, 'a secret')
  if (typeof layer.get('tokenFile')?.value === 'string') files.set(String(layer.get('tokenFile')!.value), 'the token')
  for (const hook of webhooks) if (typeof hook?.['secretFile'] === 'string') files.set(hook['secretFile'], 'the secret of a webhook')
  for (const [name, path] of Object.entries(env)) if (/^GROUNDSWELL_\w+_FILE$/.test(name) && path) files.set(resolve(cwd, path), 'a secret')
  return [...files].flatMap(([path, holds]) => (existsSync(path) ? [{ path, holds, mode: statSync(path).mode & 0o777 }] : []))
}
