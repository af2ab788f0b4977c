// Restores a backup into an empty folder. Nothing counts before every checksum is right: until then a marker in the folder keeps an engine out,
// and what fails leaves the folder as empty as it was.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { restoringName } from '../cli/data-format.ts'
import { manifestBytesMax, manifestName, readManifest, type Manifest } from './manifest.ts'
import { filesOf, TarRefused, type TarFile } from './tar.ts'

export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused'
}

/** Throws RestoreRefused with the reason. */
export async function readBackup(file: string, folder: string): Promise<Manifest> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  const [first] = await readdir(folder)
  if (first !== undefined) throw new RestoreRefused(`${folder} is not empty (${first} is in it): name a new folder, or move away what is there`)
  const marker = join(folder, restoringName)
  try {
    await chmod(folder, 0o700)
    await writeFile(marker, 'A backup is being restored here. Empty this folder if that did not come to its end.\n', { flag: 'wx', mode: 0o600 })
    const manifest = await restoreFiles(createReadStream(file, { highWaterMark: 1 << 20 }), folder)
    await rm(marker)
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
    return manifest
  } catch (error) {
    await emptied(folder, made !== undefined)
    if (error instanceof TarRefused) throw new RestoreRefused(`${file} is refused: ${error.message}`, { cause: error })
    throw error
  }
}

/** The marker goes last: an engine is kept out for as long as anything lies there. */
async function emptied(folder: string, andRemoved: boolean): Promise<void> {
  for (const name of await readdir(folder)) if (name !== restoringName) await rm(join(folder, name), { recursive: true, force: true })
  await rm(join(folder, restoringName), { force: true })
  if (andRemoved) await rm(folder, { recursive: true, force: true })
}

async function restoreFiles(bytes: AsyncIterable<Uint8Array>, folder: string): Promise<Manifest> {
  const written = new Map<string, string>() // name → size and SHA-256
  let manifest: Manifest | null = null
  for await (const file of filesOf(bytes)) {
    if (manifest !== null) throw new TarRefused(`${JSON.stringify(file.name)} comes after the manifest`)
    if (file.name === manifestName) manifest = await manifestOf(file)
    else if (file.name === restoringName || file.name.startsWith('engine.lock')) throw new TarRefused(`${file.name} belongs to a run, not to a backup`)
    else written.set(file.name, await writeOne(file, folder))
  }
  if (manifest === null) throw new TarRefused('there is no manifest in it: it is no backup of groundswell')
  for (const { name, size, sha256 } of manifest.files) {
    const found = written.get(name)
    if (found === undefined) throw new TarRefused(`${name} is missing`)
    if (found !== `${size} ${sha256}`) throw new TarRefused(`${name} is damaged: its checksum is not that of the manifest. Take another backup`)
    written.delete(name)
  }
  const [more] = written.keys()
  if (more !== undefined) throw new TarRefused(`${more} is in it, but not in its manifest`)
  return manifest
}

async function manifestOf({ size, body }: TarFile): Promise<Manifest> {
  if (size > manifestBytesMax) throw new TarRefused(`its manifest has ${size} bytes`)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  const read = readManifest(Buffer.concat(chunks))
  if (!read.ok) throw new TarRefused(read.reason)
  return read.manifest
}

/** Answers size and SHA-256 of what is on the disk. */
async function writeOne({ name, body }: TarFile, folder: string): Promise<string> {
  const path = join(folder, ...name.split('/'))
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let size = 0
  const out = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of body) {
      hash.update(chunk)
      size += chunk.length
      await out.writeFile(chunk)
    }
    await out.sync()
  } finally {
    await out.close()
  }
  return `${size} ${hash.digest('hex')}`
}
