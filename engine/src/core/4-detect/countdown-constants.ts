// The fitted constants of the countdown. `npm run bench -- countdown --fit` makes them from the training half of the replays; the
// calibration in bench/results is that of these numbers, on the other half.

export interface CountdownConstants {
  readonly borrowed: number // mentions' worth that the rate of a window borrows from that of the window twice as long
  readonly restRate: number // mentions a second of a topic of which nothing is known
  readonly growth: readonly number[] // how far the rate ahead goes along with the rate of a window against the one twice as long: from a 16th of the lead to 8 leads
  readonly level: { readonly base: number; readonly lead: number; readonly window: number } // shift of the log rate; per doubling of the lead, of the rule's window
  readonly offset: number // mentions that are added before a logarithm is taken
  /** Variance of the log of what will come: always there, per doubling of the lead, by how few were seen, by how few are expected, by how much it grows, by how uneven it was; the last: doubling of the rule's window. */
  readonly variance: { readonly base: number; readonly lead: number; readonly seen: number; readonly expected: number; readonly growth: number; readonly unrest: number; readonly window: number }
  readonly passes: number // deviations by which the best of many windows within the lead exceeds one, per doubling
  /** From deviations to log odds: slope and bend on either side of even odds, shift, per doubling of the lead, and along with the log of the share of the count that is there. */
  readonly odds: { readonly above: Tail; readonly below: Tail; readonly base: number; readonly lead: number; readonly nearness: number }
}
/** u(t) = slope · ((1 + t)^bend − 1) / bend */
export interface Tail { readonly slope: number; readonly bend: number }

export const countdownConstants: CountdownConstants = {
  borrowed: 2.86,
  restRate: 0.0001917,
  growth: [0.5394, 0.4747, 0.5767, 0.683, 0.85, 1.029, 0.9275, 0.9245],
  level: { base: -0.3156, lead: 0.009024, window: -0.002427 },
  offset: 1.275,
  variance: { base: 0.1, lead: 0.06931, seen: 0.04259, expected: 0.07166, growth: 0.4566, unrest: 0.05, window: -0.06473 },
  passes: 0.3833,
  odds: { above: { slope: 1.897, bend: 0.8095 }, below: { slope: 3.234, bend: 0.5235 }, base: -0.04338, lead: 0.05089, nearness: 0.1 },
}
