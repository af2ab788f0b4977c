// A preload for an engine under test (NODE_OPTIONS=--import <this file>): its worker threads are those of the pool's tests, which a mention
// with a mark in it crashes or hangs.
import { registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const poisoned = new URL('../../src/io/pool/poison-worker.testing.ts', import.meta.url).href

if (!isMainThread) {
  registerHooks({
    resolve: (specifier, context, next) => next(specifier.endsWith('/engine/src/worker.ts') && context.parentURL !== poisoned ? poisoned : specifier, context),
  })
}
