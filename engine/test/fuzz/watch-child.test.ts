// The watcher of the fuzzers finds what it is there for: a broken promise, an input that never ends, one that ends the process.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../processes.ts'
import { fuzz } from './watch-child.ts'

/** A child that is at input 7 of seed 5 and then does `what`. */
async function childThat(what: string): Promise<{ readonly program: string; readonly noteFile: string }> {
  const folder = await testFolder('fuzz-watch')
  const program = join(folder, 'child.mjs')
  writeFileSync(program, `import { writeFileSync } from 'node:fs'\nwriteFileSync(process.argv[6], Buffer.from(Int32Array.of(5, 7, 8).buffer))\n${what}\n`)
  return { program, noteFile: join(folder, 'note') }
}

test.each([
  ['never ends', 'for (;;) {}', { inputMs: 300 }, 'too slow'],
  ['ends the process', 'process.abort()', {}, 'process ended'],
  ['takes all memory', 'const all = []; setInterval(() => all.push(Buffer.alloc(5e7, 1)), 50)', { rssBytes: 3e8 }, 'too much memory'],
])('an input that %s is named with its seed and path', async (_, what, within, kind) => {
  const { program, noteFile } = await childThat(what)
  const { failure } = await fuzz({ name: 'any', seed: 1, inputs: 10, noteFile }, { ...within, program })
  expect(failure).toMatchObject({ kind, seed: 5, path: '7' })
})

test('a real target runs to its end in a child', async () => {
  const folder = await testFolder('fuzz-real')
  expect(await fuzz({ name: 'query', seed: 3, inputs: 50, noteFile: join(folder, 'note') })).toMatchObject({ name: 'query', inputs: 50, failure: null })
})
