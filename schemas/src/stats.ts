// `/api/stats`: the numbers that must agree with a direct count.
import { z } from 'zod'

export const statsSchema = z.strictObject({
  stored: z.int().describe('SELECT count() over the mentions table'),
  counted: z.int().describe('Distinct mentions of this stream that entered windows, since it was made (position.stream); with late and skewed ones, all that are stored of it'),
  duplicates: z.int().describe('Since the stream was made; or since the start that last counted from the store, which holds nothing of a duplicate'), late: z.int(), skewed: z.int(), deadLetters: z.int(),
  position: z.strictObject({ stream: z.int().describe('created time of the input stream, ms: since then counted, duplicates, late, skewed and deadLetters count'), seq: z.int() }),
})
export type Stats = z.infer<typeof statsSchema>
