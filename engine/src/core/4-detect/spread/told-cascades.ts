// The cascades that spread rules told of, as a checkpoint keeps them: read as what they are, or refused.
import { z } from 'zod'
import type { StateReader } from '../../state.ts'

const word = z.int().min(0).max(2 ** 32 - 1)
const node = z.int().max(2 ** 26).refine((key) => key > 0 || key < -(2 ** 26), 'a cascade is by its root, or by a number of its own')
const ruleSchema = z.strictObject({ topic: z.string(), key: z.string().regex(/\/\d+$/), value: z.number(), isOver: z.boolean() })
const toldSchema = z.strictObject({
  low: word, high: word, name: z.string(), rootAt: z.number(), rules: z.array(ruleSchema).min(1), isOver: z.boolean(), restsFrom: z.number(), sizeThen: z.int(), size: z.int(), depth: z.int(), platforms: z.array(z.int().min(0).max(255)),
}).refine(({ isOver, rules }) => isOver === rules.every((rule) => rule.isOver), 'a cascade is over where all its rules are')
const schema = z.array(z.tuple([node, toldSchema]))

/** A rule that told of a cascade; `value` as it was then. */
export interface ToldRule { readonly topic: string; readonly key: string; readonly value: number; isOver: boolean }

/** A cascade, by the hash of its root; size, depth and platforms as they were when it was told of. */
export interface Told {
  readonly low: number
  readonly high: number
  readonly name: string
  readonly rootAt: number // ms
  readonly rules: ToldRule[]
  isOver: boolean // of all its rules
  restsFrom: number // ms; not before this the last hour holds too little. 0: it is to be worked out
  sizeThen: number // when that was worked out
  readonly size: number
  readonly depth: number
  readonly platforms: readonly number[]
}

/** Whether a rule of a topic told of the cascade. Few are looked through; of many, as where its root matched a thousand topics, a set is made once. */
export function toldBy(told: Told | undefined): (topic: string, key: string) => boolean {
  if (told === undefined) return () => false
  if (told.rules.length <= 8) return (topic, key) => told.rules.some((rule) => rule.key === key && rule.topic === topic)
  const keys = new Set(told.rules.map(({ topic, key }) => `${topic} ${key}`))
  return (topic, key) => keys.has(`${topic} ${key}`)
}

export function readTold(from: StateReader, max: number): readonly (readonly [root: number, told: Told])[] {
  const parsed = schema.safeParse(from.json())
  if (parsed.success && parsed.data.length > max) return from.refuse(`it tells of ${parsed.data.length} cascades: at most ${max}`)
  if (parsed.success) return parsed.data
  const [problem] = parsed.error.issues
  return from.refuse(`${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`)
}
