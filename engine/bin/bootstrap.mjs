// What `npm run demo`, `npm start`, `npm test`, `npm run bench` and the long tests call: plain JavaScript for Node ≥ 18 that installs what is missing,
// then hands over to the pinned Node. On a fresh clone there is nothing else yet.
import { join } from 'node:path'
import { buildWall, ensureChromium, ensureNatsServer, ensurePackages, fetchedTools, wallIsBuilt } from './install.mjs'
import { becomePinned, root, toolPath } from './run-pinned.mjs'

const [command, ...args] = process.argv.slice(2)
const main = join(root, 'engine', 'src', 'cli', 'main.ts')
// A question about usage needs no server and no wall.
const onlyAsks = args.includes('--help') || args.includes('-h')

const measuring = new Map([['bench', 'bench/src/run.ts'], ['simulate', 'engine/test/simulation/simulate.ts'], ['chaos', 'engine/test/chaos/run.ts'], ['soak', 'bench/src/soak.ts'], ['fuzz', 'engine/test/fuzz/run.ts']])

if (!['demo', 'start', 'test', ...measuring.keys()].includes(command ?? '')) {
  console.error(`groundswell: "${command ?? ''}" is not one of demo, start, test, ${[...measuring.keys()].join(', ')}. Use: node engine/bin/bootstrap.mjs demo`)
  process.exit(2)
}
const major = Number(process.versions.node.split('.')[0])
if (major < 18) {
  console.error(`groundswell: this Node is ${process.version}; it takes 18 or newer to install the rest.`)
  process.exit(1)
}
if (process.platform === 'win32') {
  console.error('groundswell: Windows is not supported (chDB has no Windows build). Use WSL.')
  process.exit(1)
}
if (!ensurePackages()) process.exit(1)
process.env.PATH = toolPath(fetchedTools)
if (!onlyAsks) ensureNatsServer()

if (command === 'demo' || command === 'start') {
  if (!onlyAsks && !wallIsBuilt()) {
    console.error('groundswell: building the wall …')
    if (!buildWall()) {
      console.error('groundswell: the wall does not build; the messages are above.')
      process.exit(1)
    }
  }
  becomePinned([main, command, ...args])
} else if (measuring.has(command)) {
  becomePinned([join(root, measuring.get(command)), ...args])
} else {
  ensureChromium()
  const { runChecks } = await import('./checks.mjs')
  process.exitCode = await runChecks(args)
}
