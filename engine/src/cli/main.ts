// groundswell <command>: JSON lines on stdout, progress and prose on stderr; exit 0 ok, 1 failed, 2 wrong usage.
import { Command, CommanderError } from 'commander'
import { registerBacktest } from './backtest.ts'
import { registerBackup } from './backup.ts'
import { registerCascades } from './cascades.ts'
import { registerCheckRules } from './check-rules.ts'
import { registerDeadLetters } from './dead-letters.ts'
import { registerDemo } from './demo.ts'
import { registerDoctor } from './doctor.ts'
import { registerForecast } from './forecast.ts'
import { registerForget } from './forget.ts'
import { endWithLauncher } from './lifetime.ts'
import { registerPublish } from './publish.ts'
import { registerRestore } from './restore.ts'
import { registerScoreSeries } from './score-series.ts'
import { registerStart } from './start.ts'
import { registerTokens } from './tokens.ts'
import { version } from './version.ts'

const engines = new Set(['start', 'demo'])

const program = new Command('groundswell')
  .description('A real-time public-opinion (舆情) engine with a wall.')
  .version(version)
  .showHelpAfterError('(groundswell <command> --help shows what it takes)')
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .hook('preAction', (_, command) => { if (!engines.has(command.name())) endWithLauncher() }) // an engine closes its parts first: see live()

const registers = [
  registerStart, registerDemo, registerPublish, registerBacktest, registerCheckRules, registerForget,
  registerDeadLetters, registerDoctor, registerBackup, registerRestore, registerScoreSeries, registerCascades, registerForecast, registerTokens,
]
for (const register of registers) register(program)
for (const command of program.commands) for (const each of [command, ...command.commands]) each.exitOverride()

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Asking for help or the version is no mistake; everything else that commander refuses is wrong usage.
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
