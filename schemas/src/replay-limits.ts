// Bounds of the replay of walls, apart from its shapes: a page that needs a number need not load a validator.
/** everyMs: between two pictures, where something changed · stillMs: where nothing did · gapMs: two that lie further apart have a gap between them. */
export const replayLimits = { everyMs: 5_000, stillMs: 60_000, gapMs: 90_000, stepsMax: 720, picturesMax: 48, newsMax: 500, gapsMax: 200, spanMsMax: 31 * 86_400_000 } as const
