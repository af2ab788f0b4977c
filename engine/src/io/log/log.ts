// The engine's log: JSON lines on stderr, or one readable line each where stderr is a terminal. stdout stays free for answers.
// ERROR: data lost or a person is needed · WARN: recovered · INFO: lifecycle · nothing per mention.
import { pino } from 'pino'
import { formatLine } from './format-line.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  /** A log that adds these fields to every line, such as `{ part: 'nats' }`. */
  child(fields: LogFields): Log
}

export interface LogOptions {
  readonly level?: LogLevel
  /** Readable lines instead of JSON; the default is whether stderr is a terminal. */
  readonly readable?: boolean
  /** Where lines go, each with its line end; the default is stderr, written at once so that a crash loses none. */
  readonly write?: (line: string) => void
}

/** An Error under the key `error` is written with its message, its causes and its stack. */
export function createLog({ level = 'info', readable = process.stderr.isTTY === true, write }: LogOptions = {}): Log {
  const target = write ? { write } : pino.destination({ dest: 2, sync: true })
  const destination = readable ? { write: (line: string) => { target.write(formatLine(line)) } } : target
  return wrap(pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.errWithCause },
  }, destination))
}

function wrap(logger: pino.Logger): Log {
  return {
    error: (message, fields) => logger.error(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    child: (fields) => wrap(logger.child(fields)),
  }
}
