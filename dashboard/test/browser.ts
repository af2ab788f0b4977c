// The system's Chromium, with a profile of its own that is removed afterwards.
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'

const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--force-color-profile=srgb']

/** The first of the usual names on the PATH; null when there is none. */
export function findChromium(): string | null {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      if (folder !== '' && existsSync(join(folder, name))) return join(folder, name)
    }
  }
  return null
}

export interface OwnBrowser { readonly context: BrowserContext; readonly close: () => Promise<void> }

/** `more`: further flags of Chromium. */
export async function openBrowser(executablePath: string, more: readonly string[] = []): Promise<OwnBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'groundswell-wall-'))
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: [...args, ...more], headless: true, locale: 'zh-CN', timeout: 120_000 })
  context.setDefaultTimeout(60_000) // as long as a test polls: a limit is for what never comes
  return {
    context,
    close: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}
