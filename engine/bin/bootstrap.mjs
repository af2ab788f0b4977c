// What `npm run demo`, `npm start`, `npm test` and `npm run bench` call: plain JavaScript for Node ≥ 18 that installs what is missing,
// then hands over to the pinned Node. On a fresh clone there is nothing else yet.
import { join } from 'node:path'
import { buildWall, ensureChromium, ensureNatsServer, ensurePackages, fetchedTools, wallIsBuilt } from './install.mjs'
import { becomePinned, root, toolPath } from './run-pinned.mjs'

const [command, ...args] = process.argv.slice(2)
const main = join(root, 'engine', 'src', 'cli', 'main.ts')
// A question about usage needs no server and no wall.
const onlyAsks = args.includes('--help') || args.includes('-h')

if (!['demo', 'start', 'test', 'bench'].includes(command ?? '')) {
  console.error(`groundswell: "${command ?? ''}" is not one of demo, start, test, bench. Use: node engine/bin/bootstrap.mjs demo`)
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
} else if (command === 'bench') {
  becomePinned([join(root, 'bench', 'src', 'run.ts'), ...args])
} else {
  ensureChromium()
  const { runChecks } = await import('./checks.mjs')
  process.exitCode = await runChecks(args)
}
