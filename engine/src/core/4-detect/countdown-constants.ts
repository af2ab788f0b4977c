// The fitted constants of the countdown. `npm run bench -- countdown --fit` fits them to the training half of the replays, beginning at those
// that are here, and prints them; the calibration in bench/results is that of these numbers, on the other half.

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
  borrowed: 2.737,
  restRate: 0.000073,
  growth: [0.4453, 0.401, 0.4811, 0.6644, 0.8119, 1.008, 0.9286, 0.8938],
  level: { base: 0.05143, lead: -0.0204, window: -0.02158 },
  offset: 3.186,
  variance: { base: 0.05211, lead: 0.04714, seen: 0.0006, expected: 0.01517, growth: 0.3975, unrest: 0.3949, window: -0.04046 },
  passes: 0.2371,
  odds: { above: { slope: 2.314, bend: 1.114 }, below: { slope: 3.616, bend: 0.5498 }, base: -0.8264, lead: 0.1265, nearness: 0.00784, tilt: [-0.001917, 0.1169, 0.286] },
}
