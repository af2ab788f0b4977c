// The constants of the forecast as the core has them: the file that the bench `forecast-constants` writes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { SizeForecastConstants, SizeProfile } from '@groundswell/engine/src/core/4-detect/spread/size-profile.ts'
import type { WholeCascade } from './cascades.ts'
import { learnLarge, learnSmall, rounded, type LearntLarge, type LearntSmall } from './learn.ts'

const path = fileURLToPath(new URL('../../../engine/src/core/4-detect/spread/size-forecast-constants.ts', import.meta.url))

export function learnConstants(weibo: readonly WholeCascade[], twitter: readonly WholeCascade[]): SizeForecastConstants {
  const small = learnSmall(weibo)
  return constantsOf(small, learnLarge(twitter, small.profile))
}

export function constantsOf(small: LearntSmall, large: LearntLarge): SizeForecastConstants {
  return rounded({ activity: { twitter: large.activity, weibo: small.activity }, massCap: large.cap, small: small.profile, large: large.profile })
}

/** Answers the path. */
export function writeConstants(constants: SizeForecastConstants): string {
  writeFileSync(path, textOf(constants))
  return path
}

function textOf({ activity, massCap, small, large }: SizeForecastConstants): string {
  const list = (values: readonly (number | string)[]): string => `[${values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')}]`
  const rows = (values: readonly (readonly number[])[]): string => `[\n${values.map((row) => `      ${list(row)},\n`).join('')}    ]`
  const profile = (own: SizeProfile): string => `{
    features: ${list(own.features)},
    growth: ${rows(own.growth)},
    scale: ${rows(own.scale)},
    residuals: ${rows(own.residuals)},
    largest: ${own.largest},
    seen: ${`[${own.seen.map((row) => list(row)).join(', ')}]`},
  }`
  return `// The learnt constants of the forecast of final sizes: written by \`npm run bench -- forecast-constants\` from all of weibo-cascades (small) and twitter-retweets (large), not by hand. Rows are the ages of \`knotAges\`.
import type { SizeForecastConstants } from './size-profile.ts'

export const sizeForecastConstants: SizeForecastConstants = {
  activity: {
${Object.entries(activity).map(([platform, hours]) => `    ${platform}: ${list(hours)},\n`).join('')}  },
  massCap: ${massCap === null ? 'null' : `{ mentions: ${massCap.mentions}, exponent: ${massCap.exponent} }`},
  small: ${profile(small)},
  large: ${profile(large)},
}
`
}
