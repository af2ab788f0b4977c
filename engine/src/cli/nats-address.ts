// Where a command that is no engine finds the engine's NATS: the same settings, the same layers, as the engine itself.
import { loadSettings, type SettingsInput } from '../io/settings/settings.ts'

/** Throws SettingsError where the settings are wrong. */
export function natsAddress(flags: { readonly nats: string | undefined; readonly config: string | undefined }, { env, cwd }: Pick<SettingsInput, 'env' | 'cwd'> = { env: process.env, cwd: process.cwd() }): string {
  const { nats } = loadSettings({ flags, env, cwd })
  return nats.kind === 'url' ? nats.url : `nats://127.0.0.1:${nats.port}`
}
