// `/api/topics/:id/countdown`: every velocity threshold of a topic, and when it will trip.
import { z } from 'zod'
import { problemSchema } from './answer.ts'
import { parse, type Route } from './route.ts'
import { countdownFigureSchema, topicPathSchema } from './shapes.ts'

const thresholdSchema = z.strictObject({
  count: z.int(), within: z.string(),
  held: z.int().describe('Distinct mentions in its window, the running second included'),
  tripped: z.boolean(),
  countdown: countdownFigureSchema.nullable().describe('null where it has tripped, while the topic\'s past is being filled in, and while a source that it depends on is blind'),
})
const countdownAnswerSchema = z.strictObject({
  topic: z.string(),
  clock: z.int().nullable().describe('The event clock in seconds, which the times are to be read against; null before the first mention'),
  thresholds: z.array(thresholdSchema).describe('In the order of the rules'),
})

export interface CountdownDeps {
  readonly clock: () => number | null
  /** null: there is no such topic. */
  readonly countdowns: (topic: string) => readonly z.infer<typeof thresholdSchema>[] | null
}

export function countdownRoute({ clock, countdowns }: CountdownDeps, unknown: (id: string) => never): Route {
  return {
    method: 'GET', path: '/api/topics/:id/countdown', role: 'wall', summary: 'When each threshold of a topic will trip: the probability within the horizon, and an 80 % interval', params: topicPathSchema,
    answers: { 200: { description: 'The countdowns', shape: countdownAnswerSchema }, 404: { description: 'No such topic', shape: problemSchema } },
    handle: (request) => {
      const { id } = parse(topicPathSchema, request.params, 'path')
      const thresholds = countdowns(id) ?? unknown(id)
      return { topic: id, clock: clock(), thresholds }
    },
  }
}
