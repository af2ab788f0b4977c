import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast, deltaE2000, lab, luminance, rgb, seenBy, visions } from './colour.ts'

const css = readFileSync(new URL('../src/look/tokens.css', import.meta.url), 'utf8')
const [byDay, byNight] = css.split('.night')
const times = [['by day', byDay], ['by night', byNight]] as const
const tokensOf = (part: string | undefined) => (name: string): ReturnType<typeof rgb> => rgb(new RegExp(`--${name}: (#[0-9A-F]{6});`).exec(part ?? '')?.[1] ?? expect.unreachable(`no token ${name}`))

describe('the measures themselves', () => {
  test.each([ // pairs of Sharma, Wu, Dalal 2005, table 1
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425], [[50, 0, 0], [50, -1, 2], 2.3669], [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [50, 3.2592, 0.335], 1], [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644], [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
    [[50, -0.001, 2.49], [50, 0.0011, -2.49], 4.7461], [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  ] as const)('the difference of %j and %j is %d', (a, b, expected) => expect(deltaE2000(a, b)).toBeCloseTo(expected, 3))
  test('black on white is 21:1', () => expect(contrast(rgb('#000000'), rgb('#FFFFFF'))).toBeCloseTo(21, 5))
  test.each(Object.keys(visions) as (keyof typeof visions)[])('grey stays grey for %s', (vision) => {
    for (const channel of seenBy(vision, rgb('#808080'))) expect(channel).toBeCloseTo(128 / 255, 2)
  })
})

describe.each(times)('%s', (_, part) => {
  const token = tokensOf(part)
  describe('W6: text is at least 4.5:1, glyphs at least 3:1', () => {
    const grounds = ['base', 'panel', 'raised']
    test.each(['text-1', 'text-2', 'text-3', 'normal'].flatMap((text) => grounds.map((ground) => ({ text, ground }))))('$text on $ground', ({ text, ground }) => {
      expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5)
    })
    test.each(['severe', 'moderate'])('text on the %s fill', (fill) => expect(contrast(token('on-fill'), token(fill))).toBeGreaterThanOrEqual(4.5))
    test('the numeral in its own colour on the minor row', () => expect(contrast(token('minor'), token('panel'))).toBeGreaterThanOrEqual(4.5))
    test.each(['severe', 'moderate', 'minor', 'normal', 'ramp-3'].flatMap((glyph) => grounds.map((ground) => ({ glyph, ground }))))('glyph $glyph on $ground', ({ glyph, ground }) => {
      expect(contrast(token(glyph), token(ground))).toBeGreaterThanOrEqual(3)
    })
  })

  describe('W10: severities stay apart for every eye', () => {
    const severities = ['severe', 'moderate', 'minor', 'normal']
    const pairs = severities.flatMap((a, index) => severities.slice(index + 1).map((b) => [a, b] as const))
    test.each((Object.keys(visions) as (keyof typeof visions)[]).flatMap((vision) => pairs.map(([a, b]) => ({ vision, a, b }))))('$a and $b, $vision', ({ vision, a, b }) => {
      expect(deltaE2000(lab(seenBy(vision, token(a))), lab(seenBy(vision, token(b))))).toBeGreaterThanOrEqual(12)
    })
  })

  test('W9: the marks of a row, area times luminance above the panel, are strictly ordered', () => {
    // Areas in square units of a default row, 120 × 9.9: the whole row; triangle and bar; the outline's stroke; the dash.
    const light = (name: string): number => luminance(token(name)) - luminance(token('panel'))
    const energy = [120 * 9.9 * light('severe'), (7.4 * 6.6 / 2 + 1.1 * 9.9) * light('moderate'), 4 * 5.9 * 0.44 * light('minor'), 3.7 * 0.55 * light('normal')]
    expect(energy).toEqual(energy.toSorted((a, b) => b - a))
    expect(new Set(energy).size).toBe(4)
  })
})

test('the night is dimmer in every colour that fills a field or a letter', () => {
  for (const name of ['base', 'panel', 'raised', 'text-1', 'text-2', 'text-3', 'severe', 'moderate', 'minor', 'normal', 'ramp-1', 'ramp-2', 'ramp-3']) expect(luminance(tokensOf(byNight)(name)), name).toBeLessThan(luminance(tokensOf(byDay)(name)))
})
