// What the second view says of each platform: its part of the last hour, and which topic leads there.
import type { Bilingual, SourceRow, TopicRow } from '@groundswell/schemas/live.ts'

export interface PlatformRow {
  readonly source: SourceRow
  readonly share: number | null // of all platforms in the last hour, 0…1; null where nothing came
  readonly leading: { readonly name: Bilingual; readonly level: TopicRow['level']; readonly count: number } | null // among the topics of the wall
}

/** In the order of `sources`. */
export function platformRows(sources: readonly SourceRow[], topics: readonly TopicRow[]): readonly PlatformRow[] {
  const all = sources.reduce((sum, { lastHour }) => sum + lastHour, 0)
  return sources.map((source) => ({ source, share: all === 0 ? null : source.lastHour / all, leading: leadingOn(source.platform, topics) }))
}

function leadingOn(platform: string, topics: readonly TopicRow[]): PlatformRow['leading'] {
  let leading: PlatformRow['leading'] = null
  for (const { name, level, platforms } of topics) {
    const count = platforms.find(([one]) => one === platform)?.[1] ?? 0
    if (count > (leading?.count ?? 0)) leading = { name, level, count }
  }
  return leading
}
