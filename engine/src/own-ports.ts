// The ports that our own servers and those of tests take where any will do. They lie below those that systems give to whoever connects or listens on any:
// nobody gets one by chance between two who have it, or before it is used.
const inUse = { nats: [20_000, 10_000], store: [31_000, 1_700], tests: [11_000, 20_000] } as const // lowest, count

/** Each once; processes that start at once begin elsewhere. */
export function ownPorts(whose: keyof typeof inUse): number[] {
  const [lowest, count] = inUse[whose]
  return Array.from({ length: count }, (_, n) => lowest + (process.pid * 41 + n) % count)
}
