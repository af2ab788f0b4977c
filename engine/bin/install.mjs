// What a fresh clone lacks, fetched the plain way: packages by npm ci, programs by the system's package manager or a docker image, the built wall.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { hasPinnedNode, root, toolPath } from './run-pinned.mjs'

const natsImage = 'nats:2.12.4-alpine'
export const fetchedTools = join(root, 'node_modules', '.groundswell')
const say = (text) => console.error(`groundswell: ${text}`)

/** Installs node_modules where it is missing or is not what package-lock.json says. Answers false where that failed. */
export function ensurePackages() {
  if (packagesCurrent() && hasPinnedNode()) return true
  say('installing packages with npm ci (once; about a minute) …')
  // The pinned Node lies inside the folder that npm ci replaces, so npm must run on the machine's own.
  const outside = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(join(root, 'node_modules'))).join(delimiter)
  const done = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, PATH: outside } })
  if (done.status === 0 && hasPinnedNode()) return true
  say(done.error ? `npm does not start (${done.error.message}). Install npm, then run this again.` : 'npm ci failed; its message is above. Mend that, then run this again.')
  return false
}

/** True where node_modules holds exactly the versions of package-lock.json (other platforms' optional packages apart). */
function packagesCurrent() {
  const installedFile = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedFile)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    const present = installed[path]
    if (path === '' || (!present && (entry.optional || entry.devOptional))) return true
    return present !== undefined && present.version === entry.version && present.integrity === entry.integrity
  })
}

/** The first of `names` that can be run, or null. */
export function findProgram(names) {
  for (const name of names) {
    for (const folder of toolPath(fetchedTools).split(delimiter)) {
      if (folder === '') continue
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch { continue }
    }
  }
  return null
}

/** Makes one of `names` available; answers whether it is. `packages` names what carries it: the same word in each package manager. */
export function ensureProgram(names, packageName) {
  if (findProgram(names)) return true
  const install = installerOf(packageName)
  if (install) {
    say(`${names[0]} is not on this machine; installing it: ${install.at(-1).join(' ')}`)
    for (const command of install) {
      spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 2], timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
  }
  return findProgram(names) !== null
}

/** The commands that install a package without a question, or null where we may not or cannot. */
function installerOf(packageName) {
  const isRoot = process.getuid?.() === 0
  if (!isRoot && findProgram(['brew'])) return [['brew', 'install', '--quiet', packageName]]
  const asRoot = isRoot ? [] : findProgram(['sudo']) && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null
  if (!asRoot) return null
  if (findProgram(['apt-get'])) return [[...asRoot, 'apt-get', 'update', '-qq'], [...asRoot, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', packageName]]
  if (findProgram(['dnf'])) return [[...asRoot, 'dnf', 'install', '-y', '-q', packageName]]
  if (findProgram(['apk'])) return [[...asRoot, 'apk', 'add', '--no-cache', '-q', packageName]]
  return null
}

/** nats-server from the machine, its package manager, or (Linux) copied out of the official image. Says what is missing and goes on. */
export function ensureNatsServer() {
  if (ensureProgram(['nats-server'], 'nats-server') || natsFromImage()) return true
  say('nats-server is not here and could not be installed (no package manager we may use, no docker).')
  say('Install it from https://github.com/nats-io/nats-server/releases; until then `demo` runs with its in-process source.')
  return false
}

function natsFromImage() {
  const docker = process.platform === 'linux' ? findProgram(['docker']) : null
  if (!docker || spawnSync(docker, ['info'], { stdio: 'ignore', timeout: 20_000 }).status !== 0) return false
  say(`taking nats-server out of the docker image ${natsImage} …`)
  const made = spawnSync(docker, ['create', natsImage], { encoding: 'utf8', stdio: ['ignore', 'pipe', 2], timeout: 300_000 })
  if (made.status !== 0) return false
  const container = made.stdout.trim()
  mkdirSync(fetchedTools, { recursive: true })
  const copied = spawnSync(docker, ['cp', `${container}:/usr/local/bin/nats-server`, join(fetchedTools, 'nats-server')], { stdio: ['ignore', 'ignore', 2] })
  spawnSync(docker, ['rm', container], { stdio: 'ignore' })
  return copied.status === 0
}

/** A browser for the end-to-end tests; they say so and are skipped without one. */
export function ensureChromium() {
  if (ensureProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], 'chromium')) return true
  say('no Chromium here and none could be installed: the tests in a real browser will say so.')
  return false
}

/** True where dashboard/dist was built after the last change of anything it is made from. */
export function wallIsBuilt() {
  const built = join(root, 'dashboard', 'dist', 'index.html')
  if (!existsSync(built)) return false
  const sources = ['dashboard', 'schemas/src', 'package-lock.json'].map((path) => newestUnder(join(root, path)))
  return statSync(built).mtimeMs >= Math.max(...sources)
}

function newestUnder(path) {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  const inside = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'dist' && !name.includes('.test.'))
  return inside.reduce((newest, name) => Math.max(newest, newestUnder(join(path, name))), 0)
}

/** Builds the wall; answers whether that went well. Quiet unless it fails. */
export function buildWall() {
  const done = spawnSync(join(root, 'node_modules', '.bin', 'vite'), ['build', '--logLevel', 'warn'], { cwd: join(root, 'dashboard'), stdio: ['ignore', 2, 2], env: { ...process.env, PATH: toolPath() } })
  return done.status === 0
}
