// Writes the rules file for who saves rules at a desk: whole or not at all, under its name and with its mode. What somebody had written into it that is
// not in force is kept beside it: the newest few copies, each under a number of its own.
import { randomBytes } from 'node:crypto'
import { chmod, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { inEnglish, said, type Said } from '@groundswell/schemas/problem.ts'

/** The file as it was before; null: there was none. `kept`: the copy of what was not in force; `dropped`: older copies that went for it. */
export interface Written { readonly before: Uint8Array | null; readonly text: string; readonly kept: string | null; readonly dropped: readonly string[] }

/** Copies of what was not in force; of more the oldest goes. */
export const copiesMax = 5

/** The file cannot be written: `message` names it, why, and what to do. Nothing of it has changed. */
export class RulesFileRefused extends Error {
  override readonly name = 'RulesFileRefused'
  readonly said: Said

  constructor(what: Said, options: ErrorOptions) {
    super(inEnglish(what), options)
    this.said = what
  }
}

const decoder = new TextDecoder()

/** `inForce`: what the file is expected to hold. Throws RulesFileRefused. */
export async function writeRulesFile(file: string, text: string, inForce: string): Promise<Written> {
  try {
    const before = await readIf(file)
    const differs = before !== null && ![inForce, text].includes(decoder.decode(before))
    const copies = differs ? await keepCopy(file, before) : { kept: null, dropped: [] }
    await replace(file, new TextEncoder().encode(text))
    return { before, text, ...copies }
  } catch (error) {
    throw new RulesFileRefused(said('file-not-written', { file: basename(file), words: (error as Error).message }), { cause: error })
  }
}

/** What was written did not come into force: the file is as it was. Answers false where somebody has written another text meanwhile, which stays. */
export async function restoreRulesFile(file: string, { before, text }: Written): Promise<boolean> {
  const now = await readIf(file)
  if (now === null || decoder.decode(now) !== text) return false
  if (before === null) await rm(file, { force: true })
  else await replace(file, before)
  return true
}

/** A copy of the same bytes is there already: it is the one. */
async function keepCopy(file: string, bytes: Uint8Array): Promise<Pick<Written, 'kept' | 'dropped'>> {
  const stem = `${basename(file)}.not-in-force`
  const numberOf = (name: string): number => (name === stem ? 1 : Number(/^-(\d{1,9})$/.exec(name.startsWith(stem) ? name.slice(stem.length) : '')?.[1] ?? 0))
  const copies = (await readdir(dirname(file))).filter((name) => numberOf(name) > 0).sort((a, b) => numberOf(a) - numberOf(b))
  for (const name of copies) if (Buffer.compare(await readIf(join(dirname(file), name)) ?? Buffer.alloc(0), bytes) === 0) return { kept: join(dirname(file), name), dropped: [] }
  const next = copies.length === 0 ? 1 : numberOf(copies.at(-1)!) + 1
  const kept = join(dirname(file), next === 1 ? stem : `${stem}-${next}`)
  await replace(kept, bytes)
  const dropped = copies.slice(0, Math.max(0, copies.length + 1 - copiesMax))
  for (const name of dropped) await rm(join(dirname(file), name), { force: true })
  return { kept, dropped }
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
