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
  /** From deviations to log odds: slope and bend on either side of even odds, shift, per doubling of the lead, along with the log of the share of the count that is there, and by how much the odds around even rise from the shortest to the longest lead. */
  readonly odds: { readonly above: Tail; readonly below: Tail; readonly base: number; readonly lead: number; readonly nearness: number; readonly tilt: readonly number[] }
}
/** u(t) = slope · ((1 + t)^bend − 1) / bend */
export interface Tail { readonly slope: number; readonly bend: number }

export const countdownConstants: CountdownConstants = {
  borrowed: 2.542,
  restRate: 4.739e-05,
  growth: [0.4848, 0.4225, 0.4955, 0.6767, 0.8527, 1.093, 0.9232, 0.9267],
  level: { base: -0.03739, lead: -0.01759, window: 0.006741 },
  offset: 3.151,
  variance: { base: 0.05809, lead: 0.0575, seen: 0.001144, expected: 0.0194, growth: 0.3488, unrest: 0.3114, window: -0.0861 },
  passes: 0.2226,
  odds: { above: { slope: 2.266, bend: 1.097 }, below: { slope: 3.458, bend: 0.5563 }, base: -0.7742, lead: 0.1181, nearness: 0.01311, tilt: [0.1, 0.1, 0.05] },
}
