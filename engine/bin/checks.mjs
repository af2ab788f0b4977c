// `npm test`: every check of the house, then the tests; all of them even where one fails. The last line counts.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { extname, join, relative } from 'node:path'
import { root, toolPath } from './run-pinned.mjs'
import { afterSecondTry, countsOf, filesToTryAgain } from './test-results.mjs'

const linesMax = 300
const measured = new Set(['.ts', '.svelte', '.mjs', '.cjs', '.js', '.css'])

/** Runs everything; arguments go to vitest (`npm test -- engine/src/core` runs only those tests). Answers the exit code. */
export async function runChecks(args) {
  // The types of TypeScript take one core for as long as everything else here takes another.
  const lanes = [
    [['types', () => told('tsc', ['-p', '.'])]],
    [
      ['types of the wall', () => told('svelte-check', ['--tsconfig', 'tsconfig.json', '--fail-on-warnings'], 'dashboard')],
      ['lint', () => told('oxlint', ['--deny-warnings', 'schemas', 'engine', 'dashboard', 'bench'])],
      ['who may import whom', () => told('depcruise', ['--config', '.dependency-cruiser.cjs', 'schemas/src', 'engine/src', 'dashboard/src', 'bench/src'])],
      [`files of at most ${linesMax} lines`, longFiles],
      ['build of the wall', () => told('vite', ['build', '--logLevel', 'warn'], 'dashboard')],
    ],
  ]
  const total = { passed: 0, failed: 0, skipped: 0 }
  const failures = []
  await Promise.all(lanes.map(async (steps) => {
    for (const [name, check] of steps) {
      const began = Date.now()
      const { good, words } = await check()
      console.log(`\n── ${name}\n${words}   ${good ? 'good' : 'FAILED'} after ${((Date.now() - began) / 1000).toFixed(1)} s`)
      total[good ? 'passed' : 'failed']++
      if (!good) failures.push(name)
    }
  }))
  console.log('\n── tests')
  const tests = await runVitest(args)
  for (const key of ['passed', 'failed', 'skipped']) total[key] += tests[key]
  if (tests.failed > 0) failures.push('tests')
  if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`)
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
  return total.failed === 0 ? 0 : 1
}

/** Runs a program and keeps what it says until it has ended, since others speak meanwhile. */
async function told(program, args, folder = '.') {
  const said = []
  const good = await run(program, args, { folder, hear: (text) => said.push(text) })
  return { good, words: said.join('') }
}

/** Runs a program of node_modules/.bin under the pinned Node; answers whether it succeeded. What it says goes to `hear`, or out where there is none. */
function run(program, args, { folder = '.', hear = null, env = {} } = {}) {
  return new Promise((resolve) => {
    const out = hear === null ? 'inherit' : 'pipe'
    const child = spawn(join(root, 'node_modules', '.bin', program), args, { cwd: join(root, folder), stdio: ['ignore', out, out], env: { ...process.env, ...env, PATH: toolPath() } })
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear)
    const stop = (signal) => { child.kill(signal) }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    const end = (good) => { process.off('SIGTERM', stop); process.off('SIGINT', stop); resolve(good) }
    child.on('error', (error) => { console.error(`${program} does not start: ${error.message}`); end(false) })
    child.on('close', (code, signal) => {
      end(code === 0)
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130)
    })
  })
}

/** The whole suite has a second try of the few files that failed; a developer who names files has what he sees. */
async function runVitest(args) {
  const first = await vitest(args)
  if (first === null) return { passed: 0, failed: 1, skipped: 0 }
  slowest(first.files)
  const again = args.length === 0 ? filesToTryAgain(first) : []
  if (again.length === 0) return countsOf(first)
  console.log('\n── what failed, once more, alone')
  const second = await vitest(again, 1)
  const { run: whole, flaky } = afterSecondTry(first, second ?? { files: [], errors: 1 }, root)
  if (flaky.length > 0) console.log(`\nPassed at the second try only, and is to be mended:\n${flaky.map((name) => `  ${name}\n`).join('')}`)
  return countsOf(whole)
}

/** One run of vitest, in as many files at once as there are `workers`: {files, errors}, or null where it left no report. */
async function vitest(args, workers = Math.max(1, Math.min(4, cpus().length))) {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-tests-'))
  const [report, errors] = [join(folder, 'report.json'), join(folder, 'errors')]
  try {
    const good = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--reporter=${join(root, 'vitest.errors.ts')}`, `--outputFile.json=${report}`, `--maxWorkers=${workers}`, ...args], { env: { GROUNDSWELL_TEST_ERRORS: errors } })
    const files = JSON.parse(readFileSync(report, 'utf8')).testResults
    const outside = Number(readFileSync(errors, 'utf8'))
    const fine = outside === 0 && files.every((file) => file.status === 'passed')
    return { files, errors: fine && !good ? 1 : outside }
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`)
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function slowest(files) {
  const timed = files.map((file) => ({ name: relative(root, file.name), seconds: (file.endTime - file.startTime) / 1000 })).sort((a, b) => b.seconds - a.seconds)
  console.log('\nSlowest test files:')
  for (const file of timed.slice(0, 8)) console.log(`  ${file.seconds.toFixed(1).padStart(6)} s  ${file.name}`)
}

function longFiles() {
  const long = ['schemas', 'engine', 'dashboard', 'bench'].flatMap((folder) => filesUnder(join(root, folder)))
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 })).filter((file) => file.lines > linesMax)
  return { good: long.length === 0, words: long.map((file) => `${relative(root, file.path)}: ${file.lines} lines; split it, ${linesMax} is the limit\n`).join('') }
}

function filesUnder(folder) {
  return readdirSync(folder).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist' || name === 'generated') return []
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesUnder(path) : measured.has(extname(name)) ? [path] : []
  })
}
