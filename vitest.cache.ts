// What tests keep between runs is made in a folder beside its place and renamed when it is whole: of a run that was killed the folder stays,
// until a later run finds it.
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const unfinishedMs = 3_600_000 // what is still being made takes minutes

/** Removes folders of `cache` with a name that begins with `prefix`, made over an hour before `now` (ms). Several runs may do so at once. */
export function forgetUnfinished(cache: string, prefix: string, now: number = Date.now()): void {
  for (const name of namesIn(cache).filter((one) => one.startsWith(prefix))) {
    const path = join(cache, name)
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now
    if (now - at <= unfinishedMs) continue
    const mine = `${path}.${process.pid}` // its name still begins so, for whoever is killed while he removes it
    try {
      renameSync(path, mine)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue // another run has it
      throw error
    }
    rmSync(mine, { recursive: true, force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [] // nothing was kept yet
    throw error
  }
}
