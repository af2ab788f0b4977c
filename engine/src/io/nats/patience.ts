// A question to NATS that is harmless twice, asked again while nobody answers: on a busy machine a server, or who answers behind it, may get no time for
// seconds. Where nobody is there at all NATS says so at once.
import { StreamDown } from '../../stream-errors.ts'

/** Each time has the limit of its own request. Throws StreamDown where the last is not answered either; any other error as it comes. */
export async function patiently<Answer>(ask: () => Promise<Answer>, { times, whom }: { readonly times: number; readonly whom: string }): Promise<Answer> {
  for (let left = times - 1; ; left--) {
    try {
      return await ask()
    } catch (cause) {
      if (!isUnanswered(cause)) throw cause
      if (left === 0) throw new StreamDown(`${whom} does not answer, asked ${times} times: look at its log and at how busy the machine is`, { cause })
    }
  }
}

const isUnanswered = (error: unknown): boolean => error instanceof Error && (error.name === 'TimeoutError' || /^timeout$/i.test(error.message))
