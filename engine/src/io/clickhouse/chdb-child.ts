// The embedded ClickHouse: its own process, since chDB crashes in worker threads. It serves HTTP on loopback and ends with its parent.
import type { AddressInfo } from 'node:net'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownPorts } from '../../own-ports.ts'
import { Spool } from './chdb-body.ts'
import { createChdbServer } from './chdb-http.ts'
import { ChdbPool, toChdbError } from './chdb-pool.ts'
import type { Connection } from './chdb-pool.ts'

/** The first message of the parent. The password comes this way because a command line can be read by every user. */
export interface ChildOrders { readonly kind: 'serve'; readonly directory: string; readonly port: number; readonly database: string; readonly user: string; readonly password: string; readonly connectionsMax: number }
export type ChildReport = { readonly kind: 'listening'; readonly port: number; readonly version: string } | { readonly kind: 'failed'; readonly reason: string }

process.umask(0o077) // what people wrote is nobody's business on this machine but ours
const parent = process.ppid
/** With kill, not exit: running queries would hold the exit handlers up, and the tables bear a kill at any moment. */
const end = (): void => { process.kill(process.pid, 'SIGKILL') }
let stop: () => void = end

process.on('SIGINT', () => undefined) // Ctrl-C reaches the whole terminal; the parent decides when the store ends
process.on('SIGTERM', () => stop())
process.on('disconnect', () => stop())
if (!process.connected) stop() // the engine was killed while this was being loaded, and nobody was told
setInterval(() => { if (process.ppid !== parent) stop() }, 1000).unref()
process.once('message', (orders: ChildOrders) => {
  serve(orders).catch((error: unknown) => {
    report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    stop()
  })
})

const triesMax = 200

async function serve(orders: ChildOrders): Promise<void> {
  mkdirSync(orders.directory, { recursive: true })
  chmodSync(orders.directory, 0o700) // also where an earlier version made it for everybody
  const spool = new Spool({ disk: join(orders.directory, 'spool') })
  stop = () => {
    spool.close()
    end()
  }
  const pool = new ChdbPool(orders.directory, { connectionsMax: orders.connectionsMax, waitingMax: 256 })
  const connection = await firstConnection(pool, orders.directory)
  await connection.session.queryAsync(`CREATE DATABASE IF NOT EXISTS \`${orders.database}\` ENGINE = Atomic`).catch((error: unknown) => { throw toChdbError(error) })
  const version = (await connection.session.queryAsync('SELECT version()', { format: 'TabSeparated' })).text().trim()
  pool.giveBack(connection)
  const server = createChdbServer(pool, spool, orders)
  const ports = portsFor(orders.port)
  const listen = (): void => { server.listen(ports.shift(), '127.0.0.1') }
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' && ports.length > 0) return listen()
    const reason = error.code === 'EADDRINUSE' ? `port ${orders.port} on 127.0.0.1 is taken: choose another for the embedded ClickHouse, or 0 for a free one` : error.message
    report({ kind: 'failed', reason })
    stop()
  })
  server.once('listening', () => report({ kind: 'listening', port: (server.address() as AddressInfo).port, version }))
  listen()
  stop = () => {
    server.close()
    server.closeIdleConnections()
    const began = Date.now()
    const wait = setInterval(() => {
      if (pool.busy > 0 && Date.now() - began < 8000) return // what is being inserted may still be acknowledged
      clearInterval(wait)
      pool.close()
      spool.close()
      end()
    }, 10)
    stop = () => undefined
  }
}

/** Which are tried; 0: any free one. The child that follows this one has its address: nobody else must get it meanwhile. */
const portsFor = (port: number): number[] => (port === 0 ? [...ownPorts('store').slice(0, triesMax), 0] : [port])

/** One process at a time has a directory. A child whose engine was killed just now may still be ending, so wait for it a while. */
async function firstConnection(pool: ChdbPool, directory: string): Promise<Connection> {
  for (let triesLeft = 48; ; triesLeft--) {
    try {
      return await pool.take({ database: 'default', settings: new Map(), params: new Map() })
    } catch (error) {
      if (triesLeft === 0) throw new Error(`${directory} cannot be opened: another groundswell runs on it, or it cannot be written to`, { cause: error })
      await sleep(250)
    }
  }
}

function report(message: ChildReport): void { if (process.connected) process.send?.(message) }
