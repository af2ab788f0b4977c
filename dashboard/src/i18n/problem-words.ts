// What the engine says of a wrong value or a question that it refuses, in the reader's language.
import { rendered, type Said } from '@groundswell/schemas/said.ts'
import type { Language } from './language.ts'
import { problemsInChinese } from './problem-messages.ts'

/** English words of the engine, and what they say where it told so as codes too. */
export interface EngineWords { readonly detail?: string | undefined; readonly said?: readonly Said[] | undefined }
/** `lead`: in the page's language, before words that are in `lang`. */
export interface ProblemWords { readonly lead: string; readonly text: string; readonly lang: Language }

const lead = '英文原文：'
const inChinese = { texts: problemsInChinese, between: '；', tight: true } as const

/** What has no code, or one that this page does not know yet, is told as it came, and that it is English. */
export function problemWords({ detail = '', said = [] }: EngineWords, lang: Language): ProblemWords {
  if (lang === 'en' || detail === '') return { lead: '', text: detail, lang: 'en' }
  return said.length > 0 && said.every(isKnown) ? { lead: '', text: said.map((one) => rendered(one, inChinese)).join('。'), lang } : { lead, text: detail, lang: 'en' }
}

/** As `problemWords`, in one text. */
export function problemText(words: EngineWords, lang: Language): string {
  const { lead, text } = problemWords(words, lang)
  return `${lead}${text}`
}

/** The first line of a problem in a rules file; those below it draw the query. */
export function problemLine({ message, said }: { readonly message: string; readonly said?: Said | undefined }, lang: Language): string {
  return problemText({ detail: message, said: said && [said] }, lang).split('\n')[0] ?? ''
}

function isKnown({ code, values }: Said): boolean {
  return Object.hasOwn(problemsInChinese, code) && Object.values(values).every((value) => typeof value !== 'object' || (Array.isArray(value) ? value as readonly Said[] : [value as Said]).every(isKnown))
}
