// Constants learnt without each fold: ten folds of weibo-cascades, each tweet of twitter-retweets on its own. The other set is another world and is always learnt from whole.
import { foldsOf, type WholeCascade } from './cascades.ts'
import { constantsOf } from './constants-file.ts'
import { learnLarge, learnSmall, type LearntLarge, type LearntSmall } from './learn.ts'
import type { Folded } from './score.ts'

const weiboFolds = 10
const seed = 11

export interface CrossValidated extends Folded { readonly caps: Readonly<Record<string, number>> } // how often which cap was chosen

export function crossValidateWeibo(cascades: readonly WholeCascade[], large: LearntLarge, told: (fold: number) => void): Folded {
  const fold = foldsOf(cascades.length, weiboFolds, seed)
  const constants = Array.from({ length: weiboFolds }, (_, out) => {
    told(out)
    return constantsOf(learnSmall(cascades.filter((_, i) => fold[i] !== out)), large)
  })
  return { cascades, fold, constants }
}

export function crossValidateTwitter(cascades: readonly WholeCascade[], small: LearntSmall, told: (fold: number) => void): CrossValidated {
  const fold = Int32Array.from(cascades, (_, i) => i), caps: Record<string, number> = {}
  const constants = cascades.map((_, out) => {
    told(out)
    const large = learnLarge(cascades.filter((_, i) => i !== out), small.profile)
    const name = large.cap === null ? 'none' : `${large.cap.mentions} · (age/600)^${large.cap.exponent}`
    caps[name] = (caps[name] ?? 0) + 1
    return constantsOf(small, large)
  })
  return { cascades, fold, constants, caps }
}
