// The settings of a command, whose mistakes are those of whoever gave it.
import { SettingsError, type Settings } from '../io/settings/settings.ts'

/** The settings, or what is wrong with them on stderr and null: wrong usage. */
export function settingsOr2(load: () => Settings): Settings | null {
  try {
    return load()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
    return null
  }
}
