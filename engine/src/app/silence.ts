// Silent sources in this house: what the log, the wall and the metrics are told of them.
import type { SilenceEvent } from '@groundswell/schemas/spike.ts'
import type { MetricsSample } from '../io/metrics/sample.ts'
import type { House } from './house.ts'

/** A source went blind or is seen again. */
export function createSilenceTeller({ log, metrics }: Pick<House, 'log' | 'metrics'>): (event: SilenceEvent) => void {
  return ({ kind, source, silentSeconds, cadenceSeconds }) => {
    metrics.sourceChanged(kind)
    const usually = `it usually speaks every ${Math.max(1, Math.round(cadenceSeconds))} s`
    if (kind === 'blind') log.error(`nothing has come from ${source} for ${silentSeconds} s, ${usually}: what it spoke of does not clear until it is back. Look at its collector and at the platform`, { source })
    else log.warn(`${source} is seen again after ${silentSeconds} s`, { source })
  }
}

/** Holds the wall's problem at what the engine knows: it is there while any source is blind. */
export function raiseBlind({ engine, problems }: { readonly engine: Pick<House['engine'], 'silence'>; readonly problems: House['problems'] }): void {
  const { blind } = engine.silence
  if (blind.length === 0) problems.over('source-blind')
  else problems.raise('source-blind', `nothing comes from ${blind.join(', ')}: look at the collectors; what these sources spoke of does not clear`)
}

export function silenceSample({ engine }: { readonly engine: Pick<House['engine'], 'silence'> }): MetricsSample {
  const { stale, blind } = engine.silence
  return { sourcesStale: stale, sourcesBlind: blind.length }
}
