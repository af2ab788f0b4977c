import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemDisk as disk } from './disk.ts'

const folderOf = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-disk-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a file is what was written last, in pieces or not, under its new name', async () => {
  const folder = join(await folderOf(), 'a', 'b')
  await disk.makeFolder(folder)
  await disk.makeFolder(folder)
  await disk.write(join(folder, 'x'), [Uint8Array.of(9, 9, 9, 9, 9)])
  await disk.write(join(folder, 'x'), [Uint8Array.of(1, 2), Uint8Array.of(3)])
  await disk.write(join(folder, 'y'), [Uint8Array.of(7)])
  await disk.rename(join(folder, 'x'), join(folder, 'y'))
  await disk.syncFolder(folder)
  expect(await disk.list(folder)).toEqual(['y'])
  expect(await disk.read(join(folder, 'y'))).toEqual(Uint8Array.of(1, 2, 3))
  expect(await disk.size(join(folder, 'y'))).toBe(3)
})

test('removing twice is harmless, reading what is not there is told', async () => {
  const folder = await folderOf()
  await disk.write(join(folder, 'x'), [])
  await disk.remove(join(folder, 'x'))
  await disk.remove(join(folder, 'x'))
  await expect(disk.read(join(folder, 'x'))).rejects.toMatchObject({ code: 'ENOENT' })
})
