// Operator commands: inputs on the same stream as mentions (`commands.<kind>`), so that a replay is exact.
import { z } from 'zod'
import { actionSchema, personSchema } from './action.ts'

// Slices are held in 32 bits each, up to the year 2106.
const second = z.int().min(0).max(0xffff_ffff)
const slices = (keyMax: number) => z.array(z.tuple([z.int().min(0).max(keyMax), z.int().min(1).max(0xffff_ffff)]))

export const commandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rules'), text: z.string().describe('The whole rules file, YAML'), by: personSchema.optional().describe('Who saved it at a desk; absent: the file changed') }),
  z.strictObject({
    kind: z.literal('fill'),
    rules: z.int().describe('Sequence of the rules command it answers (0: the rules at start)'),
    topics: z.array(z.strictObject({
      id: z.string(),
      seconds: slices(0xffff_ffff).describe('[second, count] of the last 2 h and 10 min, ascending'),
      minutes: slices(Math.floor(0xffff_ffff / 60)).describe('[minute, count] of the last 7 d, ascending'),
      hours: slices(Math.floor(0xffff_ffff / 3600)).optional().describe('[hour since 1970, count] of the last 35 d, ascending: what is normal for the topic is learnt from these and the minutes'),
    })),
    known: z.array(z.tuple([second, second])).optional().describe('[from, to] second, ascending: where mentions of anybody are stored, never more than 2 h apart. There an hour that is left out held nothing; '
      + 'elsewhere nothing is known, and nothing is learnt'),
  }),
  z.strictObject({ kind: z.literal('end') }).describe('The end of a recording: closes the last second'),
  z.strictObject({ kind: z.literal('forget'), mention: z.string().min(1).optional(), author: z.string().min(1).optional() })
    .refine((forget) => (forget.mention === undefined) !== (forget.author === undefined), 'name either a mention or an author')
    .describe('Deletes a mention, or all of an author, from every table'),
  z.strictObject({ kind: z.literal('act'), id: z.string().min(1).max(64).describe('Unique: sent twice it is done once'), by: personSchema, action: actionSchema }).describe('What somebody does about an alert'),
])
export type Command = z.infer<typeof commandSchema>
