// groundswell <command>: JSON lines on stdout, progress and prose on stderr; exit 0 ok, 1 failed, 2 wrong usage.
import { Command, CommanderError } from 'commander'
import { endWithLauncher } from './lifetime.ts'
import { version } from './version.ts'

const engines = new Set(['start', 'demo'])

const program = new Command('groundswell')
  .description('A real-time public-opinion (舆情) engine with a wall.')
  .version(version)
  .showHelpAfterError('(groundswell <command> --help shows what it takes)')
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .hook('preAction', (_, command) => { if (!engines.has(command.name())) endWithLauncher() }) // an engine closes its parts first: see live()

/** A file each, read when it is asked for: who publishes a file waits for no server to be read. In the order in which help tells of them. */
const commands = new Map<string, () => Promise<(program: Command) => void>>([
  ['start', async () => (await import('./start.ts')).registerStart],
  ['demo', async () => (await import('./demo.ts')).registerDemo],
  ['publish', async () => (await import('./publish.ts')).registerPublish],
  ['backtest', async () => (await import('./backtest.ts')).registerBacktest],
  ['check-rules', async () => (await import('./check-rules.ts')).registerCheckRules],
  ['forget', async () => (await import('./forget.ts')).registerForget],
  ['dead-letters', async () => (await import('./dead-letters.ts')).registerDeadLetters],
  ['doctor', async () => (await import('./doctor.ts')).registerDoctor],
  ['backup', async () => (await import('./backup.ts')).registerBackup],
  ['restore', async () => (await import('./restore.ts')).registerRestore],
  ['score-series', async () => (await import('./score-series.ts')).registerScoreSeries],
  ['cascades', async () => (await import('./cascades.ts')).registerCascades],
  ['forecast', async () => (await import('./forecast.ts')).registerForecast],
  ['tokens', async () => (await import('./tokens.ts')).registerTokens],
])
const asked = commands.get(process.argv[2] ?? '')
for (const register of await Promise.all([...(asked ? [asked] : commands.values())].map((read) => read()))) register(program)
for (const command of program.commands) for (const each of [command, ...command.commands]) each.exitOverride()

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Asking for help or the version is no mistake; everything else that commander refuses is wrong usage.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
