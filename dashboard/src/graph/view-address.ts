// The state of a cascade's page as the address holds it, so that a link shows what its sender saw. What is not said is the default.
import { colourNames, type ColourName } from './colours.ts'
import { noFilters, type Filters } from './filters.ts'
import { layoutNames, type LayoutQuestion } from './layout.ts'
import { timeScaleNames } from './time-scale.ts'

export interface ViewState {
  readonly which: number | null // ms: the stored cascade that was evicted then; null: the one in memory, else the newest
  readonly layout: LayoutQuestion
  readonly colour: ColourName
  readonly fold: boolean
  readonly filters: Filters
  readonly chosen: number | null // node
  readonly focus: number | null // node
  readonly until: number | null // ms: the playhead; null: at the end
  readonly speed: number // ×1 … ×3600
  readonly skipsQuiet: boolean
  readonly compared: string | null // root of another cascade
}

const speedUsual = 60

export function viewFromQuery(query: string): ViewState {
  const asked = new URLSearchParams(query)
  const one = <Name extends string>(key: string, names: readonly Name[]): Name => names.find((name) => name === asked.get(key)) ?? names[0]!
  const whole = (key: string): number | null => (/^\d{1,15}$/.test(asked.get(key) ?? '') ? Number(asked.get(key)) : null)
  const signs = asked.get('sentiment')?.split(',').map(Number).filter((sign) => [-1, 0, 1].includes(sign)) ?? null
  return {
    which: whole('which'), layout: { name: one('layout', layoutNames), scale: one('scale', timeScaleNames) }, colour: one('colour', colourNames), fold: asked.get('fold') === '1',
    filters: { ...noFilters, platforms: asked.get('platforms')?.split(',').map(decoded) ?? null, generations: range(asked.get('generations')), within: range(asked.get('within')), sign: signs, verified: asked.get('verified') === '1' },
    chosen: whole('node'), focus: whole('focus'), until: whole('until'), speed: whole('speed') ?? speedUsual, skipsQuiet: asked.get('skip') === 'quiet', compared: asked.get('compare'),
  }
}

export function queryOf({ which, layout, colour, fold, filters, chosen, focus, until, speed, skipsQuiet, compared }: ViewState): string {
  const said = new URLSearchParams()
  const say = (key: string, value: string | number | null, usual: string | number | null = null): void => { if (value !== null && value !== usual) said.set(key, String(value)) }
  say('which', which)
  say('layout', layout.name, layoutNames[0])
  say('scale', layout.scale, timeScaleNames[0])
  say('colour', colour, colourNames[0])
  say('fold', fold ? '1' : null)
  say('platforms', filters.platforms?.map(encodeURIComponent).join(',') ?? null)
  say('generations', filters.generations?.map(bound).join('-') ?? null)
  say('within', filters.within?.map(bound).join('-') ?? null)
  say('sentiment', filters.sign?.join(',') ?? null)
  say('verified', filters.verified ? '1' : null)
  say('node', chosen)
  say('focus', focus)
  say('until', until)
  say('speed', speed, speedUsual)
  say('skip', skipsQuiet ? 'quiet' : null)
  say('compare', compared)
  return said.toString()
}

/** A name for what was asked, 16 hex digits: two exports with the same name are of the same cascade, filters and time. */
export function queryHash(root: string, size: number, state: ViewState): string {
  const text = `${root}\n${size}\n${queryOf({ ...state, chosen: null, compared: null, speed: speedUsual, skipsQuiet: false })}`
  return [0x811c9dc5, 0x9747b28c].map((seed) => fnv1a(text, seed).toString(16).padStart(8, '0')).join('')
}

/** FNV-1a (Fowler, Noll, Vo 1991) over UTF-16 units, finished so that short texts differ in all digits. */
function fnv1a(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

const bound = (value: number): string => (Number.isFinite(value) ? String(value) : '')

function range(text: string | null): readonly [number, number] | null {
  const [, least, most] = /^(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? []
  return least === undefined ? null : [least === '' ? 0 : Number(least), most === undefined || most === '' ? Infinity : Number(most)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
