import { expect, test } from 'vitest'
import { snapshot, sourceRows } from '../../test/seeded.ts'
import { layout, pageWidth } from './layout.ts'
import { platformRows } from './platform-rows.ts'
import { takeoverLayout } from './takeover-layout.ts'

const page = { aspect: 16 / 9, unitVh: 1 }
const room = { width: pageWidth(page) - 2.4, mainHeight: layout(page, { notices: 0, stripLines: 1 }).mainHeight, platforms: 4 }

test.each([
  { why: 'a short name is large', name: '网络中断', nameSize: 9 },
  { why: 'a longer one is smaller and has two lines', name: 'Nationwide broadband and mobile network outage', nameSize: 6.6 },
  { why: 'a very long one is whole', name: '全国多地宽带与移动网络因核心路由器升级失败同时中断引发大量用户投诉并要求赔偿', nameSize: 4.8 },
])('$why', ({ name, nameSize }) => expect(takeoverLayout(room, { name, reason: 'x' })).toMatchObject({ nameSize, platformsMax: 2, cascadeWidth: 58 }))

test('a higher wall has more platforms, a wider one a larger cascade', () => {
  const said = { name: '网络中断', reason: 'x' }
  expect(takeoverLayout({ ...room, mainHeight: 110 }, said)).toMatchObject({ platformsMax: 4, stripHeight: 28.6 })
  expect(takeoverLayout({ ...room, mainHeight: 110, platforms: 1 }, said)).toMatchObject({ platformsMax: 1, stripHeight: 17.4 })
  expect(takeoverLayout({ ...room, width: 368 }, said).cascadeWidth).toBe(110)
})

test('where there is less room the cascade goes first, then the platforms, all of them if need be', () => {
  const said = { name: '网络中断', reason: '5 分钟内 412 条；周五 06 时（UTC）通常 38 条，99% 的同类窗口不超过 97 条；这样的误报每 8 小时约 0.1 次' }
  expect([80, 66, 50, 30].map((mainHeight) => takeoverLayout({ ...room, mainHeight }, said)).map(({ platformsMax, cascadeWidth }) => [platformsMax, cascadeWidth > 0])).toEqual([[2, true], [1, false], [0, false], [0, false]])
})

test('a platform has its part of the hour, and the topic that most of it is about', () => {
  const { topics } = snapshot()
  const rows = platformRows(sourceRows(0), topics)
  expect(rows.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 9)
  expect(rows.map(({ leading }) => leading?.name.en ?? null)).toEqual(['Network outage', 'Network outage', null, null, null])
  expect(platformRows(sourceRows(0).map((row) => ({ ...row, lastHour: 0 })), [])[0]).toMatchObject({ share: null, leading: null })
})
