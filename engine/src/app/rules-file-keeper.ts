// The rules file of this house: watched while it lives, and written for who saves rules at a desk. What a desk wrote is not published a second time.
import { basename, resolve } from 'node:path'
import { restoreRulesFile, writeRulesFile, type Written } from '../pipeline/rules-file.ts'
import { RulesPublisher } from '../pipeline/rules-publisher.ts'
import { watchRules } from '../pipeline/rules-watch.ts'
import type { House } from './house.ts'

type Parts = Pick<House, 'settings' | 'stream' | 'log' | 'problems' | 'metrics'>

/** Where the settings name no file, and none lies where they look, it is made there. */
const nameDefault = 'rules.yml'

export class RulesFileKeeper {
  readonly #parts: Parts
  readonly #publishing: RulesPublisher
  #file: string | null
  #written: string | null = null // by a desk, and not looked at by the watcher yet
  #stop: (() => void) | null = null

  constructor(parts: Parts) {
    this.#parts = parts
    this.#file = parts.settings.rules
    this.#publishing = new RulesPublisher(parts.stream, (error) => parts.log.warn('the rules file is not on the stream yet; it is tried again until it is', { error }))
  }

  /** Without its folder; null: none is used. */
  get name(): string | null { return this.#file === null ? null : basename(this.#file) }

  /** The file's text at the start, null where there is none; `newest`: what the stream has, or what is in force. */
  begin(text: string | null, newest: string): void {
    if (text === null || this.#stop !== null) return // somebody has saved already
    if (text !== newest) this.#publishing.put(text)
    this.#watch(text)
  }

  /** Throws RulesFileRefused: then nothing has changed. */
  async write(text: string, inForce: string): Promise<Written> {
    const file = this.#file ?? resolve(nameDefault)
    const written = await writeRulesFile(file, text, inForce)
    this.#written = text
    this.#file = file
    this.#watch(text)
    if (written.kept !== null) this.#parts.log.warn('what was in the rules file and not in force is kept beside it: rules were saved at a desk', { kept: basename(written.kept), ...(written.dropped.length === 0 ? {} : { dropped: written.dropped.join(', ') }) })
    return written
  }

  /** What was written did not get to the stream: the file is as before, unless somebody has written it meanwhile. One that was not there is not missed. */
  async restore(written: Written): Promise<void> {
    if (this.#file === null) return
    if (written.before === null) {
      this.#stop?.()
      this.#stop = null
    }
    let restored = false
    try {
      restored = await restoreRulesFile(this.#file, written)
    } finally {
      if (written.before === null && !restored) this.#watch(written.text)
    }
    if (!restored) return
    this.#written = written.before === null ? null : new TextDecoder().decode(written.before)
    if (written.before === null) this.#file = this.#parts.settings.rules
  }

  close(): void {
    this.#publishing.close()
    this.#stop?.()
  }

  #watch(text: string): void {
    if (this.#file === null || this.#stop !== null) return
    const { log, problems, metrics } = this.#parts
    this.#stop = watchRules(this.#file, text, {
      good: () => problems.over('rules-refused'),
      mended: () => log.info('the rules file is right again'),
      changed: (changed) => {
        const known = this.#written === changed
        this.#written = null
        if (!known) this.#publishing.put(changed)
      },
      refused: (reason) => {
        problems.raise('rules-refused', reason)
        metrics.rulesRefused()
        log.error(`the changed rules file is refused, the old rules stay:\n${reason}`)
      },
    })
  }
}
