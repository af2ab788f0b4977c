// A topic made, tested and saved in the rules editor by keys alone, as somebody without a mouse does it: the focus is never lost on the way.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { keepPicture } from './picture.ts'
import type { RulesEngine } from './rules-site.ts'

const tabsMax = 80

export class KeyHand {
  readonly #page: Page

  constructor(page: Page) { this.#page = page }

  async press(...keys: readonly string[]): Promise<void> { for (const key of keys) await this.#page.keyboard.press(key) }
  /** What stands in the field that has the focus is written anew. */
  async write(text: string): Promise<void> {
    await this.press('Control+a')
    await this.#page.keyboard.insertText(text)
  }
  isOn(selector: string): Promise<boolean> { return this.#page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector) }
  isWithin(selector: string): Promise<boolean> { return this.#page.evaluate((wanted) => document.activeElement?.closest(wanted) != null, selector) }
  async waitOn(selector: string): Promise<void> { await expect.poll(() => this.isOn(selector), { message: `the focus is on ${selector}` }).toBe(true) }

  /** Onwards from where the focus is. */
  async tabTo(selector: string): Promise<void> {
    for (let tabs = 0; tabs < tabsMax && !await this.isOn(selector); tabs++) await this.press('Tab')
    expect(await this.isOn(selector), `${selector} is reached by Tab`).toBe(true)
  }
}

/** From the page's beginning until the rules are in force. */
export async function topicByKeys(page: Page, engine: RulesEngine): Promise<void> {
  const hand = new KeyHand(page)
  const line = (at: number, field: string): string => `[data-lines="velocity"] [data-line="${at}"] [data-field="${field}"]`
  await hand.tabTo('[data-add]')
  await hand.press('Enter')
  await hand.waitOn('[data-field="id"]')
  for (const [field, text] of [['id', 'late-payout'], ['zh', '延迟到账'], ['en', 'Late payouts']] as const) {
    await hand.tabTo(`[data-field="${field}"]`)
    await hand.write(text)
  }
  await hand.tabTo('[data-lines="velocity"] [data-add-line]')
  await hand.press('Enter')
  await hand.waitOn(line(1, 'count'))
  await hand.write('20000')
  await hand.press('Tab')
  await hand.write('2h')
  await hand.press('Tab', 'ArrowDown')
  await expect.poll(() => page.locator(line(1, 'grade')).inputValue()).toBe('moderate')
  await hand.tabTo('[data-line="1"] [data-up]')
  await hand.press('Enter')
  await hand.waitOn('[data-line="0"] [data-down]') // the line has the focus still, where it is now
  await expect.poll(() => page.locator(line(0, 'within')).inputValue()).toBe('2h')
  await hand.tabTo('[data-line="1"] [data-remove]')
  await hand.press('Enter')
  await hand.waitOn('[data-line="0"] [data-remove]')
  await hand.press('Control+s') // it has no query yet
  await hand.waitOn('[data-field="query"]')
  await expect.poll(() => page.locator('[data-blocked]').innerText()).toMatch(/^不能保存：有 1 处错误。.*查询/)
  expect(await page.locator('[data-blocked]').getAttribute('role')).toBe('alert')
  await keepPicture(page, 'rules-blocked')
  await hand.write('断网')
  await page.locator('[data-blocked]').waitFor({ state: 'detached' })
  await hand.tabTo(line(0, 'count'))
  await hand.write('many')
  await page.waitForSelector('[data-problem="velocity.0.count"]')
  expect(await page.locator('[data-blocked]').count()).toBe(0) // nobody has wished to save that
  await hand.write('20000')
  await page.locator('[data-run]:enabled').waitFor()
  await hand.tabTo('[data-tab="matches"]')
  await hand.press('ArrowRight')
  await hand.waitOn('[data-tab="file"][aria-selected="true"]')
  await hand.press('ArrowLeft')
  await hand.waitOn('[data-tab="matches"][aria-selected="true"]')
  await hand.tabTo('[data-run]')
  await hand.press('Enter')
  await page.waitForSelector('[data-panel="rules-backtest"][data-state="done"]')
  expect(await hand.isWithin('[data-panel="rules-backtest"]')).toBe(true)
  await hand.tabTo('[data-day][data-known="true"]')
  await hand.press('Enter')
  await page.waitForSelector('[data-day][aria-pressed="true"]')
  await hand.press('Control+s')
  await page.waitForSelector('[data-tested="late-payout"][data-tested-state="done"]')
  await hand.tabTo('[data-save-now="ready"]')
  await hand.press('Enter')
  await expect.poll(() => page.locator('[data-edited]').innerText()).toBe('已保存并生效')
  const topic = '{"id":"late-payout","name":{"zh":"延迟到账","en":"Late payouts"},"query":"断网","velocity":[{"count":20000,"within":"2h","grade":"moderate"}]}'
  expect(engine.saved.map(({ text }) => text.includes(topic))).toEqual([true])
  await hand.waitOn('[data-day][aria-pressed="true"]') // where it was before the dialog
  for (const [asked, now] of [['ask', 'no'], ['no', 'ask']] as const) {
    await page.locator(`[data-delete="${asked}"]`).focus()
    await hand.press('Enter')
    await hand.waitOn(`[data-delete="${now}"]`)
  }
}
