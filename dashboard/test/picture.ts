// Pictures for people to look at. GROUNDSWELL_SHOTS names the folder that keeps them; without it one pixel is drawn, for a picture of a wide wall takes seconds.
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Either way the page has drawn everything it was told before this resolves. What measures pixels takes its own screenshot. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const kept = process.env['GROUNDSWELL_SHOTS']
  await page.screenshot(kept === undefined ? { clip: { x: 0, y: 0, width: 1, height: 1 } } : { path: join(kept, `${name}.png`) })
}
