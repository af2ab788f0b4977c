// What a version of the rules has that the one before had not, in a few words: which topics came, went and changed, and what of them.
import type { Language } from '../i18n/language.ts'
import { count } from '../i18n/numbers.ts'
import { rulesMessages } from '../i18n/rules-messages.ts'
import type { NamedTopic, RulesChanges } from '../live/rules-api.ts'

export type ChangeKind = 'added' | 'removed' | 'changed'
export interface ChangeLine { readonly kind: ChangeKind; readonly sign: string; readonly words: string }

const shownMax = 3 // names a line
const signs: Readonly<Record<ChangeKind, string>> = { added: '+', removed: '−', changed: '●' }

/** None where no topic is another. */
export function changeLines(changes: RulesChanges, lang: Language): ChangeLine[] {
  const t = rulesMessages[lang].dialog
  const nameOf = (topic: NamedTopic): string => (topic[lang] === '' ? topic.id : topic[lang])
  const line = (kind: ChangeKind, total: number, names: readonly string[]): ChangeLine[] => (total === 0 ? [] : [{ kind, sign: signs[kind], words: t.changes[kind](names.join(t.changes.between), total > names.length ? t.changes.more(count(total - names.length, lang)) : '') }])
  const first = <Topic>(topics: readonly Topic[]): readonly Topic[] => topics.slice(0, shownMax)
  return [
    ...line('added', changes.added.count, first(changes.added.topics).map(nameOf)), ...line('removed', changes.removed.count, first(changes.removed.topics).map(nameOf)),
    ...line('changed', changes.changed.count, first(changes.changed.topics).map((topic) => `${nameOf(topic)}${t.changes.of(topic.parts.map((part) => t.changes.parts[part]).join(t.changes.between))}`)),
  ]
}
