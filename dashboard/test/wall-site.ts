// The wall as tests meet it: built, served beside an API that the test answers for, open in a browser of its own, a tab a test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '@groundswell/schemas/live.ts'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openBrowser, type OwnBrowser } from './browser.ts'
import { buildWall } from './build-wall.ts'
import { freezable, freeze } from './frozen-page.ts'
import { keepPicture } from './picture.ts'
import { snapshot } from './seeded.ts'
import { WallServer } from './wall-server.ts'

export class WallSite {
  readonly complaints: string[] = []
  readonly foreign: string[] = []
  readonly server: WallServer
  browser!: OwnBrowser
  page!: Page
  url!: URL
  readonly #folder: string
  #holds = false
  /** The built wall; it is there once it began, or sooner where somebody built it. */
  readonly dist: string

  constructor(name: string) {
    this.#folder = mkdtempSync(join(tmpdir(), `groundswell-${name}-`))
    this.dist = join(this.#folder, 'dist')
    this.server = new WallServer(this.dist, snapshot())
  }

  async begin(executable: string): Promise<void> {
    await buildWall(this.dist)
    this.url = await this.server.listen()
    this.browser = await openBrowser(executable)
  }

  async end(): Promise<void> {
    if (this.browser !== undefined) { // where there is a browser at all
      await this.browser.close()
      await this.server.close()
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A tab of its own, for what it has heard of is its own too; and a server that answers nothing else and refuses nobody. */
  async newPage(): Promise<Page> {
    if (this.#holds) await this.page.clock.resume() // it is that of all tabs
    this.#holds = false
    await this.page?.close()
    this.server.forget()
    this.page = await this.browser.context.newPage()
    this.page.on('pageerror', (error) => this.complaints.push(String(error)))
    this.page.on('request', (request) => { if (!request.url().startsWith(this.url.origin) && !/^(data|blob):/.test(request.url())) this.foreign.push(request.url()) })
    this.server.api = () => null
    this.server.refusal = null
    return this.page
  }

  async open(shot: Snapshot, size: readonly [number, number] = [1920, 1080], query = '?lang=zh'): Promise<void> {
    this.server.heartbeat(false)
    this.server.begin(shot)
    await this.page.setViewportSize({ width: size[0], height: size[1] })
    await this.page.goto(this.url.href + query)
    await this.page.waitForSelector('[data-link="live"]')
    this.server.heartbeat(true)
    await this.page.evaluate(async () => { await document.fonts.ready })
    await this.page.waitForSelector('[data-link="live"]')
  }

  /** Before `open`: the page's time stands still, but for what `pass` lets go by: what lasts for seconds is there for as long as a test looks, however slow the machine. */
  async holdClock(): Promise<void> {
    await this.page.clock.install()
    await this.page.clock.pauseAt(await this.page.evaluate(() => Date.now()) + 600_000) // ahead of wherever it is by the time that it stops
    this.#holds = true
  }

  /** So much time passes on the page alone; the server is heard again afterwards. */
  async pass(ms: number): Promise<void> {
    const { page } = this
    await page.clock.runFor(ms)
    if (!this.#holds) return void await page.waitForSelector('[data-link="live"]')
    await expect.poll(async () => { await page.clock.runFor(50); return page.locator('[data-link="live"]').count() }).toBe(1) // to dial again takes time too
  }

  freezable(): Promise<unknown> { return freezable(this.page) }
  freeze(frozen: boolean): Promise<unknown> { return freeze(this.page, frozen) }
  picture(name: string): Promise<void> { return keepPicture(this.page, name) }
  text(selector: string): Promise<string> { return this.page.locator(selector).first().innerText() }
}
