// How much the embedded nats-server may store. Left to itself it takes three quarters of what is free at its start, and where that is less
// than its streams reserve, on a disk that others have filled, it leaves them out as if they had been deleted. So what they reserve is named.
import { readdir, readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const share = 0.75
const roomLeast = 512 * 2 ** 20 // its configuration takes no zero, and our streams begin with less

/** Bytes: three quarters of what is free, and never less than the streams of that folder reserve. */
export async function roomFor(storeDir: string): Promise<number> {
  const { bavail, bsize } = await statfs(storeDir)
  return Math.max(roomLeast, Math.floor(share * bavail * bsize), await reservedIn(storeDir))
}

async function reservedIn(storeDir: string): Promise<number> {
  let bytes = 0
  const root = join(storeDir, 'jetstream')
  for (const account of await namesIn(root)) {
    for (const stream of await namesIn(join(root, account, 'streams'))) bytes += await maxBytesOf(join(root, account, 'streams', stream, 'meta.inf'))
  }
  return bytes
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
})

/** 0 for a stream without a limit, and for a file that the server itself will refuse. */
async function maxBytesOf(file: string): Promise<number> {
  try {
    const { max_bytes: bytes } = JSON.parse(await readFile(file, 'utf8')) as { readonly max_bytes?: number }
    return Math.max(0, Number(bytes) || 0)
  } catch {
    return 0
  }
}
