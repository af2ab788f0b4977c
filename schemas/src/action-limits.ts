// How much of what people do is taken in. By itself, because the dashboard reads it too, where zod would be dead weight that its content security policy refuses.
export const actionLimits = {
  nameCharsMax: 64, noteCharsMax: 2000, reasonCharsMax: 200, idCharsMax: 512,
  silenceMsMax: 30 * 86_400_000, pinMsMax: 24 * 3_600_000, silencesMax: 1000, handledMax: 2000,
} as const
