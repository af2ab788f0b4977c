import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { groundswell, testFolder } from '../../test/processes.ts'

test('without an engine tokens are made, listed and revoked in the folder itself, and what is wrong is told in a sentence', async () => {
  const cwd = await testFolder('tokens')
  const run = (...args: string[]) => groundswell(['tokens', ...args], { cwd })
  expect(await run('list')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there is no data folder') as string })
  mkdirSync(join(cwd, 'data'))
  const made = await run('add', '--name', '大厅', '--role', 'wall', '--listen', '127.0.0.1', '--http', '8090')
  const { token, link, ...row } = JSON.parse(made.stdout) as Record<string, string | null>
  expect([made.code, link]).toEqual([0, `http://127.0.0.1:8090/wall?token=${token}`])
  expect(row).toMatchObject({ name: '大厅', role: 'wall', wall: 'main', createdBy: 'operator', lastUsedAt: null })
  expect(made.stderr).toContain('It is not told again')
  const file = join(cwd, 'data', 'tokens.json')
  expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8').includes(token!)]).toEqual([0o600, false])
  const wrong = [run('add', '--name', '大厅', '--role', 'viewer'), run('add', '--name', 'x', '--role', 'king')] // the second ends before it looks at the folder
  expect(await wrong[0]).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there is a token "大厅" already: take another name') as string })
  expect(await wrong[1]).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('a role is one of wall, viewer, operator') as string })
  expect(JSON.parse((await run('revoke', '大厅')).stdout)).toEqual({ ...row, revoked: true })
  writeFileSync(file, 'nothing')
  expect(await run('list')).toMatchObject({ code: 1, stderr: expect.stringMatching(/tokens\.json is no JSON .*groundswell tokens add\n$/) as string })
})
