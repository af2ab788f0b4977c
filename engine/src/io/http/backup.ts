// A backup of a running engine over HTTP: one request freezes its state and names what is to be copied, another lets it go.
import { z } from 'zod'
import { problemSchema, Refusal } from './answer.ts'
import { parse, type Route } from './route.ts'

const pid = z.string().regex(/^\d{1,10}$/, 'a process id is a whole number').transform(Number).optional()
const beginQuerySchema = z.strictObject({
  pid: pid.describe('Only if the engine has this process id'),
  by: pid.describe('Process on this machine that will copy; when it is gone, what was frozen is let go'),
})
const namePathSchema = z.strictObject({ name: z.string().regex(/^[a-z0-9_]{1,64}$/, 'give the name that was answered').describe('Name of the backup') })

export const frozenSchema = z.strictObject({
  name: z.string().describe('To be told when it is copied: DELETE /api/backup/{name}'),
  at: z.iso.datetime(),
  position: z.strictObject({ stream: z.int(), seq: z.int() }).describe('What is frozen is the state behind this message, everywhere'),
  heldMs: z.int().describe('How long inserts were held for it'),
  folders: z.array(z.strictObject({ path: z.string().describe('On the machine of the engine'), as: z.string().describe('Where its files belong below a data folder; empty: at its top') })),
})
export type Frozen = z.infer<typeof frozenSchema>

/** Why there is no backup now; `status` as in HTTP. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
  readonly status: 404 | 409 | 503
  readonly hint: string
  constructor(status: BackupRefused['status'], detail: string, hint: string) {
    super(detail)
    this.status = status
    this.hint = hint
  }
}

export interface BackupDeps {
  /** Throws BackupRefused. */
  readonly backup: (question: { readonly pid: number | null; readonly by: number | null }) => Promise<Frozen>
  /** Throws BackupRefused. */
  readonly backupCopied: (name: string) => Promise<void>
}

export function backupRoutes({ backup, backupCopied }: BackupDeps): Route[] {
  return [
    {
      method: 'POST', path: '/api/backup', summary: 'Freezes the state of the engine behind one message, for a backup while it runs', query: beginQuerySchema,
      answers: {
        200: { description: 'What is to be copied', shape: frozenSchema },
        409: { description: 'A backup is under way already, or this is another engine', shape: problemSchema },
        503: { description: 'It could not be frozen in time', shape: problemSchema },
      },
      handle: async (request) => {
        const { pid: only = null, by = null } = parse(beginQuerySchema, request.query, 'query')
        return backup({ pid: only, by }).catch(refuse)
      },
    },
    {
      method: 'DELETE', path: '/api/backup/:name', summary: 'Lets go what was frozen', params: namePathSchema,
      answers: { 200: { description: 'It is gone', shape: z.strictObject({ name: z.string() }) }, 404: { description: 'No such backup is under way', shape: problemSchema } },
      handle: async (request) => {
        const { name } = parse(namePathSchema, request.params, 'path')
        await backupCopied(name).catch(refuse)
        return { name }
      },
    },
  ]
}

function refuse(error: unknown): never {
  if (!(error instanceof BackupRefused)) throw error
  const { status, message, hint } = error
  throw new Refusal(status, { error: status === 404 ? 'unknown-backup' : status === 409 ? 'busy' : 'not-frozen', detail: message, hint })
}
