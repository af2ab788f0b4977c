// A cascade that plays, in a real browser: what is seen is the cascade of the moment, and how smoothly a large one plays is told.
import { cpus, loadavg } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOf } from '../src/graph/as-of.ts'
import { graphTree } from '../src/graph/graph-tree.ts'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { alertRow } from './seeded.ts'
import { threadMs } from './on-page.ts'
import { addressOf, CascadeSite, columnsOf, numbersIn, root } from './cascade-site.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the replay of cascades is not tested in a browser. Install one.')

describe.skipIf(executable === null)('a cascade that plays', () => {
  const site = new CascadeSite()
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  afterAll(() => site.end())

  const totals = (): Promise<string> => site.text('[data-totals]')

  test('A10: it plays, all figures follow, it stops at the end; why there is one axis is said; speed and place are in the address', async () => {
    const tree = graphTree(columnsOf(root))
    const begin = tree.at[0]!, end = tree.at[4_999]!
    site.instead = (path) => (path === '/api/alerts' ? { status: 200, body: { alerts: [{ ...alertRow(0, 0), id: 'told', at: new Date(begin + (end - begin) * 0.1).toISOString() }], next: null } }
      : path === '/api/actions' ? { status: 200, body: { actions: [{ id: 'note', at: begin + (end - begin) * 0.15, by: 'li', action: { what: 'note', alert: 'told', text: '官方通报已发布' } }], limit: 200 } } : null)
    await site.open(addressOf(root, `until=${Math.round(begin + (end - begin) * 0.2)}&speed=3600`))
    await expect.poll(() => site.page.locator('[data-axis="ingest"]').isDisabled()).toBe(true)
    await expect.poll(() => site.text('[data-no-ingest]')).toMatch(/入库/)
    await expect.poll(() => site.page.locator('[data-mark]').evaluateAll((all) => all.map((one) => one.getAttribute('data-mark')))).toEqual(['alert', 'statement'])
    await expect.poll(() => site.text('[data-passed]')).toContain('官方通报已发布')
    const shown = async (): Promise<number> => numbersIn(await totals())[0]!
    const before = await shown()
    await site.page.locator('[data-play]').click()
    await expect.poll(shown).toBeGreaterThan(before)
    await site.page.locator('[data-play]').click()
    await expect.poll(() => site.page.locator('[data-panel="replay"]').getAttribute('data-playing')).toBe('false')
    const at = Number(await site.page.locator('[data-at]').getAttribute('data-at'))
    const held = Array.from(tree.at).filter((moment) => moment <= at).length
    const then = asOf(tree, held, at)
    await expect.poll(() => shown()).toBe(held)
    await expect.poll(() => site.page.locator('[data-panel="facts"]').getAttribute('data-then')).toBe(String(held))
    expect(numbersIn(await site.text('[data-fact="size"]'))[0]).toBe(held)
    await expect.poll(() => site.page.locator('[data-spreader]').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-spreader'))))).toEqual(then.spreaders.slice(0, 5).map(({ node }) => node))
    expect(numbersIn(await site.page.locator('[data-direct]').first().innerText())[0]).toBe(then.spreaders[0]!.direct)
    await expect.poll(() => site.query).toContain(`until=${at}`)
    expect(site.query).toContain('speed=3600')
    await expect.poll(() => site.page.locator('[data-skip-quiet]').isDisabled()).toBe(true) // it never rests for long
    expect(await accessibilityProblems(site.page)).toEqual([])
    await site.picture('cascade-playing-zh')
    await site.page.locator('[data-track]').focus()
    for (let page = 0; page < 13; page++) await site.page.keyboard.press('PageUp')
    await site.page.locator('[data-graph]').focus()
    await site.page.keyboard.press('Space')
    await expect.poll(totals).not.toMatch(/此后/)
    await expect.poll(() => site.page.locator('[data-panel="replay"]').getAttribute('data-playing')).toBe('false')
    await expect.poll(() => shown()).toBe(5_000)
    await expect.poll(() => site.query).not.toContain('until=')
  })

  test('A10: how 100,000 play is told', async () => {
    site.cascade('weibo:large')
    const tree = graphTree(columnsOf('weibo:large'))
    await site.open(addressOf('weibo:large', `until=${Math.round(tree.at[50_000]!)}&speed=900`))
    const busy = await threadMs(site.page)
    const before = await busy()
    const told = await site.page.evaluate(async () => {
      const at = (): string | null => document.querySelector('[data-at]')!.getAttribute('data-at')
      document.querySelector<HTMLElement>('[data-play]')!.click()
      const gaps: number[] = [], paints: number[] = []
      let last = performance.now(), place = at(), drawn = ''
      const begin = last
      while (performance.now() - begin < (paints.length < 4 ? 60_000 : 4_000)) {
        await new Promise((next) => { requestAnimationFrame(next) })
        if (at() === place) continue
        place = at()
        gaps.push(performance.now() - last)
        last = performance.now()
        const frame = document.querySelector('[data-frame-ms]')!
        if (frame.textContent !== drawn) paints.push(Number(frame.getAttribute('data-frame-ms')))
        drawn = frame.textContent ?? ''
      }
      document.querySelector<HTMLElement>('[data-play]')!.click()
      return { frames: gaps.length / ((last - begin) / 1000), gaps: gaps.sort((a, b) => a - b), paints: paints.sort((a, b) => a - b) }
    })
    const middle = (times: readonly number[], share: number): string => times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1)
    const cpuMs = ((await busy()) - before) / told.gaps.length
    console.log(`replay of 100k: ${cpuMs.toFixed(1)} ms of the page's thread a frame, ${told.frames.toFixed(0)} frames/s (p95 ${middle(told.gaps, 0.95)} ms apart), ${told.paints.length} were painted, each in ${middle(told.paints, 0.5)} ms (p95 ${middle(told.paints, 0.95)}); ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`)
    expect(told.paints.length).toBeGreaterThan(3)
  })
})
