// What a takeover on a replayed wall asks of a topic: its two hours up to the moment that is shown. What comes next is in the picture itself.
import { TopicApi, type Answer, type CountdownAnswer } from '../live/topic-api.ts'

export class ReplayTopicApi extends TopicApi {
  /** `clock`: event time of the picture, seconds; null while there is none. */
  constructor(page: URL, clock: () => number | null) {
    super(page, (input, init) => {
      const asked = new URL(input instanceof Request ? input.url : input)
      const second = clock()
      if (asked.pathname.endsWith('/baseline') && second !== null) asked.searchParams.set('to', String((second + 1) * 1000))
      return fetch(asked, init)
    })
  }

  override async countdown(): Promise<Answer<CountdownAnswer>> { return { ok: false, why: 'refused', detail: 'a countdown is of now' } }
}
