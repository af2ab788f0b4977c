// One JSON log line as a person reads it in a terminal: time, level, message, then key=value. Control characters of values
// are escaped, so that a mention or a header cannot write to the terminal.
const colours: Readonly<Record<string, string>> = { error: '\u001B[31m', warn: '\u001B[33m', info: '\u001B[32m', debug: '\u001B[2m' }
const reset = '\u001B[0m'
const valueCharsMax = 400

/** A line that is no JSON comes back as it is. */
export function formatLine(json: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(json) as Record<string, unknown>
  } catch {
    return json
  }
  const { time, level, message, ...fields } = entry
  const at = typeof time === 'string' ? time.slice(11, 19) : ''
  const label = String(level).toUpperCase().padEnd(5)
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${readable(value)}`).join('')
  return `${at} ${colours[String(level)] ?? ''}${label}${reset} ${escapeControls(String(message ?? ''))}${rest}\n`
}

function readable(value: unknown): string {
  const text = typeof value === 'string' ? value : isError(value) ? value.message : JSON.stringify(value)
  const short = text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text
  return escapeControls(/\s/.test(short) ? JSON.stringify(short) : short)
}

const isError = (value: unknown): value is { message: string } =>
  typeof value === 'object' && value !== null && 'message' in value && 'stack' in value && typeof value.message === 'string'

const escapeControls = (text: string): string =>
  text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
