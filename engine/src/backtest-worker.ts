// The thread of one backtest: lines in, each answered by how many of the span were looked at, the result at the end. It gives way to all other threads.
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { BacktestReply, BacktestSaid } from './io/rules-thread/backtest-thread.ts'
import { TopicBacktest, type TopicBacktestOptions } from './topic-backtest.ts'

const lowest = 19

giveWay()
const run = new TopicBacktest(workerData as TopicBacktestOptions)
parentPort!.on('message', (said: BacktestSaid) => {
  if (said.kind === 'end') return answer({ kind: 'result', result: run.end() })
  run.take(said.lines, said.before)
  answer({ kind: 'took', looked: run.looked })
})

function answer(reply: BacktestReply): void { parentPort!.postMessage(reply, []) }

/** On Linux a priority is a thread's own; elsewhere it would be the whole engine's, so it stays. */
function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const [, thread = ''] = /task\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? []
    if (thread !== '' && Number(thread) !== process.pid) setPriority(Number(thread), lowest)
  } catch {
    // Without /proc, as in some sandboxes, it runs as all others.
  }
}
