// What the page of alerts shows, as its address holds it: `#/alerts?state=new&grade=severe,moderate&q=网络&mine=1&topic=network-outage&all=1`.
import { grades, type Grade } from '@groundswell/schemas/grade.ts'
import { stateFilters, type StateFilter } from './alert-groups.ts'

export interface AlertsView {
  readonly state: StateFilter
  readonly grades: readonly Grade[] // none: all
  readonly text: string
  readonly mine: boolean // only what is assigned to who asks
  readonly chosen: string | null // the topic whose detail is shown
  readonly opened: boolean // every row, none folded
}

const textMax = 100
const topicMax = 512

/** What cannot be read is left out, as if it were not there. */
export function alertsViewOf(query: string): AlertsView {
  const asked = new URLSearchParams(query)
  const named = (asked.get('grade') ?? '').split(',')
  const chosen = asked.get('topic')
  return {
    state: stateFilters.find((one) => one === asked.get('state')) ?? 'open', grades: grades.filter((grade) => named.includes(grade)),
    text: (asked.get('q') ?? '').slice(0, textMax), mine: asked.get('mine') === '1', chosen: chosen === null || chosen === '' ? null : chosen.slice(0, topicMax), opened: asked.get('all') === '1',
  }
}

/** Only what is not as at first. */
export function alertsQuery({ state, grades, text, mine, chosen, opened }: AlertsView): string {
  const query = new URLSearchParams()
  if (state !== 'open') query.set('state', state)
  if (grades.length > 0) query.set('grade', grades.join(','))
  if (text !== '') query.set('q', text)
  if (mine) query.set('mine', '1')
  if (chosen !== null) query.set('topic', chosen)
  if (opened) query.set('all', '1')
  return query.toString()
}

export const alertsAddress = (query = ''): string => `#/alerts${query === '' ? '' : `?${query}`}`
