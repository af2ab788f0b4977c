// Measurements on the page as it is drawn: geometry, computed styles and pixels, never the source.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'

/** What `look` finds once every font that the words need is there: a word that came a moment ago is laid out first, in whatever there is. */
async function drawn<Found>(page: Page, look: () => Found): Promise<Found> {
  await page.evaluate(() => document.body.offsetHeight)
  await page.evaluate(async () => { await document.fonts.ready })
  return await page.evaluate(look) as Found
}

/** Until what the page asked at first is answered and drawn: from then on what stands below it stays where it is. */
export async function rests(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await standsStill(page, 'main *')
}

/** Until three frames long what is selected is the same, at the same place; `data-row`s tell rows of a table apart that take each other's place. */
export function standsStill(page: Page, selector: string): Promise<void> {
  return page.evaluate(async (selected) => {
    const places = (): string => Array.from(document.querySelectorAll(selected), (one) => { const { x, y, width, height } = one.getBoundingClientRect(); return `${one.getAttribute('data-row')} ${x} ${y} ${width} ${height}` }).join()
    for (let same = 0, before = places(); same < 3;) {
      await new Promise((next) => { requestAnimationFrame(next) })
      const now = places()
      same = now === before ? same + 1 : 0
      before = now
    }
  }, selector)
}

/** What `look` finds wrong for longer than a layout takes that answers to the one before it: charts are drawn anew for the place that they get. `first`: before each look. */
async function lasting(page: Page, look: () => string[], first?: () => Promise<unknown>): Promise<string[]> {
  const until = performance.now() + 10_000
  for (;;) {
    await first?.()
    const wrong = await drawn(page, look)
    if (wrong.length === 0 || performance.now() > until) return wrong
    await sleep(100)
  }
}

/** Elements that reach outside the page, the screen or their tile. */
export const overflow = (page: Page, first?: () => Promise<unknown>): Promise<string[]> => lasting(page, () => {
  const wrong: string[] = []
  const root = document.documentElement
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) wrong.push(`page ${root.scrollWidth}×${root.scrollHeight}`)
  const inside = (inner: DOMRect, outer: DOMRect): boolean => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
  const screen = new DOMRect(0, 0, innerWidth, innerHeight)
  const tiles = [...document.querySelectorAll('[data-tile], [data-panel="header"], [data-problem], [data-more]')]
  for (const tile of tiles) {
    const box = tile.getBoundingClientRect()
    const name = tile.getAttribute('data-tile') ?? tile.textContent?.trim().slice(0, 20) ?? ''
    if (!inside(box, screen)) wrong.push(`${name} leaves the screen`)
    for (const part of tile.querySelectorAll('h1, h2, h3, p, b, span, dt, dd, li, svg')) {
      const rect = part.getBoundingClientRect()
      if (rect.width > 0 && (rect.left < box.left - 1 || rect.right > box.right + 1)) wrong.push(`${name}: "${part.textContent?.trim().slice(0, 30)}" leaves its tile`)
    }
    for (const other of tiles) {
      const rect = other.getBoundingClientRect()
      const crossed = Math.min(box.right, rect.right) - Math.max(box.left, rect.left) > 1 && Math.min(box.bottom, rect.bottom) - Math.max(box.top, rect.top) > 1
      if (other !== tile && crossed && !tile.contains(other) && !other.contains(tile)) wrong.push(`${name} overlaps ${other.getAttribute('data-tile')}`)
    }
  }
  return wrong
}, first)

/** Text runs that cross their neighbours or are cut by a box around them, and every ellipsis made by the browser. */
export const clippedText = (page: Page, first?: () => Promise<unknown>): Promise<string[]> => lasting(page, () => {
  const wrong: string[] = []
  const runs: { rect: DOMRect; text: string }[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? ''
    const parent = node.parentElement
    if (text === '' || parent === null) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const rect = range.getBoundingClientRect()
    // Hanzi and digits fill about 0.9 em in the middle of a line box that is higher: compare ink, not leading.
    const size = Number.parseFloat(getComputedStyle(parent).fontSize)
    const lines = [...range.getClientRects()].length
    const trim = lines > 1 ? 0 : Math.max(0, (rect.height - size * 0.92) / 2)
    let [top, bottom] = [rect.y + trim, rect.bottom - trim]
    for (let box: Element | null = parent; box !== null; box = box.parentElement) {
      const style = getComputedStyle(box)
      const around = box.getBoundingClientRect()
      if (style.overflowX !== 'visible' && rect.right > around.right + 1) wrong.push(`"${text}" is cut`)
      // What is scrolled out of sight crosses nothing.
      if (style.overflowY !== 'visible') [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)]
    }
    if (top < bottom) runs.push({ rect: new DOMRect(rect.x, top, rect.width, bottom - top), text })
  }
  for (const [index, a] of runs.entries()) {
    for (const b of runs.slice(index + 1)) {
      const wide = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left)
      const high = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top)
      if (wide > 2 && high > a.rect.height * 0.12) wrong.push(`"${a.text}" crosses "${b.text}"`)
    }
  }
  for (const spark of document.querySelectorAll('.spark')) {
    const box = spark.getBoundingClientRect()
    for (const run of runs) if (Math.min(run.rect.right, box.right) - Math.max(run.rect.left, box.left) > 1 && Math.min(run.rect.bottom, box.bottom) - Math.max(run.rect.top, box.top) > 1) wrong.push(`"${run.text}" crosses the bars`)
  }
  return wrong
}, first)

/** Texts in a type smaller than this many pixels. */
export const smallText = (page: Page, pixels: number): Promise<string[]> => page.evaluate((least) => [...document.querySelectorAll('body *')]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== ''))
  .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < least - 0.5)
  .map((element) => element.textContent?.trim() ?? ''), pixels)

/** What the page's own thread has worked until now, ms: whatever else the machine does is not in it. */
export async function threadMs(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => 1000 * ((await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
}

export const nodeCount = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length)

export interface Drawn {
  readonly topics: number
  readonly bigNumbers: number
  readonly transforms: readonly string[]
  readonly lowContrast: readonly string[]
  readonly face: string
  readonly facesLoaded: number // subsets of the bundled font that were fetched and are in use
  readonly alarmColours: number
}

export const asDrawn = (page: Page): Promise<Drawn> => drawn(page, () => {
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const light = (colour: string): number => {
    const [r, g, b] = channels(colour).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
  }
  const ground = (element: Element): string => {
    const glyph = element.closest('[data-glyph]')?.querySelector('path')
    const fill = glyph === null || glyph === undefined ? 'none' : getComputedStyle(glyph).fill
    if (fill !== 'none') return fill
    for (let box: Element | null = element; box !== null; box = box.parentElement) {
      const colour = getComputedStyle(box).backgroundColor
      if ((channels(colour)[3] ?? 1) === 1 && colour !== 'rgba(0, 0, 0, 0)') return colour
    }
    return 'rgb(14, 18, 22)'
  }
  const alarms = new Set(['rgb(255, 74, 102)', 'rgb(248, 150, 47)', 'rgb(255, 240, 128)'])
  const all = [...document.querySelectorAll('body *')]
  const lowContrast = all.filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '')).flatMap((element) => {
    const [dark, bright] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => a - b)
    const ratio = ((bright ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
    return ratio < 4.5 ? [`${element.textContent?.trim()} ${ratio.toFixed(2)}`] : []
  })
  return {
    topics: document.querySelectorAll('[data-topic]').length, bigNumbers: document.querySelectorAll('[data-big]').length, lowContrast,
    transforms: all.filter((element) => element.tagName !== 'pattern').filter((element) => getComputedStyle(element).transform !== 'none' || getComputedStyle(element).scale !== 'none').map((element) => element.outerHTML.slice(0, 80)),
    face: getComputedStyle(document.body).fontFamily, facesLoaded: [...document.fonts].filter((face) => face.status === 'loaded').length,
    alarmColours: all.filter((element) => {
      const style = getComputedStyle(element)
      return [style.color, style.backgroundColor, style.borderTopColor, style.fill, style.stroke].some((colour) => alarms.has(colour)) || [...alarms].some((colour) => style.boxShadow.includes(colour))
    }).length,
  }
})

/** Mean grey of each topic's row in the screenshot, 0…255, by the luma that a greyscale photo shows. */
export const rowLight = (page: Page, png: Buffer, topics: readonly string[]): Promise<number[]> => page.evaluate(async ({ data, ids }) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const canvas = new OffscreenCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2d canvas')
  context.drawImage(image, 0, 0)
  return ids.map((id) => {
    const box = document.querySelector(`[data-topic="${id}"]`)?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1)
    const { data: pixels } = context.getImageData(box.x, box.y, box.width, box.height)
    let sum = 0
    for (let at = 0; at < pixels.length; at += 4) sum += 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0)
    return sum / (pixels.length / 4)
  })
}, { data: png.toString('base64'), ids: [...topics] })

/** Mean relative luminance of all pixels of a screenshot, 0…1: what an emissive panel gives off, linear in light (WCAG 2.2). */
export const meanLight = (page: Page, png: Buffer): Promise<number> => page.evaluate(async (data) => {
  const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (char) => char.charCodeAt(0))], { type: 'image/png' }))
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
  if (context === null) throw new Error('no 2d canvas')
  context.drawImage(image, 0, 0)
  const linear = Float64Array.from({ length: 256 }, (_, value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
  const { data: pixels } = context.getImageData(0, 0, image.width, image.height)
  let sum = 0
  for (let at = 0; at < pixels.length; at += 4) sum += 0.2126 * (linear[pixels[at] ?? 0] ?? 0) + 0.7152 * (linear[pixels[at + 1] ?? 0] ?? 0) + 0.0722 * (linear[pixels[at + 2] ?? 0] ?? 0)
  return sum / (pixels.length / 4)
}, png.toString('base64'))
