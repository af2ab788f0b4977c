// An append-only file of JSON lines that survives a crash: an append is on the disk when it resolves, appends that wait
// together are synced together, and rewriting is atomic (a new file, synced, renamed).
import { copyFile, link, open, readFile, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemDisk as disk } from '../../disk.ts'

interface Waiting { readonly text: string; readonly resolve: () => void; readonly reject: (error: unknown) => void }

export class Journal<Entry> {
  readonly #path: string
  #file: FileHandle | null = null
  #waiting: Waiting[] = []
  #rewrite: { readonly entries: () => readonly Entry[]; readonly resolve: () => void; readonly reject: (error: unknown) => void } | null = null
  #writing: Promise<void> | null = null
  #closed = false
  #broken = false // a write failed half-way: an empty line says so, and the next begins on a line of its own
  #unreadable = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Lines that the last read left out though neither a crash nor a failed write explains them: they held entries. */
  get unreadable(): number { return this.#unreadable }

  /** All entries in order. A line that was cut short, by a crash or a failed write, is left out, which is right: its append never resolved. */
  async read(): Promise<Entry[]> {
    let text: string
    try {
      text = await readFile(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
    const lines = text.split('\n')
    this.#unreadable = 0
    return lines.flatMap((line, at) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Entry]
      } catch {
        const isCutShort = at === lines.length - 1 || (lines[at + 1] === '' && at < lines.length - 2)
        if (!isCutShort) this.#unreadable += 1
        return []
      }
    })
  }

  /** Keeps the file as it is beside itself, for a person to look at, and answers its name. To be called before a rewrite. */
  async keepDamaged(): Promise<string> {
    const damaged = `${this.#path}.damaged`
    await disk.remove(damaged)
    await link(this.#path, damaged).catch(() => copyFile(this.#path, damaged)) // a link needs no room, where there are links
    return damaged
  }

  append(entry: Entry): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`${this.#path} is closed`))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text: `${JSON.stringify(entry)}\n`, resolve, reject })
      this.#writing ??= this.#write()
    })
  }

  /** Replaces everything; `entries` is asked at the moment of writing, and appends that wait come after. */
  rewrite(entries: () => readonly Entry[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#rewrite = { entries, resolve, reject }
      this.#writing ??= this.#write()
    })
  }

  /** After what waits is written. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#writing) await this.#writing
    await this.#file?.close()
    this.#file = null
  }

  async #write(): Promise<void> {
    // Everything that is asked for within one turn is written together.
    await Promise.resolve()
    while (this.#waiting.length > 0 || this.#rewrite) {
      if (this.#rewrite) {
        const { entries, resolve, reject } = this.#rewrite
        this.#rewrite = null
        await this.#replace(entries()).then(resolve, reject)
        continue
      }
      const together = this.#waiting
      this.#waiting = []
      try {
        await this.#appendText(together.map(({ text }) => text).join(''))
        for (const { resolve } of together) resolve()
      } catch (error) {
        this.#broken = true
        await this.#file?.close().catch(() => undefined) // opened anew: the disk may be another by then
        this.#file = null
        const told = new Error(`${this.#path} could not be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
        for (const { reject } of together) reject(told)
      }
    }
    this.#writing = null
  }

  async #appendText(text: string): Promise<void> {
    if (!this.#file) {
      await disk.makeFolder(dirname(this.#path))
      this.#file = await open(this.#path, 'a', 0o600)
    }
    await this.#file.writeFile(this.#broken ? `\n\n${text}` : text)
    await this.#file.datasync()
    this.#broken = false
  }

  async #replace(entries: readonly Entry[]): Promise<void> {
    const folder = dirname(this.#path)
    await disk.makeFolder(folder)
    const next = `${this.#path}.next`
    try {
      await disk.write(next, [Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))])
    } catch (error) {
      await disk.remove(next) // it takes room where there is none
      throw error
    }
    await this.#file?.close()
    this.#file = null
    await disk.rename(next, this.#path)
    await disk.syncFolder(folder)
  }
}
