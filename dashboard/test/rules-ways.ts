// The ways in which somebody leaves the rules editor, and comes back by: from a page of topics that was open before it.
import type { Page } from 'playwright-core'
import type { DeskSite } from './desk-site.ts'

export interface WayOut { readonly by: string; readonly away: () => Promise<unknown>; readonly back: () => Promise<unknown> }

/** A page that does not answer within half a second is closed by the browser without a word to it. */
const idles = (page: Page): Promise<unknown> => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => { requestIdleCallback(done) }) }))

/** `opened`: a new tab is there, and is to show the editor. */
export function waysOut(site: DeskSite, opened: () => Promise<void>): WayOut[] {
  const shows = (screen: string): Promise<unknown> => site.page.waitForSelector(`[data-screen="${screen}"]`)
  const back = (): Promise<unknown> => site.page.goBack()
  return [
    { by: 'keys', back, away: async () => { await site.page.locator('h1').click(); await site.goByKeys('a', 'alerts') } },
    { by: 'back', back: () => site.page.goForward(), away: async () => { await site.page.evaluate(() => { history.back() }); await shows('topics') } },
    { by: 'another address', back, away: async () => { await site.page.evaluate(() => { location.hash = '#/alerts' }); await shows('alerts') } },
    { by: 'a reload', back: () => site.page.waitForLoadState(), away: () => site.page.reload({ waitUntil: 'commit' }) }, // the page that comes asks on its own account
    { by: 'a tab that is closed', back: async () => { site.page = await site.newPage(); await opened() }, away: async () => { await idles(site.page); await site.page.close({ runBeforeUnload: false }) } },
  ]
}
