// A cascade as bytes and back, the same in memory, store, API and browser: 5–8 bytes a node, and the hashes of its ids apart.
//
//   tree    GSC1 · nodes · root id · ms a unit (1 or 1000) · time of the root · platforms · sections
//   section length (4 bytes, little-endian) · varints
//     parents    nodes 1 …: 0 the root; 2d − 1 the node d places before; 2d the node d places behind, which is younger than its child
//     times      node 1: zigzag difference to the root, which may be younger; nodes 2 …: difference to the node before
//     followers  nodes 0 …: number + 1, 0 where it is not known
//     traits     nodes 0 …: flags + 8 · (sign + 1) + 24 · account (0 new, 1 not known, 2 seen before) + 72 · platform
//     accounts   of the accounts seen before: which, counted from 0 in the order of their first mention
//   hashes  GSH1 · nodes · accounts · low halves of the ids · high halves · accounts, 4 bytes each
import { refuse, VarintReader, VarintWriter } from './varints.ts'

const writer = new VarintWriter() // nothing is written within something else
const treeMagic = new TextEncoder().encode('GSC1'), hashesMagic = new TextEncoder().encode('GSH1')

/** What is kept of a tree. The engine's CascadeTree is one; index: node, in order of time, the root first. */
export interface CascadeColumns {
  readonly root: string // id
  readonly size: number
  readonly parent: Int32Array // −1: the root
  readonly at: Float64Array // event time, whole ms; ascending from node 1 on
  readonly followers: Float64Array // −1: not known
  readonly author: Uint32Array // one account has one number; 0: not known
  readonly platform: Uint8Array // index into `platforms`
  readonly platforms: readonly string[]
  readonly sign: Int8Array // −1, 0, 1
  readonly flags: Uint8Array // below flagsEnd
}

/** What tells the nodes of a tree apart from those of others. */
export interface CascadeIds {
  readonly idLow: Uint32Array // 64-bit hash of the id of node i
  readonly idHigh: Uint32Array
}
export interface CascadeHashes extends CascadeIds { readonly accounts: Uint32Array } // hash of the account that decodeTree calls k: accounts[k − 1]

/** Larger trees are neither written nor read. */
export const cascadeNodesMax = 2 ** 26
const flagsEnd = 8
const traits = { sign: flagsEnd, account: 3 * flagsEnd, platform: 9 * flagsEnd } as const
const account = { isNew: 0, unknown: 1, seen: 2 } as const
const timeMax = 2 ** 44 // ms; the year 2527

/** Platforms that no node is on are left out, followers from 2⁵³ − 2 on are told as that. Throws RangeError where the columns are not what CascadeColumns says. */
export function encodeTree(tree: CascadeColumns): Uint8Array<ArrayBuffer> {
  const { size, parent, followers } = tree
  if (!(size >= 1 && size <= cascadeNodesMax)) throw new RangeError(`a tree of ${size} nodes is not written: 1 … ${cascadeNodesMax}`)
  const out = writer.restart()
  const { at } = tree
  const unit = unitOf(at)
  const platforms = platformsByUse(tree)
  const { ordinals } = accountsOf(tree.author)
  out.raw(treeMagic)
  out.varint(size)
  out.text(tree.root)
  out.varint(unit)
  out.varint(at[0]! / unit)
  out.varint(platforms.length)
  for (const place of platforms) out.text(tree.platforms[place]!)
  out.section(() => { for (let i = 1; i < size; i++) out.varint(parentCode(i, parent[i]!)) })
  out.section(() => {
    if (size > 1) out.varint(zigzag((at[1]! - at[0]!) / unit))
    for (let i = 2; i < size; i++) out.varint((at[i]! - at[i - 1]!) / unit)
  })
  out.section(() => { for (let i = 0; i < size; i++) out.varint(Math.min(followers[i]!, Number.MAX_SAFE_INTEGER - 1) + 1) })
  const repeats: number[] = []
  out.section(() => writeTraits(out, tree, { platforms, ordinals, repeats }))
  out.section(() => { for (const ordinal of repeats) out.varint(ordinal - 1) })
  return out.finish()
}

/** Milliseconds that a time is told in. */
function unitOf(at: Float64Array): 1 | 1000 {
  let unit: 1 | 1000 = 1000
  for (let i = 0; i < at.length; i++) {
    if (!Number.isSafeInteger(at[i]!)) throw new RangeError('a time is not whole milliseconds')
    if (at[i]! % 1000 !== 0) unit = 1
  }
  return unit
}

function writeTraits(out: VarintWriter, tree: CascadeColumns, { platforms, ordinals, repeats }: { readonly platforms: readonly number[]; readonly ordinals: Uint32Array; readonly repeats: number[] }): void {
  for (let code = 0; code < platforms.length; code++) codeOf[platforms[code]!] = code
  let seen = 0
  for (let i = 0; i < tree.size; i++) {
    const ordinal = ordinals[i]!
    const kind = ordinal === 0 ? account.unknown : ordinal > seen ? account.isNew : account.seen
    if (kind === account.isNew) seen = ordinal
    else if (kind === account.seen) repeats.push(ordinal)
    const flags = tree.flags[i]!, sign = tree.sign[i]! + 1
    if (flags >= flagsEnd || sign < 0 || sign > 2) throw new RangeError(`node ${i} has the flags ${flags} and the sign ${sign - 1}`)
    out.varint(flags + traits.sign * sign + traits.account * kind + traits.platform * codeOf[tree.platform[i]!]!)
  }
}

/**
 * A tree under node 0, whose accounts are numbered from 1 in the order of their first mention: withHashes() gives them their hashes. Throws
 * CascadeUnreadable where the bytes are none. Takes memory in proportion to the bytes, whatever they claim.
 */
export function decodeTree(bytes: Uint8Array): CascadeColumns {
  const from = new VarintReader(bytes)
  from.magic('GSC1')
  const size = from.whole('the number of nodes', 1, cascadeNodesMax)
  const root = from.text()
  const unit = from.varint()
  if (unit !== 1 && unit !== 1000) refuse(`a unit of time is ${unit} ms`)
  const begin = from.whole('the time of the root', 0, timeMax / unit) * unit
  const platforms = Array.from({ length: from.whole('the number of platforms', 1, 256) }, () => from.text())
  const sections = {
    parents: from.section('parents', size - 1), times: from.section('times', size - 1), followers: from.section('followers', size), traits: from.section('traits', size), accounts: from.section('accounts', 0),
  }
  from.end('last section')
  const parent = readParents(sections.parents, size)
  const at = readTimes(sections.times, { size, unit, begin })
  const followers = Float64Array.from({ length: size }, () => sections.followers.varint() - 1)
  const read = readTraits(sections, size, platforms.length)
  for (const [name, section] of Object.entries(sections)) section.end(name)
  return { root, size, parent, at, followers, platforms, ...read }
}

function readParents(from: VarintReader, size: number): Int32Array<ArrayBuffer> {
  const parent = new Int32Array(size)
  parent[0] = -1
  for (let i = 1; i < size; i++) {
    const code = from.varint()
    const above = code === 0 ? 0 : code % 2 === 1 ? i - (code + 1) / 2 : i + code / 2
    if (above < 0 || above >= size) refuse(`the parent of node ${i} is ${above} of ${size}`)
    parent[i] = above
  }
  const under = new Uint8Array(size) // 1: the path up from it was begun; 2: it ends at the root
  under[0] = 2
  for (let i = 1; i < size; i++) {
    let node = i
    for (; under[node] === 0; node = parent[node]!) under[node] = 1
    if (under[node] === 1) refuse(`node ${node} is above itself`)
    for (node = i; under[node] === 1; node = parent[node]!) under[node] = 2
  }
  return parent
}

function readTimes(from: VarintReader, { size, unit, begin }: { readonly size: number; readonly unit: number; readonly begin: number }): Float64Array<ArrayBuffer> {
  const at = new Float64Array(size)
  at[0] = begin
  for (let i = 1; i < size; i++) {
    const difference = i === 1 ? unzigzag(from.varint()) : from.varint()
    at[i] = at[i - 1]! + difference * unit
    if (!(at[i]! >= 0 && at[i]! <= timeMax)) refuse(`the time of node ${i} is ${at[i]} ms`)
  }
  return at
}

function readTraits(from: { readonly traits: VarintReader; readonly accounts: VarintReader }, size: number, platforms: number): Pick<CascadeColumns, 'author' | 'platform' | 'sign' | 'flags'> {
  const author = new Uint32Array(size), platform = new Uint8Array(size), sign = new Int8Array(size), flags = new Uint8Array(size)
  let seen = 0
  for (let i = 0; i < size; i++) {
    const code = from.traits.whole('a trait', 0, traits.platform * platforms - 1)
    const kind = Math.floor((code % traits.platform) / traits.account)
    flags[i] = code % flagsEnd
    sign[i] = Math.floor((code % traits.account) / traits.sign) - 1
    platform[i] = Math.floor(code / traits.platform)
    if (kind === account.isNew) author[i] = ++seen
    else if (kind === account.seen) author[i] = from.accounts.whole('an account', 0, seen - 1) + 1
  }
  return { author, platform, sign, flags }
}

/** 12 bytes a node at most. */
export const encodeHashes = (tree: Pick<CascadeColumns, 'size' | 'author'> & CascadeIds): Uint8Array<ArrayBuffer> => writeHashes(tree, accountsOf(tree.author).hashes)

/** The same of a tree in which no account is known: 8 bytes a node. */
export const encodeIds = ({ idLow, idHigh }: CascadeIds): Uint8Array<ArrayBuffer> => writeHashes({ size: idLow.length, idLow, idHigh }, noAccounts)
const noAccounts = new Uint32Array(0)

function writeHashes({ size, idLow, idHigh }: Pick<CascadeColumns, 'size'> & CascadeIds, accounts: Uint32Array): Uint8Array<ArrayBuffer> {
  const out = writer.restart()
  out.raw(hashesMagic)
  out.varint(size)
  out.varint(accounts.length)
  out.words(idLow)
  out.words(idHigh)
  out.words(accounts)
  return out.finish()
}

/** Throws CascadeUnreadable where the bytes are none. */
export function decodeHashes(bytes: Uint8Array): CascadeHashes {
  const from = new VarintReader(bytes)
  from.magic('GSH1')
  const size = from.whole('the number of nodes', 1, cascadeNodesMax)
  const accounts = from.whole('the number of accounts', 0, size)
  const hashes = { idLow: from.words(size), idHigh: from.words(size), accounts: from.words(accounts) }
  from.end('hashes')
  return hashes
}

/** A decoded tree with the hashes of its ids and accounts: as it was before it was encoded. Throws CascadeUnreadable where they are those of another. */
export function withHashes(tree: CascadeColumns, { idLow, idHigh, accounts }: CascadeHashes): CascadeColumns & CascadeIds {
  const known = tree.author.reduce((most, ordinal) => Math.max(most, ordinal), 0)
  if (idLow.length !== tree.size || accounts.length !== known) refuse(`${idLow.length} ids and ${accounts.length} accounts are not those of a tree of ${tree.size} with ${known}`)
  return { ...tree, idLow, idHigh, author: tree.author.map((ordinal) => (ordinal === 0 ? 0 : accounts[ordinal - 1]!)) }
}

const placesMax = 256
const uses = new Uint32Array(placesMax), codeOf = new Uint32Array(placesMax) // of platforms, of the tree that is written

/** Places of the platforms that nodes are on, the one with the most first: it takes a byte less. */
function platformsByUse({ platform, platforms, size }: CascadeColumns): number[] {
  const count = Math.max(1, Math.min(platforms.length, placesMax))
  uses.fill(0, 0, count)
  for (let i = 0; i < size; i++) {
    const place = platform[i]!
    if (place >= count) throw new RangeError(`node ${i} is on platform ${place} of ${count}`)
    uses[place]!++
  }
  const used: number[] = []
  for (let place = 0; place < count; place++) if (uses[place]! > 0) used.push(place)
  return used.length < 2 ? used : used.sort((a, b) => uses[b]! - uses[a]! || a - b)
}

const fewAccounts = 24 // fewer are compared with each other sooner than put into a table

/** Accounts numbered from 1 in the order of their first mention, 0 where it is not known; hashes[k − 1]: of account k. */
function accountsOf(author: Uint32Array): { readonly ordinals: Uint32Array; readonly hashes: Uint32Array } {
  const ordinals = new Uint32Array(author.length), hashes = new Uint32Array(author.length)
  const known = author.length > fewAccounts ? numberMany(author, ordinals, hashes) : numberFew(author, ordinals, hashes)
  return { ordinals, hashes: hashes.subarray(0, known) }
}

function numberFew(author: Uint32Array, ordinals: Uint32Array, hashes: Uint32Array): number {
  let known = 0
  for (let i = 0; i < author.length; i++) {
    const hash = author[i]!
    if (hash === 0) continue
    let place = 0
    while (place < known && hashes[place] !== hash) place++
    if (place === known) hashes[known++] = hash
    ordinals[i] = place + 1
  }
  return known
}

function numberMany(author: Uint32Array, ordinals: Uint32Array, hashes: Uint32Array): number {
  const bits = Math.ceil(Math.log2(2 * author.length)) + 1 // at most half of the slots are taken
  const slots = new Uint32Array(2 ** bits) // ordinals, by their hash
  let known = 0
  for (let i = 0; i < author.length; i++) {
    const hash = author[i]!
    if (hash === 0) continue
    let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - bits)
    while (slots[slot] !== 0 && hashes[slots[slot]! - 1] !== hash) slot = (slot + 1) & (slots.length - 1)
    if (slots[slot] === 0) {
      hashes[known++] = hash
      slots[slot] = known
    }
    ordinals[i] = slots[slot]!
  }
  return known
}

function parentCode(node: number, parent: number): number {
  if (parent === 0) return 0
  if (parent === node) throw new RangeError(`node ${node} is its own parent`)
  return parent < node ? 2 * (node - parent) - 1 : 2 * (parent - node)
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
const unzigzag = (code: number): number => (code % 2 === 1 ? -(code + 1) / 2 : code / 2)
