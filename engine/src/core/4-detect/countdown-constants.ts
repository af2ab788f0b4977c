// The fitted constants of the countdown. `npm run bench -- countdown --fit` makes them from the training half of the replays; the
// calibration in bench/results is that of these numbers, on the other half.

export interface CountdownConstants {
  readonly borrowed: number // mentions' worth that the rate of a window borrows from that of the window twice as long
  readonly restRate: number // mentions a second of a topic of which nothing is known
  readonly growth: readonly number[] // how far the rate ahead goes along with the rate of a window against the one twice as long: from a 16th of the lead to 8 leads
  readonly level: { readonly base: number; readonly lead: number; readonly window: number } // shift of the log rate; per doubling of the lead, of the rule's window
  readonly offset: number // mentions that are added before a logarithm is taken
  /** Variance of the log of what will come: always there, per doubling of the lead, by how few were seen, by how few are expected, by how much it grows; the last: doubling of the rule's window. */
  readonly variance: { readonly base: number; readonly lead: number; readonly seen: number; readonly expected: number; readonly growth: number; readonly window: number }
  readonly passes: number // deviations by which the best of many windows within the lead exceeds one, per doubling
  /** From deviations to log odds: slope and bend on either side of even odds, shift, per doubling of the lead, and along with the log of the share of the count that is there. */
  readonly odds: { readonly above: Tail; readonly below: Tail; readonly base: number; readonly lead: number; readonly nearness: number }
}
/** u(t) = slope · ((1 + t)^bend − 1) / bend */
export interface Tail { readonly slope: number; readonly bend: number }

export const countdownConstants: CountdownConstants = {
  borrowed: 3.2858, restRate: 0.00017511,
  growth: [0.59857, 0.60552, 0.63032, 0.73026, 0.90759, 1.0093, 0.98208, 0.98061],
  level: { base: -0.31682, lead: 0.026946, window: 0 }, offset: 1.0092,
  variance: { base: 0.21598, lead: 0.071188, seen: 0.065238, expected: 0.081356, growth: 0.4573, window: 0 },
  passes: 0.7462,
  odds: { above: { slope: 1.7, bend: 0.68305 }, below: { slope: 3.2596, bend: 0.44239 }, base: -0.021942, lead: 0, nearness: 0 },
}
