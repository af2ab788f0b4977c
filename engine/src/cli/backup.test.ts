import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { groundswell } from '../../test/processes.ts'

test('a backup of nothing, into no folder, or from no file is told in a sentence and begins nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-no-backup-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  const said = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await groundswell(args, { cwd: folder })
    expect([code, stdout]).toEqual([1, ''])
    return stderr
  }
  expect(await said('restore', 'none.tar', '--data', 'data')).toBe('groundswell restore: there is no file none.tar: name the tar that groundswell backup wrote\n')
  expect(await said('backup', 'b.tar', '--data', 'none')).toContain('there is no data folder')
  expect(await said('backup', 'nowhere/b.tar', '--data', '.')).toBe(`groundswell backup: there is no folder ${join(folder, 'nowhere')}: make it first, or name a file elsewhere\n`)
  expect(readdirSync(folder)).toEqual([])
})
