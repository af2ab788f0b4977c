// Sentiment over time by position and sign, never by hue: positive mentions above the line, negative ones below it, and the share of negative ones as a line of its own.
import { max } from 'd3-array'
import { round, stepField, stepLine, type Step } from './steps.ts'

export interface SentimentColumns { readonly negative: readonly number[]; readonly neutral: readonly number[]; readonly positive: readonly number[] }

export interface SentimentChart {
  readonly positive: string // field above the line
  readonly negative: string // field below it
  readonly zero: number // y of the line
  readonly top: number // the count at either edge
  readonly share: string // line in a box of its own: negative ones among those with a sentiment
}

/** Both sides have one scale. A share is drawn only where at least `knownMin` mentions of the step have a sentiment: two of three say nothing. */
export function sentimentChart({ negative, neutral, positive }: SentimentColumns, steps: readonly Step[], box: { readonly height: number; readonly shareHeight: number }): SentimentChart {
  const top = Math.max(4, max(negative) ?? 0, max(positive) ?? 0)
  const zero = round(box.height / 2)
  const yOf = (signed: number): number => zero - (signed / top) * zero
  const shareAt = (index: number): number | null => shareOf({ negative: negative[index] ?? 0, neutral: neutral[index] ?? 0, positive: positive[index] ?? 0 })
  return {
    positive: stepField(steps, (index) => ((positive[index] ?? 0) > 0 ? yOf(positive[index]!) : null), () => zero),
    negative: stepField(steps, (index) => ((negative[index] ?? 0) > 0 ? zero : null), (index) => yOf(-negative[index]!)),
    zero, top,
    share: stepLine(steps, (index) => {
      const share = shareAt(index)
      return share === null ? null : box.shareHeight * (1 - share)
    }),
  }
}

export const knownMin = 5

/** 0…1; null where too few have a sentiment to speak of a share. */
export function shareOf({ negative, neutral, positive }: { readonly negative: number; readonly neutral: number; readonly positive: number }): number | null {
  const known = negative + neutral + positive
  return known < knownMin ? null : negative / known
}
