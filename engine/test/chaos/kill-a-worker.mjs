// A preload for processes under test (NODE_OPTIONS=--import <this file>): SIGUSR2 ends one of the process's worker threads, in turn,
// in the middle of whatever it does. In a process without worker threads, and in the threads themselves, it does nothing.
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  const threads = createRequire(import.meta.url)('node:worker_threads')
  const alive = new Set()
  threads.Worker = class extends threads.Worker {
    constructor(...from) {
      super(...from)
      alive.add(this)
      this.once('exit', () => alive.delete(this))
    }
  }
  syncBuiltinESMExports()
  process.on('SIGUSR2', () => {
    const [next] = alive
    if (next === undefined) return
    alive.delete(next)
    void next.terminate()
  })
}
