// Which of the two languages the wall speaks: the address says, else the browser, else Chinese.
export type Language = 'zh' | 'en'

export function pickLanguage(query: URLSearchParams, preferred: readonly string[]): Language {
  for (const wish of [query.get('lang') ?? '', ...preferred]) {
    if (/^zh\b/i.test(wish)) return 'zh'
    if (/^en\b/i.test(wish)) return 'en'
  }
  return 'zh'
}
