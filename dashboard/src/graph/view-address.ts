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
  readonly likely: boolean // whether likely parents are drawn
  readonly filters: Filters
  readonly chosen: number | null // node
  readonly focus: number | null // node
  readonly until: number | null // ms: the playhead; null: at the end
  readonly speed: number // ×1 … ×3600
  readonly skipsQuiet: boolean
  readonly compared: string | null // root of another cascade
  readonly camera: Looking | null // null: the whole picture
  readonly named: readonly NodeName[] // what the link knows of the nodes that it names by number; a late mention may have moved them
}

/** Where the picture is looked at: the world's point in the middle, and the zoom against the whole picture. */
export interface Looking { readonly x: number; readonly y: number; readonly zoom: number }
/** A node as every later state of its tree knows it, too. */
export interface NodeName { readonly node: number; readonly at: number; readonly key: number } // at: ms

const speedUsual = 60
/** Of `node` and `focus`: the number, and after an @ the moment and the key, in base 36. */
const nodePattern = /^(\d{1,9})(?:@([0-9a-z]{1,10})\.([0-9a-z]{1,10}))?$/

export function viewFromQuery(query: string): ViewState {
  const asked = new URLSearchParams(query)
  const one = <Name extends string>(key: string, names: readonly Name[]): Name => names.find((name) => name === asked.get(key)) ?? names[0]!
  const whole = (key: string): number | null => (/^\d{1,15}$/.test(asked.get(key) ?? '') ? Number(asked.get(key)) : null)
  const node = (key: string): { readonly node: number; readonly name: NodeName | null } | null => {
    const [, number, at, hash] = nodePattern.exec(asked.get(key) ?? '') ?? []
    return number === undefined ? null : { node: Number(number), name: at === undefined || hash === undefined ? null : { node: Number(number), at: Number.parseInt(at, 36), key: Number.parseInt(hash, 36) } }
  }
  const [chosen, focus] = [node('node'), node('focus')]
  const signs = asked.get('sentiment')?.split(',').map(Number).filter((sign) => [-1, 0, 1].includes(sign)) ?? null
  return {
    which: whole('which'), layout: { name: one('layout', layoutNames), scale: one('scale', timeScaleNames) }, colour: one('colour', colourNames), fold: asked.get('fold') === '1', likely: asked.get('likely') === '1',
    filters: { ...noFilters, platforms: asked.get('platforms')?.split(',').map(decoded) ?? null, generations: range(asked.get('generations')), within: range(asked.get('within')), sign: signs, verified: asked.get('verified') === '1' },
    chosen: chosen?.node ?? null, focus: focus?.node ?? null, until: whole('until'), speed: whole('speed') ?? speedUsual, skipsQuiet: asked.get('skip') === 'quiet', compared: asked.get('compare'),
    camera: lookingOf(asked.get('look')), named: [chosen?.name ?? null, focus?.name ?? null].filter((name) => name !== null),
  }
}

export function queryOf({ which, layout, colour, fold, likely, filters, chosen, focus, until, speed, skipsQuiet, compared, camera, named }: ViewState): string {
  const nameOf = (node: number | null): string | null => {
    const name = named.find((one) => one.node === node)
    return node === null ? null : name === undefined ? String(node) : `${node}@${name.at.toString(36)}.${name.key.toString(36)}`
  }
  const said = new URLSearchParams()
  const say = (key: string, value: string | number | null, usual: string | number | null = null): void => { if (value !== null && value !== usual) said.set(key, String(value)) }
  say('which', which)
  say('layout', layout.name, layoutNames[0])
  say('scale', layout.scale, timeScaleNames[0])
  say('colour', colour, colourNames[0])
  say('fold', fold ? '1' : null)
  say('likely', likely ? '1' : null)
  say('platforms', filters.platforms?.map(encodeURIComponent).join(',') ?? null)
  say('generations', filters.generations?.map(bound).join('-') ?? null)
  say('within', filters.within?.map(bound).join('-') ?? null)
  say('sentiment', filters.sign?.join(',') ?? null)
  say('verified', filters.verified ? '1' : null)
  say('node', nameOf(chosen))
  say('focus', nameOf(focus))
  say('until', until)
  say('speed', speed, speedUsual)
  say('skip', skipsQuiet ? 'quiet' : null)
  say('compare', compared)
  say('look', camera === null ? null : [camera.x, camera.y, camera.zoom].map((value) => Number(value.toPrecision(7))).join(','))
  return said.toString()
}

/** A name for what was asked, 16 hex digits: two exports with the same name are of the same cascade, filters and time. */
export function queryHash(root: string, size: number, state: ViewState): string {
  const text = `${root}\n${size}\n${queryOf({ ...state, chosen: null, compared: null, speed: speedUsual, skipsQuiet: false, camera: null, named: [] })}`
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

function lookingOf(text: string | null): Looking | null {
  const [x, y, zoom, ...more] = (text ?? '').split(',').map(Number)
  return x !== undefined && y !== undefined && zoom !== undefined && more.length === 0 && [x, y, zoom].every(Number.isFinite) && zoom > 0 ? { x, y, zoom } : null
}

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
