// axe over a page as it stands: what is hard to use with a keyboard, a screen reader or weak eyes, a line each; none is the aim.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Found { readonly id: string; readonly help: string; readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[] }

export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(source)
  const { violations } = await page.evaluate((values) => (globalThis as unknown as { axe: { run: (...given: unknown[]) => Promise<{ violations: Found[] }> } }).axe.run(document, { runOnly: { type: 'tag', values } }), rules)
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${(failureSummary ?? '').split('\n').slice(1).join('; ').trim()}`))
}
