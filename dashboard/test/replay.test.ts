// The wall's replay in a real browser: what is seen is what was kept, a takeover comes when it came, gaps are told, and a seek is there at once.
import { cpus, loadavg } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessibilityProblems } from './axe.ts'
import { findChromium } from './browser.ts'
import { DeskSite } from './desk-site.ts'
import { overflow } from './on-page.ts'
import { cascadeAnswers, cascadeColumns } from './seeded-cascade.ts'
import { answerOfPast, past, pictureAt } from './seeded-past.ts'

const executable = findChromium()
if (executable === null) console.warn('No chromium, chromium-browser or google-chrome on the PATH: the wall\'s replay is not tested in a browser. Install one.')

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')
const addressOf = (at: number, more = ''): string => `#/replay?at=${iso(at)}${more}`
const clockOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(11, 19) // Asia/Shanghai

describe.skipIf(executable === null)('the wall\'s replay', () => {
  const site = new DeskSite()
  const asked: URL[] = []
  beforeAll(() => site.begin(executable ?? expect.unreachable()))
  beforeEach(async () => {
    await site.leave()
    site.reset([])
    asked.length = 0
    site.instead = (url) => {
      const answer = answerOfPast(url)
      if (answer !== null) asked.push(url)
      return answer
    }
  })
  afterAll(() => site.end())

  const shownAt = async (): Promise<number> => Number(await site.page.locator('[data-as-shown]').getAttribute('data-as-shown'))
  const wallText = (): Promise<string> => site.page.locator('[data-as-shown]').innerText()
  const takeover = (): Promise<string | null> => site.page.locator('[data-takeover]').first().getAttribute('data-alert-id', { timeout: 500 }).catch(() => null)

  test.each(['zh', 'en'])('a link shows the wall as it was, marked on every tile, whole and usable: %s', async (lang) => {
    const at = past.now - 1_800_000
    await site.open(addressOf(at + 3_000), { lang })
    await expect.poll(() => shownAt()).toBe(at)
    const said = await wallText()
    expect(said).toContain(clockOf(at))
    expect(said).toContain(pictureAt(at).totals.perMinute.toLocaleString('en-US'))
    const tiles = await site.page.locator('[data-as-shown] [data-tile]').count()
    expect(tiles).toBeGreaterThan(3)
    await expect.poll(() => site.page.locator('[data-as-shown] [data-tile]').evaluateAll((all) => all.filter((tile) => tile.querySelector('[data-watermark]') === null).map((tile) => tile.getAttribute('data-tile')))).toEqual([])
    await expect.poll(() => site.page.locator('[data-as-shown] [data-watermark]').first().innerText()).toMatch(lang === 'zh' ? /回放/ : /REPLAY/i)
    await site.page.waitForSelector('[data-panel="wall-news"]')
    const outside = (await site.text('main')).replaceAll('中文', '').replaceAll('English', '')
    if (lang === 'en') expect(outside.replaceAll('回放', '')).not.toMatch(/[一-鿿]/)
    expect(await overflow(site.page)).toEqual([])
    expect(await accessibilityProblems(site.page)).toEqual([])
    await site.picture(`replay-${lang}`)
  })

  test('the takeover that was shown is shown, for as long as it was, and a seek back brings it again', async () => {
    await site.open(addressOf(past.alertAt - 10_000))
    await site.page.waitForSelector('[data-panel="wall-news"] [data-news]')
    await expect.poll(() => takeover()).toBeNull()
    const seekTo = async (at: number): Promise<void> => {
      await site.page.locator('[data-jump]').fill(`${iso(at + 8 * 3_600_000).slice(0, 10)} ${clockOf(at)}`)
      await site.page.locator('[data-jump]').press('Enter')
      await expect.poll(() => site.page.locator('[data-at]').getAttribute('data-at')).toBe(String(at))
      await expect.poll(shownAt).toBe(Math.floor((at - past.begin) / 5_000) * 5_000 + past.begin)
    }
    await seekTo(past.alertAt + 20_000)
    await expect.poll(takeover).toBe('first')
    await site.picture('replay-takeover-zh')
    await seekTo(past.acknowledgedAt + 30_000) // a minute is over, and somebody has it
    await expect.poll(takeover).toBeNull()
    await seekTo(past.alertAt + 185_000) // three minutes behind the first the next in the queue has its turn
    await expect.poll(takeover).toBe('second')
    await seekTo(past.alertAt + 300_000)
    await expect.poll(takeover).toBeNull()
    await seekTo(past.alertAt + 5_000)
    await expect.poll(takeover).toBe('first')
  })

  test('a takeover shows its cascade as it was then: what is drawn and what is said hold no mention that came later', async () => {
    const columns = cascadeColumns(2_000), answers = cascadeAnswers(columns)
    site.instead = (url) => answerOfPast(url) ?? answers(url)
    const at = past.alertAt + 20_000
    const clock = pictureAt(at).clock ?? expect.unreachable()
    const held = columns.at.filter((ms) => ms < (clock + 1) * 1000).length
    expect([held > 10, held < 1_900]).toEqual([true, true])
    await site.open(addressOf(at))
    await expect.poll(() => site.page.locator('[data-painted]').getAttribute('data-painted')).toBe(String(held))
    await expect.poll(() => site.text('[data-cascade-facts]')).toMatch(new RegExp(`^${held.toLocaleString('en-US')} 条 · \\d+ 层$`))
    expect(await overflow(site.page)).toEqual([])
    await site.picture('replay-takeover-cascade-zh')
    await site.open(addressOf(at), { lang: 'en' })
    await site.page.waitForSelector('[data-painted]')
    const [age, tile] = await site.page.locator('[data-tile="takeover-cascade"]').evaluate((one) => [one.querySelector('[data-age]') ?? one, one].map((part) => part.getBoundingClientRect().right))
    expect(age).toBeLessThan(tile!) // its mark is longer than that of a drill
  })

  test('it plays forward by itself, everything follows, and it is asked for ahead', async () => {
    const at = past.gap[1] + 60_000 // ten seconds to the end
    await site.open(addressOf(at, '&speed=300'))
    await site.page.locator('body').click({ position: { x: 5, y: 5 } })
    await site.page.keyboard.press('Space')
    await expect.poll(() => site.page.locator('[data-panel="replay"]').getAttribute('data-playing')).toBe('true')
    await expect.poll(shownAt).toBeGreaterThan(at + 400_000) // behind the run that was fetched before it played, of every picture
    // However fast it plays, its clock is that of the picture: ages are those that were shown, and change with the picture alone. Unless it waits for one, as a wall does that is cut.
    const clocks = await site.page.evaluate(async () => {
      const seen: (readonly [number, string])[] = []
      while (seen.length < 12 && document.querySelector('[data-panel="replay"]')!.getAttribute('data-playing') === 'true') {
        await new Promise((next) => { requestAnimationFrame(next) })
        const wall = document.querySelector('[data-as-shown]')!
        if (wall.querySelector('.wall.lost') === null) seen.push([Number(wall.getAttribute('data-as-shown')), wall.querySelector('[data-clock]')!.textContent])
      }
      return seen
    })
    for (const [kept, clock] of clocks) expect(clock).toContain(clockOf(kept))
    await site.page.keyboard.press('Space')
    await expect.poll(() => site.page.locator('[data-panel="replay"]').getAttribute('data-playing')).toBe('false')
    const stopped = Number(await site.page.locator('[data-at]').getAttribute('data-at'))
    await expect.poll(shownAt).toBe(Math.floor((stopped - past.begin) / 5_000) * 5_000 + past.begin)
    expect(await wallText()).toContain(clockOf(await shownAt()))
    expect(asked.filter(({ pathname }) => pathname.endsWith('/pictures')).length).toBeLessThan(20)
    await expect.poll(() => new URL(site.page.url()).hash).toContain('speed=300')
    await expect.poll(() => decodeURIComponent(new URL(site.page.url()).hash)).toContain(`at=${new Date(stopped).toISOString().replace('.000Z', 'Z')}`)
    await site.page.keyboard.press('.')
    await expect.poll(() => site.page.locator('[data-panel="replay"]').getAttribute('data-speed')).toBe('900')
    await site.page.keyboard.press('ArrowLeft') // wherever nothing else has the arrows
    await expect.poll(async () => Number(await site.page.locator('[data-at]').getAttribute('data-at'))).toBeLessThan(stopped)
  })

  test('a gap is told, with its ends, and the last picture stays as what it is', async () => {
    await site.open(addressOf((past.gap[0] + past.gap[1]) / 2))
    await site.page.waitForSelector('[data-note="gap"]')
    await expect.poll(() => site.text('[data-note]')).toContain(`${clockOf(past.gap[0])} 至`)
    await expect.poll(() => shownAt()).toBe(past.gap[0])
    await expect.poll(() => site.page.locator('[data-as-shown] .wall.lost').count()).toBe(1)
    await expect.poll(() => site.page.locator('[data-gap]').count()).toBeGreaterThan(0)
    await site.picture('replay-gap-zh')
  })

  test('what was notable leads to its moment, and marks are stepped through by keys', async () => {
    await site.open(addressOf(past.now - 600_000))
    await site.page.waitForSelector('[data-news="handled"]')
    await expect.poll(() => site.page.locator('[data-news]').evaluateAll((all) => all.map((one) => one.getAttribute('data-news')))).toEqual(['cleared', 'handled', 'alert', 'alert'])
    await site.page.locator('[data-news="alert"]').last().click()
    await expect.poll(() => site.page.locator('[data-at]').getAttribute('data-at')).toBe(String(past.alertAt))
    await site.page.keyboard.press(']')
    await expect.poll(() => site.page.locator('[data-at]').getAttribute('data-at')).toBe(String(past.secondAt))
    await site.page.keyboard.press('[')
    await expect.poll(() => site.page.locator('[data-at]').getAttribute('data-at')).toBe(String(past.alertAt))
    await expect.poll(() => site.page.locator('[data-mark="alert"]').count()).toBeGreaterThan(0)
  })

  test('a time that is none is refused in words, one without a date is of the day that is shown', async () => {
    await site.open(addressOf(past.now - 600_000))
    await site.page.locator('[data-jump]').fill('half past nine')
    await site.page.locator('[data-jump-go]').click()
    await site.page.waitForSelector('#replay-wrong')
    await site.page.locator('[data-jump]').fill(clockOf(past.alertAt).slice(0, 5))
    await site.page.locator('[data-jump-go]').click()
    await expect.poll(() => site.page.locator('[data-at]').getAttribute('data-at')).toBe(String(Math.floor(past.alertAt / 60_000) * 60_000))
    await expect.poll(() => site.page.locator('#replay-wrong').count()).toBe(0)
  })

  test.each([
    { status: 403, why: 'permission', words: /没有权限/ }, { status: 503, why: 'store', words: /存储暂不可用/ },
  ])('a refusal with $status is told in words', async ({ status, why, words }) => {
    site.instead = (url) => (url.pathname.startsWith('/api/replay') ? { status, body: { error: 'no', detail: 'because', hint: '' } } : null)
    await site.open(addressOf(past.now - 600_000), { waitFor: 'failed' })
    await expect.poll(() => site.text(`[data-failure="${why}"]`)).toMatch(words)
    expect(await accessibilityProblems(site.page)).toEqual([])
    await site.picture(`replay-failed-${status}`)
  })

  test('before the first picture there is none, and it is said which is the first', async () => {
    await site.open(addressOf(past.begin - 3_600_000), { waitFor: 'none' })
    await expect.poll(() => site.text('.empty')).toContain(clockOf(past.begin))
    await site.picture('replay-none')
  })

  test.each([
    { why: 'before the first', kept: { first: past.now - 60_000, last: past.now }, at: past.now - 60_000 },
    { why: 'behind the last', kept: { first: past.begin, last: past.alertAt }, at: past.alertAt },
  ])('without a moment it begins among the pictures that were kept, where a while ago lies $why', async ({ kept, at }) => {
    site.instead = (url) => {
      const answer = answerOfPast(url)
      return answer !== null && url.pathname.endsWith('/times') ? { ...answer, body: { ...answer.body as object, ...kept } } : answer
    }
    await site.page.addInitScript((begins) => { // where the feed is slow to tell what time it is the browser does
      const own = Date.now, ahead = begins - own()
      Date.now = () => own() + ahead
    }, past.now)
    await site.open('#/replay')
    await expect.poll(() => shownAt()).toBe(at)
    await expect.poll(() => decodeURIComponent(new URL(site.page.url()).hash)).toContain(`at=${iso(at)}`)
  })

  test('the wall of an alert is that of when it was shown, not of what its mentions are dated; where no picture has it that is said', async () => {
    const shown: Record<string, number> = { 'first/1 %': past.alertAt }
    site.instead = (url) => (url.pathname === '/api/replay/wall/shown' ? { status: 200, body: { alert: '', at: shown[url.searchParams.get('alert') ?? ''] ?? null } } : answerOfPast(url))
    await site.open(`#/replay?${new URLSearchParams({ alert: 'first/1 %', at: iso(past.begin + 60_000) }).toString()}`)
    await expect.poll(() => shownAt()).toBe(past.alertAt)
    await expect.poll(() => decodeURIComponent(new URL(site.page.url()).hash)).toBe(`#/replay?at=${iso(past.alertAt)}`)
    await site.open(`#/replay?${new URLSearchParams({ alert: 'never', at: iso(past.begin + 60_000) }).toString()}`)
    await expect.poll(() => shownAt()).toBe(past.begin + 60_000)
    await expect.poll(() => site.text('[data-note]')).toMatch(/没有留存/)
    await site.picture('replay-unshown-zh')
    await site.page.locator('[data-jump]').fill(clockOf(past.alertAt))
    await site.page.locator('[data-jump-go]').click()
    await expect.poll(shownAt).toBe(past.alertAt)
    await expect.poll(() => site.page.locator('[data-note]').count()).toBe(0)
  })

  test('A10: a seek among fetched pictures is there within a frame or two; what a miss costs is told', async () => {
    await site.open(addressOf(past.now - 1_800_000))
    await site.page.waitForSelector('[data-panel="wall-news"]')
    await expect.poll(() => asked.filter(({ pathname }) => pathname.endsWith('/pictures')).length).toBeGreaterThan(0)
    const measured = await site.page.evaluate(async ({ from, far }) => {
      const slider = document.querySelector<HTMLElement>('[data-track]')!
      const box = slider.getBoundingClientRect()
      const shown = (): number => Number(document.querySelector('[data-as-shown]')?.getAttribute('data-as-shown'))
      const [least, most] = [Number(slider.getAttribute('aria-valuemin')), Number(slider.getAttribute('aria-valuemax'))]
      const seek = async (at: number): Promise<number> => {
        const before = shown(), start = performance.now()
        slider.dispatchEvent(new PointerEvent('pointermove', { buttons: 1, clientX: box.x + (box.width * (at - least)) / (most - least), clientY: box.y + 5, bubbles: true }))
        while (shown() === before && performance.now() - start < 10_000) await new Promise((next) => { requestAnimationFrame(next) })
        return performance.now() - start
      }
      const hits: number[] = [], misses: number[] = []
      for (let round = 0; round < 24; round++) hits.push(await seek(from + (round % 2 === 0 ? 30_000 : 0) + round * 100))
      for (let round = 0; round < 6; round++) misses.push(await seek(far + round * 420_000))
      return { hits: hits.sort((a, b) => a - b), misses: misses.sort((a, b) => a - b) }
    }, { from: past.now - 1_800_000, far: past.begin + 600_000 })
    const at = (times: readonly number[], share: number): string => times[Math.ceil(times.length * share) - 1]!.toFixed(0)
    console.log(`replay of the wall: seek among fetched pictures p50 ${at(measured.hits, 0.5)} ms, p95 ${at(measured.hits, 0.95)} ms; a miss p50 ${at(measured.misses, 0.5)} ms, most ${at(measured.misses, 1)} ms (${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)})`)
    expect(measured.hits).toHaveLength(24)
    expect([site.complaints, site.foreign]).toEqual([[], []])
  })
})
