// `/api/stats`: the numbers that must agree with a direct count.
import { z } from 'zod'

export const statsSchema = z.strictObject({
  stored: z.int().describe('SELECT count() over the mentions table'),
  counted: z.int().describe('Distinct mentions that entered windows or would have, since this engine started'),
  duplicates: z.int(), late: z.int(), skewed: z.int(), deadLetters: z.int(),
  position: z.strictObject({ stream: z.int().describe('created time of the input stream, ms'), seq: z.int() }),
})
export type Stats = z.infer<typeof statsSchema>
