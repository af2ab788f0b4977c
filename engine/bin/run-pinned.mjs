// Runs a program under the pinned Node as a child that gets every signal exactly once and never outlives whoever started us.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
const binaries = join(root, 'node_modules', '.bin')
export const pinnedNode = join(binaries, 'node')

/** Our tools first, then what the machine has; /usr/sbin because that is where Debian puts nats-server. */
export function toolPath(...first) {
  return [...first, binaries, process.env.PATH ?? '', '/usr/local/bin', '/usr/sbin', '/usr/local/sbin'].join(':')
}

/** True where the pinned Node is installed and starts. */
export function hasPinnedNode() {
  return existsSync(pinnedNode) && spawnSync(pinnedNode, ['--version'], { stdio: 'ignore' }).status === 0
}

/**
 * Runs `args` under the pinned Node and exits as it exits. The child leads its own process group: a Ctrl-C in the terminal reaches
 * only us, and is passed on once; a SIGTERM that npm keeps to itself is noticed as the death of our parent.
 */
export function becomePinned(args, env = process.env) {
  const child = spawn(pinnedNode, args, { stdio: 'inherit', detached: true, env: { ...env, PATH: toolPath(), GROUNDSWELL_LAUNCHER: String(process.pid) } })
  const signals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'] // not SIGHUP: nohup's choice stands, and a terminal that closes ends us and so the child
  for (const signal of signals) process.on(signal, () => { child.kill(signal) })
  watchElders(() => { child.kill('SIGTERM') })
  child.on('error', (error) => { console.error(`groundswell: ${pinnedNode} does not start: ${error.message}`); process.exit(1) })
  child.on('exit', (code, signal) => { process.exit(code ?? 128 + (constants.signals[signal] ?? 0)) })
}

/**
 * Under npm: calls `gone` once when our parent dies, or, where a shell stands between npm and us, when npm does. Started from a shell
 * (nohup, a service manager) nobody is watched: whoever started us may leave.
 */
function watchElders(gone) {
  if (!process.env.npm_command && !process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const npm = process.env.npm_lifecycle_event && isShell(parent) ? parentOf(parent) : 0
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm <= 1 || isAlive(npm))) return
    clearInterval(timer)
    gone()
  }, 500)
  timer.unref()
}

function ps(pid, column) {
  const answer = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' })
  return answer.status === 0 ? answer.stdout.trim() : ''
}
const isShell = (pid) => /(^|\/)-?(sh|dash|bash|zsh|ash|busybox)$/.test(ps(pid, 'comm'))
const parentOf = (pid) => Number(ps(pid, 'ppid')) || 0

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
