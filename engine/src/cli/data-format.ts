// The format of the data folder: written at a first start, checked at every start. An older folder is brought to this format step by step;
// a newer one is refused, since nobody knows here what it means.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const formatName = 'format.json'
/** Lies in a folder while a backup is written into it. */
export const restoringName = 'restore-is-not-finished'
export const formatNow = 1

export interface DataFormat { readonly format: number; readonly version: string }

export class FormatRefused extends Error {
  override readonly name = 'FormatRefused'
}

/** What each format is made of by the one before: upgrades[0] makes 1 of 0. A step may be repeated: a crash can come before it is noted. */
const upgrades: readonly ((folder: string) => void)[] = [
  (folder) => { chmodSync(folder, 0o700) }, // format 0 had no file that says so, and a folder that others may read
]

/** What an engine of this version and before has in its folder. */
const ours = ['nats', 'clickhouse', 'outbox', 'checkpoints']

/** The folder's format; format 0 where it is from before there was a file, null where nothing was begun in it. Throws FormatRefused. */
export function formatOf(folder: string): DataFormat | null {
  const names = readdirSync(folder)
  if (names.includes(restoringName)) throw new FormatRefused(`a backup was being restored into ${folder} and that did not come to its end: empty the folder and restore again`)
  if (!names.includes(formatName)) return names.some((name) => ours.includes(name)) ? { format: 0, version: '0.1.0 or older' } : null
  const path = join(folder, formatName)
  try {
    const { format, version } = JSON.parse(readFileSync(path, 'utf8')) as Partial<DataFormat>
    if (Number.isInteger(format) && format! > 0 && typeof version === 'string') return { format: format!, version }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new FormatRefused(`${path} does not say which format this folder has: restore a backup, or write {"format":${formatNow},"version":"…"} into it if you know that this version wrote the folder`)
}

/** Brings an older folder to this format and answers what it was; null where there is nothing to do. Throws FormatRefused. */
export function openFormat(folder: string, version: string): DataFormat | null {
  const found = formatOf(folder)
  if (found !== null && found.format > formatNow) {
    throw new FormatRefused(`${folder} was written by groundswell ${found.version} in format ${found.format}; this is groundswell ${version}, which knows formats up to ${formatNow}: start the newer version, or name another folder with --data`)
  }
  if (found === null || found.format === formatNow) return null
  for (const upgrade of upgrades.slice(found.format)) upgrade(folder)
  writeFormat(folder, { format: formatNow, version })
  return found
}

/** For a folder in which a first start has begun to keep something. */
export function beginFormat(folder: string, version: string): void {
  if (!existsSync(join(folder, formatName))) writeFormat(folder, { format: formatNow, version })
}

/** Whole or not at all. */
export function writeFormat(folder: string, format: DataFormat): void {
  const next = join(folder, `${formatName}.next`)
  const file = openSync(next, 'w', 0o600)
  try {
    writeFileSync(file, `${JSON.stringify(format)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(next, join(folder, formatName))
}
