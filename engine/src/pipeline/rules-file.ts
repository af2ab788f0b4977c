// Writes the rules file for who saves rules at a desk: whole or not at all, under its name and with its mode. What somebody had written into it that is
// not in force is kept beside it.
import { randomBytes } from 'node:crypto'
import { chmod, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The file as it was before; null: there was none. */
export interface Written { readonly before: Uint8Array | null; readonly kept: string | null } // kept: the copy of what was not in force

/** The file cannot be written: `message` names it, why, and what to do. Nothing of it has changed. */
export class RulesFileRefused extends Error {
  override readonly name = 'RulesFileRefused'
}

const decoder = new TextDecoder()

/** `inForce`: what the file is expected to hold. Throws RulesFileRefused. */
export async function writeRulesFile(file: string, text: string, inForce: string): Promise<Written> {
  try {
    const before = await readIf(file)
    const differs = before !== null && ![inForce, text].includes(decoder.decode(before))
    const kept = differs ? `${file}.not-in-force` : null
    if (kept !== null) await replace(kept, before!)
    await replace(file, new TextEncoder().encode(text))
    return { before, kept }
  } catch (error) {
    throw new RulesFileRefused(`${basename(file)} cannot be written (${(error as Error).message}): let the engine write it and the folder that it lies in, or change the rules where the file is kept`, { cause: error })
  }
}

/** What was written did not come into force: the file is as it was. */
export async function restoreRulesFile(file: string, { before }: Written): Promise<void> {
  if (before === null) await rm(file, { force: true })
  else await replace(file, before)
}

async function readIf(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A file that is mounted by itself cannot be replaced, nor can one in a folder that may not be written: those are written in place. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const file = await realpath(path).catch(() => path)
  const mode = await stat(file).then((facts) => facts.mode & 0o7777, () => 0o644)
  const next = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`)
  try {
    const handle = await open(next, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await chmod(next, mode) // whatever the umask takes away
    await rename(next, file)
  } catch (error) {
    await rm(next, { force: true }).catch(() => undefined)
    if (!inPlace.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await writeFile(file, bytes, { flush: true })
  }
}

const inPlace: ReadonlySet<string> = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM'])
