// How rare a look was, over time: alarms that a threshold there would bring when nothing is the matter, on a logarithmic axis. An alarm
// needs less than the topic's own part of the budget, which is one level line. What stands above it can be told: not what was told
// already, or is a matter of few mentions.
import type { HistoryPoint } from '@groundswell/schemas/topic-history.ts'
import { max } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { stepsOf, type ChartBox, type TimeRange } from './normal-chart.ts'
import { missingFields, round, stepField, stepLine } from './steps.ts'

/** Alarms a day at which a level line stands: hourly, daily, weekly, monthly, yearly, once in a hundred years. */
export const rarityLevels = { hour: 24, day: 1, week: 1 / 7, month: 1 / 30, year: 1 / 365, century: 1 / 36_500 } as const
export type RarityLevel = keyof typeof rarityLevels

export interface RarityChart {
  readonly field: string // from the lower edge to the rarity
  readonly line: string
  readonly told: string // what is as rare as the budget asks, again, to be marked
  readonly unknown: string // fields in which nothing can be said
  readonly budgetY: number | null
  readonly levels: readonly { readonly name: RarityLevel; readonly y: number }[]
}

const least = -Math.log10(rarityLevels.hour) - 0.2
const most = -Math.log10(rarityLevels.century) + 0.2

export function rarityChart(points: readonly HistoryPoint[], time: TimeRange, box: ChartBox & { readonly budgetPerDay: number | null; readonly lineHeight?: number }): RarityChart {
  const rarest = max(points, ({ falsePerDay }) => (falsePerDay === null ? undefined : rarityOf(falsePerDay))) ?? 0
  const budget = box.budgetPerDay === null ? null : rarityOf(box.budgetPerDay)
  const y = scaleLinear([least, Math.min(most, Math.max(rarest, (budget ?? 0) + 0.6, -Math.log10(rarityLevels.month)) + 0.15)], [box.height, 0])
  const steps = stepsOf(points, time, box.width)
  const yAt = (index: number): number | null => {
    const { falsePerDay } = points[index]!
    return falsePerDay === null ? null : Math.max(0, y(rarityOf(falsePerDay)))
  }
  const budgetY = budget === null ? null : y(budget)
  const top = y.domain()[1]!
  return {
    field: stepField(steps, yAt, (index) => (yAt(index) === null ? null : box.height)),
    line: stepLine(steps, yAt),
    told: budgetY === null ? '' : stepField(steps, (index) => (yAt(index) ?? Infinity) <= budgetY ? yAt(index) : null, () => budgetY),
    unknown: missingFields(steps, box.height, (index) => points[index]!.falsePerDay === null),
    budgetY: budgetY === null ? null : round(budgetY),
    levels: (Object.keys(rarityLevels) as RarityLevel[]).map((name) => ({ name, value: rarityOf(rarityLevels[name]) }))
      .filter(({ value }) => value <= top).map(({ name, value }) => ({ name, y: round(y(value)) })).filter(apart(box.lineHeight ?? 14)),
  }
}

/** Names that would stand on each other are left out, except the first. */
const apart = (lineHeight: number) => ({ y }: { readonly y: number }, index: number, all: readonly { readonly y: number }[]): boolean => index === 0 || all[index - 1]!.y - y >= lineHeight

/** Never looked for below hourly, never told beyond a hundred years: neither is a figure that anybody can check. */
export const rarityOf = (perDay: number): number => Math.min(most, Math.max(least, -Math.log10(Math.max(perDay, 1e-12))))
