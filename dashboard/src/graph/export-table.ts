// A cascade as a file for other tools: CSV a row a node, GEXF 1.3 (gexf.net) nodes and edges. Both hold what is shown or folded, and the hash of the query.
import type { View } from './filters.ts'
import { childrenCount, knownShare, nodeFlags, type GraphTree } from './graph-tree.ts'
import { tableNodes, wholeOrder } from './table-order.ts'

export interface Exported { readonly tree: GraphTree; readonly view: View; readonly hash: string }

const columns = ['node', 'parent', 'edge', 'generation', 'at', 'seconds_since_root', 'platform', 'followers', 'sentiment', 'verified', 'has_text', 'subtree', 'children', 'query'] as const
const rowsAPart = 5_000

/** UTF-8 with a byte order mark, for spreadsheets; what is not known is empty. */
export function csvParts({ tree, view, hash }: Exported): string[] {
  return [`\uFEFF${columns.join(',')}\r\n`, ...inParts(tableNodes(wholeOrder(tree, 'time'), view), (node) => [
    node, node === 0 ? '' : tree.parent[node]!, edgeOf(tree, node), tree.generation[node]!, new Date(tree.at[node]!).toISOString(), (tree.at[node]! - tree.at[0]!) / 1000, field(tree.platforms[tree.platform[node]!]!),
    tree.followers[node]! < 0 ? '' : tree.followers[node]!, ['negative', 'neutral', 'positive'][tree.sign[node]! + 1]!, has(tree, node, nodeFlags.verified), has(tree, node, nodeFlags.hasText), tree.subtree[node]!, childrenCount(tree, node), hash,
  ].join(',').concat('\r\n'))]
}

const attributes = [['generation', 'integer'], ['at', 'string'], ['platform', 'string'], ['followers', 'double'], ['sentiment', 'integer'], ['verified', 'boolean'], ['subtree', 'integer']] as const

/** Edges whose ends are both in the file; an edge that is not known has the kind `unknown` and leads to the root. */
export function gexfParts({ tree, view, hash }: Exported): string[] {
  const nodes = tableNodes(wholeOrder(tree, 'time'), view)
  const inFile = new Uint8Array(tree.size)
  for (const node of nodes) inFile[node] = 1
  const head = `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3">
<meta><creator>Groundswell</creator><description>Cascade ${xml(tree.root)}; ${nodes.length} of ${tree.size} mentions; edges known ${(100 * knownShare(tree)).toFixed(1)}%; query ${hash}</description><keywords>query:${hash}</keywords></meta>
<graph defaultedgetype="directed" mode="static">
<attributes class="node">${attributes.map(([title, type], id) => `<attribute id="${id}" title="${title}" type="${type}"/>`).join('')}</attributes>
<nodes>
`
  return [
    head,
    ...inParts(nodes, (node) => {
      const values = [tree.generation[node]!, new Date(tree.at[node]!).toISOString(), xml(tree.platforms[tree.platform[node]!]!), tree.followers[node]!, tree.sign[node]!, has(tree, node, nodeFlags.verified), tree.subtree[node]!]
      return `<node id="${node}"><attvalues>${values.map((value, id) => (value === -1 && attributes[id]![0] === 'followers' ? '' : `<attvalue for="${id}" value="${value}"/>`)).join('')}</attvalues></node>\n`
    }),
    '</nodes>\n<edges>\n',
    ...inParts(nodes, (node) => (node === 0 || inFile[tree.parent[node]!] === 0 ? '' : `<edge id="${node}" source="${tree.parent[node]!}" target="${node}" kind="${edgeOf(tree, node)}"/>\n`)),
    '</edges>\n</graph>\n</gexf>\n',
  ]
}

const edgeOf = ({ flags }: GraphTree, node: number): string => (node === 0 ? 'root' : (flags[node]! & nodeFlags.unknownEdge) === 0 ? 'observed' : 'unknown')
const has = ({ flags }: GraphTree, node: number, flag: number): boolean => (flags[node]! & flag) !== 0

/** One long text a few thousand rows: a Blob takes many. */
function inParts(nodes: Int32Array, row: (node: number) => string): string[] {
  const parts: string[] = []
  for (let from = 0; from < nodes.length; from += rowsAPart) {
    let part = ''
    for (const node of nodes.subarray(from, from + rowsAPart)) part += row(node)
    parts.push(part)
  }
  return parts
}

/** Quoted where it must be; a text that a spreadsheet would take for a formula is kept from being one. */
const field = (text: string): string => (/^[=+\-@\t]/.test(text) ? `"'${text.replaceAll('"', '""')}"` : /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
/** Without the letters that XML cannot hold. */
export const xml = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
