// Opens where mentions come from and where facts go: embedded parts as children, or the servers that the settings name.
import { join } from 'node:path'
import { openStore, type ClickhouseStore } from '../io/clickhouse/store.ts'
import { startSupervisedClickhouse } from '../io/clickhouse/supervised.ts'
import { freeIn } from '../io/disk/free.ts'
import { InProcessStream } from '../io/in-process/stream.ts'
import { findNatsServer } from '../io/nats/find-server.ts'
import { startNatsServer } from '../io/nats/server.ts'
import { openNatsStream } from '../io/nats/stream.ts'
import type { Settings } from '../io/settings/settings.ts'
import type { InputStream } from '../ports.ts'
import type { Closers } from './house.ts'
import { storeTellers } from './parts.ts'
import type { Tellers } from './telling.ts'

export interface SourceOptions extends Tellers {
  readonly settings: Settings
  readonly closers: Closers
  readonly inProcessAllowed: boolean
}

const roomToServe = 16 << 20 // a block of the stream and what keeps it
const noServer = 'there is no nats-server on this machine: install it (Debian: apt-get install nats-server; macOS: brew install nats-server), or name a running one with --nats URL'

export async function openInput({ settings, log, metrics, closers, inProcessAllowed }: SourceOptions): Promise<InputStream> {
  const warn = (message: string): void => log.warn(message)
  const { nats } = settings
  const maxBytes = settings.streamMaxBytes
  if (nats.kind === 'url') return opened(await openNatsStream({ url: nats.url, maxBytes, production: true, warn }), closers)
  const binary = await findNatsServer()
  if (binary === null) {
    if (!inProcessAllowed) throw new Error(noServer)
    log.warn(`${noServer}. This drill goes on with the in-process source: nothing comes over NATS, and nobody else can publish`)
    return opened(new InProcessStream({ now: Date.now }), closers)
  }
  const server = await startNatsServer({ binary, storeDir: join(settings.data, 'nats'), port: nats.port, warn, onDeath: (detail) => { log.error(detail); metrics.partRestarted('nats') } })
  closers.push(() => server.stop())
  log.info(`nats-server runs beside the engine at ${server.url}`)
  const onSilent = async (): Promise<void> => {
    const room = await freeIn(settings.data)
    if (room < roomToServe) return // it would fall silent at its first message: the disk watch says who must act
    log.error('the embedded nats-server is restarted: its JetStream is stuck, after a full disk mostly. Nothing that was acknowledged is lost; nobody need act unless this comes again')
    server.restart()
  }
  return opened(await openNatsStream({ url: server.url, maxBytes, warn, onSilent: () => void onSilent() }), closers)
}

function opened(stream: InputStream, closers: Closers): InputStream {
  closers.push(() => stream.close())
  return stream
}

export async function openFacts({ settings, closers, ...tellers }: SourceOptions): Promise<ClickhouseStore> {
  const { retentionDays, clickhouse } = settings
  const store = await openStore({ ...(clickhouse.kind === 'url' ? loginOf(clickhouse.url) : await embedded(join(settings.data, 'clickhouse'))), retentionDays })
  closers.push(() => store.close())
  return store

  async function embedded(directory: string): Promise<Login> {
    const child = await startSupervisedClickhouse({ directory, ...storeTellers(tellers) })
    closers.push(() => child.stop())
    tellers.log.info(`the embedded ClickHouse ${child.version} answers at ${child.url}`)
    return child
  }
}

interface Login { readonly url: string; readonly user: string; readonly password: string; readonly database: string }

/** `http://user:password@host:8123/database`, each part but the host with ClickHouse's own default. */
export function loginOf(address: string): Login {
  const url = new URL(address)
  const { username, password, pathname } = url
  url.username = ''
  url.password = ''
  url.pathname = '/'
  return { url: url.href.replace(/\/$/, ''), user: decodeURIComponent(username) || 'default', password: decodeURIComponent(password), database: pathname.replaceAll('/', '') || 'groundswell' }
}
