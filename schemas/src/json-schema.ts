// The contracts as JSON Schema (draft 2020-12), for editors and for programs in other languages: schemas/generated, made from the zod
// schemas by `node schemas/src/json-schema.ts`. A test fails when a committed file is stale.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { commandSchema } from './command.ts'
import { mentionSchema } from './mention.ts'
import { rulesSchema } from './rules.ts'
import { baselineEventSchema, coordinationEventSchema, ignitionEventSchema, silenceEventSchema, spreadEventSchema, thresholdEventSchema } from './spike.ts'
import { statsSchema } from './stats.ts'

/** On NATS an event has an id, in the lines of `backtest` it has none. */
const spikeSchema = thresholdEventSchema.extend({ id: z.string().optional().describe('On NATS only: <topic>/<count>/<within>/<at>/<kind>') })

const alarmSchema = baselineEventSchema.extend({ id: z.string().optional().describe('On NATS only: <topic>/baseline/<at>/<state>, of a platform <topic>/baseline/<platform>/<at>/<state>') })

const spreadSchema = spreadEventSchema.extend({ id: z.string().optional().describe('On NATS only: <topic>/spread/<measure>/<threshold>/<within>/<root>/<at>/<state>, the root percent-encoded') })
const ignitionSchema = ignitionEventSchema.extend({ id: z.string().optional().describe('On NATS only: <topic>/ignition/<root>/<at>, the root percent-encoded') })
const coordinationSchema = coordinationEventSchema.extend({ id: z.string().optional().describe('On NATS only: <topic>/coordination/<at>') })

const contracts = {
  mention: { schema: mentionSchema, title: 'Groundswell mention', description: 'One line of NDJSON on mentions.<platform> or POST /api/mentions' },
  rules: { schema: rulesSchema, title: 'Groundswell rules', description: 'What a room watches, and what counts as too much of it' },
  spike: { schema: spikeSchema, title: 'Groundswell spike', description: 'A threshold that tripped or cleared: spikes.<topic>, alerts.<grade> and the lines of backtest' },
  baseline: { schema: alarmSchema, title: 'Groundswell alarm of the baseline', description: 'A topic that left, or came back to, what is normal for it: spikes.<topic>, alerts.<grade> and the lines of backtest' },
  spread: { schema: spreadSchema, title: 'Groundswell spread', description: 'A cascade that reached what a spread rule says, or has come to rest: spikes.<topic>, alerts.<grade> and the lines of backtest' },
  ignition: { schema: ignitionSchema, title: 'Groundswell ignition', description: 'A quiet cascade that draws mentions again through one of them: spikes.<topic> and the lines of backtest' },
  coordination: { schema: coordinationSchema, title: 'Groundswell coordination', description: 'Accounts that repeatedly shared the same within a minute: spikes.<topic> and the lines of backtest' },
  silence: { schema: silenceEventSchema, title: 'Groundswell silence', description: 'A source that went blind or is seen again: on alerts.<grade>, beside spikes' },
  command: { schema: commandSchema, title: 'Groundswell command', description: 'An operator command on commands.<kind>' },
  stats: { schema: statsSchema, title: 'Groundswell stats', description: 'GET /api/stats' },
} as const

export const generatedFolder: string = join(import.meta.dirname, '../generated')

/** File name → text, for every contract. */
export function jsonSchemaFiles(): Map<string, string> {
  const files = new Map<string, string>()
  for (const [name, { schema, title, description }] of Object.entries(contracts)) {
    const { $schema, ...body } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
    files.set(`${name}.schema.json`, `${JSON.stringify({ $schema, title, description, ...body }, null, 2)}\n`)
  }
  return files
}

if (import.meta.main) for (const [name, text] of jsonSchemaFiles()) writeFileSync(join(generatedFolder, name), text)
