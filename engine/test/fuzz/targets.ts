// Everything that is fuzzed.
import { cascade } from './cascade.ts'
import { checkpoint } from './checkpoint.ts'
import { decode } from './decode.ts'
import { query } from './query.ts'
import { rules } from './rules.ts'
import type { Target } from './target.ts'

export const targets: readonly Target[] = [decode, query, rules, checkpoint, cascade] as readonly Target[]

export const targetNamed = (name: string): Target | undefined => targets.find((target) => target.name === name)
