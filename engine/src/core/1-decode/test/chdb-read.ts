// For tests: what ClickHouse itself reads out of Native blocks. chDB runs in a process of its own, which ends with the answer.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const child = 'const { query } = await import("chdb"); process.stdout.write(query(process.argv[1], "JSONEachRow"))'

/** `SELECT <columns> FROM <the blocks>`, one object a row, 64-bit integers as strings. */
export function readNative(blocks: readonly Uint8Array[], columns = '*'): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-native-'))
  try {
    const file = join(folder, 'x.native')
    writeFileSync(file, Buffer.concat(blocks))
    const sql = `SELECT ${columns} FROM file('${file}', 'Native') SETTINGS output_format_json_quote_64bit_integers = 1, max_threads = 1`
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', child, sql], { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8', maxBuffer: 1 << 28 })
    return answer.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
