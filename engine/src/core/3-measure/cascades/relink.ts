// The trees of nodes that were read from a state, linked anew from nothing but who is under whom: what is no forest is refused.
import type { StateReader } from '../../state.ts'
import { kindFlags, stride, word, type Nodes } from './nodes.ts'
import { secondOf } from './placement.ts'

/** `roots`: all of them. Sets the links and sizes of all nodes; returns the newest second of each root's tree. */
export function linkTrees(nodes: Nodes, roots: Uint32Array, from: StateReader): Uint32Array {
  const { words } = nodes
  const isRoot = new Uint8Array(nodes.top + 1)
  for (const root of roots) isRoot[root] = 1
  for (let node = 1; node <= nodes.top; node++) {
    if (!nodes.has(node, kindFlags.live)) continue
    const base = node * stride
    nodes.lower(node, kindFlags.row)
    words[base + word.first] = words[base + word.prev] = words[base + word.next] = 0
    words[base + word.subtree] = 1
  }
  let rootsFound = 0
  for (let node = 1; node <= nodes.top; node++) {
    if (!nodes.has(node, kindFlags.live)) {
      if (isRoot[node] === 1) from.refuse(`root ${node} is no mention`)
      continue
    }
    const parent = nodes.parent(node)
    const named = words[node * stride + word.parent]!
    if (named > nodes.top || (named !== 0 && !nodes.has(named, kindFlags.live))) from.refuse(`node ${node} is under ${named}, which is none`)
    if ((parent === 0) !== (isRoot[node] === 1)) from.refuse(`node ${node} is in no list of roots, or in one by mistake`)
    if (parent === 0) rootsFound++
    else nodes.link(node, parent)
  }
  if (rootsFound !== roots.length) from.refuse(`${rootsFound} roots are not ${roots.length}`)
  const newest = new Uint32Array(roots.length)
  let reached = 0
  roots.forEach((root, i) => {
    let last = nodes.at(root)
    reached++
    if (words[root * stride + word.first] !== 0) {
      for (let node = nodes.after(root, root); node !== 0; node = nodes.after(node, root), reached++) last = Math.max(last, nodes.at(node))
      sumUp(nodes, root)
    }
    newest[i] = secondOf(last)
  })
  if (reached !== nodes.live) from.refuse(`${nodes.live - reached} of ${nodes.live} nodes are under no root`)
  for (const root of roots) {
    const under = words[root * stride + word.parent]!
    if (nodes.has(root, kindFlags.cut) && (under === 0 || nodes.root(under) !== root)) from.refuse(`root ${root} would be under ${under}, which is of another tree`)
  }
  return newest
}

/** Sizes of all subtrees of a tree in which each is 1. */
function sumUp(nodes: Nodes, root: number): void {
  const { words } = nodes
  for (let node = root; ;) {
    const first = words[node * stride + word.first]!
    if (first !== 0) {
      node = first
      continue
    }
    for (;;) { // its subtree is complete
      if (node === root) return
      const parent = words[node * stride + word.parent]!
      words[parent * stride + word.subtree]! += words[node * stride + word.subtree]!
      const next = words[node * stride + word.next]!
      node = next === 0 ? parent : next
      if (next !== 0) break
    }
  }
}
