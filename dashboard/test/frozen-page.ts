// A page whose timers rest while a test says so: what is shown then is shown by what the server told.
import type { Page } from 'playwright-core'

/** Before the page is opened. */
export function freezable(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    for (const name of ['setTimeout', 'setInterval'] as const) {
      const own = window[name]
      Object.assign(window, { [name]: (run: () => void, ms?: number) => own(() => { if ((window as unknown as { frozen?: boolean }).frozen !== true) run() }, ms) })
    }
  })
}

/** What is due while it is frozen is not done. */
export const freeze = (page: Page, frozen: boolean): Promise<unknown> => page.evaluate((value) => { Object.assign(window, { frozen: value }) }, frozen)
