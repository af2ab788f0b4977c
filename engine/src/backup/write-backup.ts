// Writes a folder that nobody works on, or several that belong below it, into one tar file: beside its name first, and named only when all of it is on the disk.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { manifestFormat, manifestName, type Manifest } from './manifest.ts'
import { tarOf, type TarFile } from './tar.ts'

/** What an engine makes anew at every start, or what holds for one run alone; and tokens: what was revoked since must not come back with a backup. */
const leftOut = [/^engine\.lock/, /^tokens\.json/, /^format\.json\.next$/, /^restore-is-not-finished$/, /^online-backup\//, /^nats\/nats-server\.(log\S*|pid|conf)$/, /^clickhouse\/(spool|tmp|shadow)\//, /^clickhouse\/status$/, /\.tmp$/]

export interface BackupOptions extends Pick<Manifest, 'version' | 'position' | 'elsewhere' | 'online'> {
  readonly folders: readonly { readonly path: string; readonly as: string }[] // as: where its files belong below a data folder; '' at its top
  readonly file: string // must not be there
  readonly now: () => number
  readonly onFile?: (name: string) => void
}

export interface Written { readonly bytes: number; readonly files: number; readonly at: string }

/** Throws with what could not be read or written; nothing of the backup is left then. */
export async function writeBackup(options: BackupOptions): Promise<Written> {
  const partial = `${options.file}.partial`
  const out = await open(partial, 'wx', 0o600)
  let bytes = 0
  let files = 0
  try {
    const at = new Date(options.now()).toISOString()
    for await (const piece of tarOf(filesWithManifest(options, at, (count) => { files = count }))) {
      await out.writeFile(piece)
      bytes += piece.length
    }
    await out.sync()
    await out.close()
    await rename(partial, options.file)
    const folder = await open(dirname(options.file), 'r')
    await folder.sync().finally(() => folder.close())
    return { bytes, files, at }
  } catch (error) {
    await out.close().catch(() => undefined) // it may be closed already
    await rm(partial, { force: true })
    throw error
  }
}

async function* filesWithManifest({ folders, version, position, elsewhere, online, onFile }: BackupOptions, at: string, onCount: (files: number) => void): AsyncGenerator<TarFile> {
  const files: { name: string; size: number; sha256: string }[] = []
  for (const { name, path } of await filesOfAll(folders)) {
    const hash = createHash('sha256')
    const { size } = await stat(path)
    yield { name, size, body: hashed(createReadStream(path), hash) }
    files.push({ name, size, sha256: hash.digest('hex') })
    onFile?.(name)
  }
  onCount(files.length)
  const manifest: Manifest = { format: manifestFormat, version, at, position, elsewhere, online, files }
  const text = Buffer.from(`${JSON.stringify(manifest)}\n`)
  yield { name: manifestName, size: text.length, body: (async function* () { yield text })() }
}

async function filesOfAll(folders: BackupOptions['folders']): Promise<{ readonly name: string; readonly path: string }[]> {
  const all = await Promise.all(folders.map(async ({ path, as }) => (await namesIn(path)).map((name) => ({ name: as === '' ? name : `${as}/${name}`, path: join(path, name) }))))
  return all.flat()
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** Regular files, sorted. Links are ClickHouse's own shortcuts, which it makes again at every start. */
export async function namesIn(folder: string, below = ''): Promise<string[]> {
  const names: string[] = []
  for (const entry of (await readdir(join(folder, below), { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) names.push(...await namesIn(folder, name))
    else if (entry.isFile() && !leftOut.some((pattern) => pattern.test(name))) names.push(name)
  }
  return names
}
