import { describe, expect, test } from 'vitest'
import type { Me, WallProfile } from '@groundswell/schemas/access.ts'
import { compileType, defaultProfile, neededTypeMm, profileFromQuery, wallHeightMm, wallOf, type RoomProfile } from './profile.ts'

const room = (changes: Partial<RoomProfile>): RoomProfile => ({ ...defaultProfile, ...changes })

test('the default room is 1,370 mm high and asks for 48.7 mm of type', () => {
  expect(wallHeightMm(defaultProfile)).toBeCloseTo(1369.8, 1)
  expect(neededTypeMm(7)).toBeCloseTo(48.69, 2)
})

describe('type by room', () => {
  test.each([
    { why: 'the default room: 3.6vh', profile: defaultProfile, aspect: 16 / 9, smallest: 3.564, legible: true },
    { why: 'a reader at 5 m may have smaller type, down to a limit', profile: room({ distanceM: 5 }), aspect: 16 / 9, smallest: 2.88, legible: true },
    { why: 'a reader at 7.8 m gets larger type', profile: room({ distanceM: 7.8 }), aspect: 16 / 9, smallest: 3.996, legible: true },
    { why: 'from 14 m this wall cannot be read, and it says so', profile: room({ distanceM: 14 }), aspect: 16 / 9, smallest: 4.051, legible: false },
    { why: 'an LED wall of 6656×1792, 2.7 m high, from 10 m', profile: room({ columns: 1, rows: 1, diagonalInches: 407, resolution: { width: 6656, height: 1792 }, distanceM: 10 }), aspect: 6656 / 1792, smallest: 2.88, legible: true },
    { why: 'one 27" screen from 2 m', profile: room({ columns: 1, rows: 1, diagonalInches: 27, distanceM: 2 }), aspect: 16 / 9, smallest: 4.051, legible: false },
  ])('$why', ({ profile, aspect, smallest, legible }) => {
    const type = compileType(profile, aspect)
    expect(type.smallestVh).toBeCloseTo(smallest, 2)
    expect(type.smallestVh >= type.neededVh).toBe(legible)
    expect(type.distanceMaxM >= profile.distanceM).toBe(legible)
  })
})

test('whatever is legible has Hanzi of 22 arc-minutes and capitals of 16', () => {
  for (let distanceM = 1; distanceM < 30; distanceM += 0.37) {
    const profile = room({ distanceM })
    const type = compileType(profile, 16 / 9)
    if (type.smallestVh < type.neededVh) continue
    const mm = (type.smallestVh / 100) * wallHeightMm(profile)
    const arcMinutes = (size: number): number => Math.atan(size / (distanceM * 1000)) * 180 / Math.PI * 60
    expect(arcMinutes(mm * 0.92)).toBeGreaterThanOrEqual(22)
    expect(arcMinutes(mm * 0.70)).toBeGreaterThanOrEqual(16)
  }
})

describe('the address', () => {
  test.each([
    { query: '', expected: {} },
    { query: 'diagonal=65&columns=3&rows=2&distance=9.5&resolution=5760x3240', expected: { diagonalInches: 65, columns: 3, distanceM: 9.5, resolution: { width: 5760, height: 3240 } } },
    { query: 'sound=on&rotate=off&day=19-5', expected: { sound: true, rotates: false, day: { from: 19, to: 5 } } },
    { query: 'diagonal=-1&columns=zero&distance=&resolution=wide&sound=loud&rotate=1&day=25-3', expected: {} },
  ])('"$query"', ({ query, expected }) => expect(profileFromQuery(new URLSearchParams(query))).toEqual({ ...defaultProfile, ...expected }))
})

describe('the wall of the settings', () => {
  const hall: WallProfile = { id: 'hall', name: { zh: '大厅', en: 'Hall' }, diagonalInches: 65, columns: 3, rows: 2, resolution: { width: 5760, height: 2160 }, distanceM: 9, sound: true, rotates: false, day: { from: 6, to: 23 }, lang: 'en' }
  const me = (changes: Partial<Me>): Me => ({ name: 'x', role: 'wall', wall: null, walls: [], ...changes })
  test('is that of the token, or the one that the address names', () => {
    expect(wallOf(me({ wall: hall }), new URLSearchParams('wall=other'))).toBe(hall)
    expect(wallOf(me({ role: 'operator', walls: [hall] }), new URLSearchParams('wall=hall'))).toBe(hall)
    expect([wallOf(me({ walls: [hall] }), new URLSearchParams()), wallOf(null, new URLSearchParams('wall=hall'))]).toEqual([null, null])
  })
  test('is the profile, as far as the address says nothing else', () => {
    expect(profileFromQuery(new URLSearchParams(), hall)).toMatchObject({ diagonalInches: 65, columns: 3, distanceM: 9, sound: true, rotates: false, day: { from: 6, to: 23 } })
    expect(profileFromQuery(new URLSearchParams('distance=4&sound=off&rows=zero'), hall)).toMatchObject({ distanceM: 4, sound: false, rows: 2, columns: 3 })
  })
})
