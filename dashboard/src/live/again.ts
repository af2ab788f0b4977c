// How long what had no answer waits until it is asked again: twice as long each time, from a second to half a minute. `before`: how often in a row it had none.
export const waitMs = (before: number): number => Math.min(1_000 * 2 ** Math.min(before, 10), 30_000)
