// `/api/replay/wall…`: what the walls showed then, from the pictures that were kept.
import { codedText, said } from '@groundswell/schemas/problem.ts'
import { replayLimits } from '@groundswell/schemas/replay-limits.ts'
import { wallAtSchema, wallPicturesSchema, wallShownSchema, wallTimesSchema, type WallAt, type WallPictures, type WallShown, type WallTimes } from '@groundswell/schemas/replay.ts'
import { z } from 'zod'
import { problemSchema, storeAway, refusal } from './answer.ts'
import { eventTime } from './event-time.ts'
import { parse, type Route } from './route.ts'

export interface ReplayDeps {
  readonly wall: {
    at(at: number): Promise<WallAt>
    shown(alert: string): Promise<WallShown>
    pictures(question: { readonly from: number; readonly to: number; readonly stepMs: number }): Promise<WallPictures>
    times(question: { readonly from: number; readonly to: number }): Promise<WallTimes>
  }
}

const atQuery = z.strictObject({ at: eventTime })
const alertQuery = z.strictObject({ alert: z.string().min(1).max(1000).describe('Id of an alert') })
const spanQuery = z.strictObject({ from: eventTime, to: eventTime })
const stepWords = codedText('step-ms', { max: replayLimits.spanMsMax })
const stepsQuery = spanQuery.extend({ step: z.coerce.number(stepWords).int(stepWords).min(1000, stepWords).max(replayLimits.spanMsMax, stepWords).describe('ms: the newest picture of each') })
const wrong = { description: 'A time is wrong', shape: problemSchema } as const

export function replayRoutes({ wall }: ReplayDeps): readonly Route[] {
  return [
    {
      method: 'GET', path: '/api/replay/wall', summary: 'The wall as shown at a moment: the newest picture that was kept and is not after it', query: atQuery, role: 'viewer',
      answers: { 200: { description: 'The picture', shape: wallAtSchema }, 400: wrong, 503: storeAway },
      handle: (request) => wall.at(parse(atQuery, request.query, 'query').at),
    },
    {
      method: 'GET', path: '/api/replay/wall/shown', summary: 'When walls first showed an alert, whatever its mentions are dated', query: alertQuery, role: 'viewer',
      answers: { 200: { description: 'The time, where a picture of it was kept', shape: wallShownSchema }, 400: wrong, 503: storeAway },
      handle: (request) => wall.shown(parse(alertQuery, request.query, 'query').alert),
    },
    {
      method: 'GET', path: '/api/replay/wall/pictures', summary: 'The newest picture of each step of a span, for playing ahead', query: stepsQuery, role: 'viewer',
      answers: { 200: { description: `At most ${replayLimits.picturesMax}, the first of them`, shape: wallPicturesSchema }, 400: wrong, 503: storeAway },
      handle: (request) => {
        const { step, ...span } = parse(stepsQuery, request.query, 'query')
        return wall.pictures({ ...spanOf(span), stepMs: step })
      },
    },
    {
      method: 'GET', path: '/api/replay/wall/times', summary: 'When pictures were kept, what was notable in them, and where none were', query: spanQuery, role: 'viewer',
      answers: { 200: { description: 'The times', shape: wallTimesSchema }, 400: wrong, 503: storeAway },
      handle: (request) => wall.times(spanOf(parse(spanQuery, request.query, 'query'))),
    },
  ]
}

function spanOf({ from, to }: { readonly from: number; readonly to: number }): { readonly from: number; readonly to: number } {
  const iso = (ms: number): string => new Date(ms).toISOString()
  if (from >= to) throw refusal(400, 'wrong-query', { detail: said('from-not-before', { from: iso(from), to: iso(to) }), hint: said('earlier-from') })
  if (to - from > replayLimits.spanMsMax) throw refusal(400, 'wrong-query', { detail: said('span-of-replay', { from: iso(from), to: iso(to), days: replayLimits.spanMsMax / 86_400_000 }), hint: said('shorter-span') })
  return { from, to }
}
