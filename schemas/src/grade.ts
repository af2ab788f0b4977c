// The three grades of a spike, from least to most; `normal` is the absence of one.
export const grades = ['minor', 'moderate', 'severe'] as const
export type Grade = (typeof grades)[number]
export type Level = 'normal' | Grade

/** 0 normal, 1 minor, 2 moderate, 3 severe. */
export const levelRank = (level: Level): 0 | 1 | 2 | 3 => (level === 'severe' ? 3 : level === 'moderate' ? 2 : level === 'minor' ? 1 : 0)
