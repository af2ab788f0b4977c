// Alerts as a checkpoint keeps them: read as what they are, or refused.
import { z } from 'zod'
import { grades } from '@groundswell/schemas/grade.ts'
import type { AlertRow } from '@groundswell/schemas/live.ts'
import { spreadMeasures } from '@groundswell/schemas/rules.ts'
import { identifiedBaselineEventSchema, identifiedEventSchema, identifiedSpreadEventSchema } from '@groundswell/schemas/spike.ts'
import { sourceLimits } from '../3-measure/sources.ts'
import type { StateReader } from '../state.ts'
import type { Episode } from './episode.ts'

const name = z.strictObject({ zh: z.string(), en: z.string() })
const second = z.int().min(0)
const evidence = z.strictObject({ reason: name, usual: z.number(), falseAlarms: z.number() })
const spike = z.discriminatedUnion('kind', [identifiedEventSchema.extend({ reason: name.exactOptional() }).strict(), identifiedBaselineEventSchema.extend({ platform: z.string().exactOptional() }).strict(), identifiedSpreadEventSchema.strict()])
const spread = z.strictObject({ root: z.string(), measure: z.enum(spreadMeasures), threshold: z.number(), value: z.number(), size: z.int(), reason: name })
const rowSchema = z.strictObject({
  id: z.string(), topic: z.string(), name, grade: z.enum(grades), rule: identifiedEventSchema.shape.rule, at: z.string(), count: z.int(), clearedAt: z.string().nullable(), evidence: evidence.exactOptional(), spread: spread.exactOptional(), source: z.string().exactOptional(),
})
const episodeSchema = z.strictObject({
  topic: z.string(), rowIds: z.array(z.string()).min(1).max(grades.length), grade: z.enum(grades), sent: z.boolean(), tripped: z.int().min(0), lastSpikeAt: second,
  lastClear: z.strictObject({ event: spike, at: second, name }).nullable(), held: z.strictObject({ until: z.int().min(-1), told: z.enum(grades).nullable() }).exactOptional(),
}).refine(({ tripped, lastClear, held }) => (tripped === 0) === (lastClear !== null) || (tripped === 0 && held?.until === -1), 'an episode has a last clear exactly where none of its rules is tripped, or waits to be counted anew')
const schema = z.strictObject({ rows: z.array(rowSchema), episodes: z.array(episodeSchema), mutedSources: z.array(z.string()).max(sourceLimits.platformsMax + 1) })

export function readKeptAlerts(from: StateReader, rowsMax: number): { readonly rows: readonly AlertRow[]; readonly episodes: readonly Episode[]; readonly mutedSources: readonly string[] } {
  const parsed = schema.safeParse(from.json())
  if (parsed.success && parsed.data.rows.length > rowsMax) return from.refuse(`it has ${parsed.data.rows.length} rows: at most ${rowsMax}`)
  if (parsed.success) return parsed.data
  const [problem] = parsed.error.issues
  return from.refuse(`${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`)
}
