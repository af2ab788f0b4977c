// The ways in which somebody leaves the rules editor, and comes back by: from a page of topics that was open before it.
import type { DeskSite } from './desk-site.ts'

export interface WayOut { readonly by: string; readonly away: () => Promise<unknown>; readonly back: () => Promise<unknown> }

/** `opened`: a new tab is there, and is to show the editor. */
export function waysOut(site: DeskSite, opened: () => Promise<void>): WayOut[] {
  const shows = (screen: string): Promise<unknown> => site.page.waitForSelector(`[data-screen="${screen}"]`)
  const back = (): Promise<unknown> => site.page.goBack()
  return [
    { by: 'keys', back, away: async () => { await site.page.locator('h1').click(); await site.page.keyboard.press('g'); await site.page.keyboard.press('a'); await shows('alerts') } },
    { by: 'back', back: () => site.page.goForward(), away: async () => { await site.page.evaluate(() => { history.back() }); await shows('topics') } },
    { by: 'another address', back, away: async () => { await site.page.evaluate(() => { location.hash = '#/alerts' }); await shows('alerts') } },
    { by: 'a reload', back: async () => undefined, away: () => site.page.reload() },
    { by: 'a tab that is closed', back: async () => { site.page = await site.newPage(); await opened() }, away: () => site.page.close({ runBeforeUnload: false }) },
  ]
}
