// A value of JSON as text that is the same for the same value, in whichever order its keys are.

/** Undefined of what JSON has no word for, as JSON.stringify. Arrays keep their order; an empty object is {}. */
export const sortedJson = (value: unknown): string | undefined => JSON.stringify(value, (_, one: unknown) => (
  typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))) : one))
