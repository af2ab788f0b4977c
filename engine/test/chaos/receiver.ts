// A webhook receiver of the chaos test: keeps the ids of what it was given, at every attempt, and now and then refuses one at first.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Chance } from '../../src/drill/chance.ts'

export interface Receiver { readonly url: string; readonly taken: ReadonlyMap<string, string>; readonly attempts: () => number; close(): Promise<void> } // taken: id → body

export async function openReceiver(chance: Chance): Promise<Receiver> {
  const taken = new Map<string, string>()
  let attempts = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    attempts++
    if (chance.unit() < 0.1) { response.writeHead(503).end(); return }
    taken.set(String(request.headers['webhook-id']), Buffer.concat(chunks).toString())
    response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, taken, attempts: () => attempts,
    close: async () => { server.closeAllConnections(); server.close(); await once(server, 'close') },
  }
}
