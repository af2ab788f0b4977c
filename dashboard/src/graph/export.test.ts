import { crc32 as nodeCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cascadeColumns } from '../../test/seeded-cascade.ts'
import { fit } from './camera.ts'
import { classesOf, paletteFrom } from './colours.ts'
import { svgNodesMax, svgText } from './export-picture.ts'
import { csvParts, gexfParts, xml } from './export-table.ts'
import { noFilters, viewOf } from './filters.ts'
import { graphTree } from './graph-tree.ts'
import { layoutOf } from './layout.ts'
import { crc32, withText } from './png-text.ts'

const hash = '0123456789abcdef'
const exportedOf = (size: number, foldFrom: number | null = null) => {
  const tree = graphTree({ ...cascadeColumns(size), root: '<a & "b">', platforms: ['weibo', '=cmd,"x"', 'news'] })
  const view = viewOf(tree, { filters: noFilters, until: tree.at[Math.floor(size * 0.8)]!, focus: null, foldFrom, unfolded: new Set() })
  return { tree, view, hash }
}

test('CSV has a row for everything that is shown or folded, with the hash, and no formula', () => {
  const exported = exportedOf(7_000, 12)
  const rows = csvParts(exported).join('').trimEnd().split('\r\n')
  expect(rows).toHaveLength(1 + exported.view.counts.shown + exported.view.counts.folded)
  expect(rows[0]).toMatch(/^\uFEFFnode,parent,edge/)
  expect(rows[1]).toMatch(/^0,,root,0,2025-11-21T01:12:30.000Z,0,/)
  expect(rows.slice(1).every((row) => row.endsWith(`,${hash}`))).toBe(true)
  expect(rows.some((row) => row.includes(`"'=cmd,""x"""`))).toBe(true)
})

test('GEXF has the nodes, the edges between them and the hash in its metadata, as well-formed text', () => {
  const exported = exportedOf(3_000)
  const text = gexfParts(exported).join('')
  expect(text.match(/<node /g)).toHaveLength(exported.view.counts.shown)
  expect(text.match(/<edge /g)).toHaveLength(exported.view.counts.shown - 1)
  expect(text).toContain(`<keywords>query:${hash}</keywords>`)
  expect(text).toContain('Cascade &lt;a &amp; &quot;b&quot;&gt;;')
  const open: string[] = []
  for (const [, closing, name, empty] of text.matchAll(/<(\/?)([a-z]+)(?:\s[a-z]+="[^"<]*")*(\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name)
    else if (empty !== '/') open.push(name!)
  }
  expect(open).toEqual([])
})

test('an SVG holds at most its number of nodes, the largest, and says of how many', () => {
  const { tree, view } = exportedOf(9_000)
  const layout = layoutOf(tree, { name: 'wedge', scale: 'log' })
  const size = { width: 800, height: 600 }
  const picture = svgText({ scene: { tree, view, layout, classOf: classesOf(tree, 'platform'), colour: 'platform' }, camera: fit(layout.bounds, size, true), zoom: 1, size, shapes: [], palette: paletteFrom(() => '#123456'), caption: 'a < b', hash })
  expect([picture.nodes, picture.of]).toEqual([svgNodesMax, view.counts.shown])
  expect(picture.text.match(/<circle /g)).toHaveLength(svgNodesMax)
  expect(picture.text).toContain(`<metadata>query ${hash}</metadata>`)
  expect(picture.text).toContain('a &lt; b</text>')
})

test('the checksum of a PNG chunk is that of zlib, and the chunk stands behind the header', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => { expect(crc32(bytes)).toBe(nodeCrc32(bytes)) }))
  const png = new Uint8Array(60).fill(7)
  png.set([0x89, 0x50, 0x4e, 0x47])
  const text = withText(png, 'Groundswell-Query', hash)
  expect(Buffer.from(text.subarray(33)).toString('latin1')).toMatch(/^\0\0\0"tEXtGroundswell-Query\0 ?0123456789abcdef/)
  expect(text.length).toBe(60 + 12 + 'Groundswell-Query'.length + 1 + hash.length)
  expect(() => withText(new Uint8Array(3), 'a', 'b')).toThrow(RangeError)
})

test('what XML cannot hold is left out', () => expect(xml('a\u0000<b>\uFFFE&"')).toBe('a&lt;b&gt;&amp;&quot;'))
