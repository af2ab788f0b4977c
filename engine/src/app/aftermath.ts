// What works on stored rows: filling the past of new topics, and forgetting on request.
import { subjects } from '@groundswell/schemas/subjects.ts'
import { forget } from '../io/clickhouse/forget.ts'
import { pastMentions, storedCount } from '../io/clickhouse/reads.ts'
import type { House } from './house.ts'
import type { CarryOutOptions } from '../pipeline/carry-out.ts'
import { fillTopics } from '../pipeline/fill.ts'

/** Failures are told and leave the topics filling: their windows go on saying so. */
export function createAftermath(house: House): Pick<CarryOutOptions, 'fill' | 'forget'> {
  const { log, store, stream, engine, figures } = house
  return {
    fill: (effect) => {
      const { shared, rules } = house.rules
      const clock = engine.clock
      return () => void (async () => {
        try {
          const past = clock === null ? nothing() : pastMentions(store, { stream: stream.created, beforeSeq: effect.rulesSeq, newestSecond: clock })
          const commands = await fillTopics({
            pool: house.pool, rules: shared, topics: effect.topics, rulesTopics: rules.topics.map((topic) => topic.id), clock: clock ?? 0, past, stream: stream.created,
          })
          for (const command of commands) await stream.publish(subjects.command('fill'), new TextEncoder().encode(JSON.stringify(command)), `fill:${effect.rulesSeq}:${command.topics[0]?.id}`)
          log.info(`${effect.topics.length} topics got their past from the store`)
        } catch (error) {
          log.error('new topics could not be filled from the store; they stay marked as filling. Save the rules file again to try once more', { error })
        }
      })()
    },
    forget: ({ mention, author }) => forgetting({ mention, author, seq: engine.position.seq }),
  }

  function forgetting({ mention, author, seq }: { readonly mention: string | undefined; readonly author: string | undefined; readonly seq: number }): () => Promise<void> {
    return async () => {
      const token = `forget:${stream.created}:${seq}`
      const gone = await forget(store, { token, ...(mention === undefined ? {} : { mention }), ...(author === undefined ? {} : { author }) })
      await stream.trim(seq, 'all')
      figures.storedRows = await storedCount(store)
      log.info(`forgotten on request: ${gone.mentions} mentions and ${gone.deadLetters} dead letters`)
    }
  }
}

async function* nothing(): AsyncIterable<Uint8Array> { /* a first start: there is no past */ }
