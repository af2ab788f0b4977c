// A canary: a mention of the engine's own that crosses the whole pipeline and is timed. It travels on `commands.canary`, so that whoever
// reads mentions.> never meets it, and is stored in `canaries`, never among the mentions.
import { z } from 'zod'

export const canarySchema = z.strictObject({
  id: z.string().regex(/^canary:[\w-]{1,32}:\d{1,15}$/).describe('canary:<run of the engine>:<number>'),
  ts: z.int().min(0).describe('When it was sent, ms since 1970'),
  text: z.string().max(200),
})
export type Canary = z.infer<typeof canarySchema>
