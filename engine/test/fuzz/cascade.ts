// Any bytes as a cascade or its hashes: refused as that, or a tree that comes back the same when it is written again.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { decodeHashes, decodeTree, encodeHashes, encodeTree, type CascadeColumns } from '@groundswell/schemas/cascade-binary.ts'
import { CascadeUnreadable } from '@groundswell/schemas/varints.ts'
import { treeArbitrary } from '../../src/core/3-measure/cascades/trees.testing.ts'
import { edited, edits, promised, type Edit, type Target } from './target.ts'

interface Input { readonly bytes: Uint8Array; readonly changes: readonly Edit[] }

const snippets = ['GSC1', 'GSH1', '\0', '\x01', '\x02', '\x7f', '\0\0\0\0', '\x01\0\0\0\0', '\x03\0\0\0', 'weibo', '\x05weibo']

export const cascade: Target<Input> = {
  name: 'cascade', share: 0.1,
  promise: 'refused as no cascade, or a tree under its root that comes back the same when it is written again',
  inputs: fc.record({
    bytes: fc.oneof({ weight: 6, arbitrary: treeArbitrary(20).map(encodeTree) }, { weight: 2, arbitrary: treeArbitrary(20).map(encodeHashes) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) }),
    changes: edits(snippets, 3),
  }),
  check({ bytes, changes }) {
    const input = edited(bytes, changes)
    const tree = readOrRefused(() => decodeTree(input))
    if (tree) {
      promised(tree.parent.every((parent, node) => (node === 0) === (parent === -1) && parent < tree.size), () => `parents ${tree.parent.join()}`)
      promised(isDeepStrictEqual(named(decodeTree(encodeTree(tree))), named(tree)), () => 'the tree comes back as another')
    }
    const hashes = readOrRefused(() => decodeHashes(input))
    if (hashes) promised(hashes.idLow.length === hashes.idHigh.length && hashes.accounts.length <= hashes.idLow.length, () => `${hashes.idLow.length} ids, ${hashes.accounts.length} accounts`)
  },
}

function readOrRefused<Read>(read: () => Read): Read | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof CascadeUnreadable)) throw error
    return null
  }
}

/** Platforms by name: those that nobody is on are not written again. */
const named = ({ platform, platforms, ...tree }: CascadeColumns) => ({ ...tree, platform: Array.from(platform, (place) => platforms[place]) })
