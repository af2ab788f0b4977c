// `groundswell restore FILE --data DIR`: a backup into an empty folder, every checksum verified before it says that it is done.
import { accessSync, constants, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readBackup } from '../backup/read-backup.ts'

export function registerRestore(program: Command): void {
  program.command('restore').description('write a backup into an empty folder, which an engine then starts with')
    .argument('<file>', 'the tar file that groundswell backup wrote')
    .requiredOption('--data <dir>', 'the new data folder; made where it is not there, refused where it is not empty')
    .action(async (file: string, { data }: { readonly data: string }) => {
      try {
        if (!existsSync(file)) throw new Error(`there is no file ${file}: name the tar that groundswell backup wrote`)
        accessSync(file, constants.R_OK)
        const folder = resolve(data)
        const { version, at, position, elsewhere, online, files } = await readBackup(file, folder)
        process.stdout.write(`${JSON.stringify({ data: folder, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), at, version, position, elsewhere, online })}\n`)
        process.stderr.write(`every checksum is right. Start it: groundswell start --data ${data}\n`)
        process.stderr.write('access tokens are in no backup: make those of people and walls anew with groundswell tokens add\n')
        if (online) process.stderr.write('it was made while its engine ran: it holds no stream, and begins with a new one; what came behind its position is not in it\n')
        if (elsewhere.length > 0) process.stderr.write(`not in this backup, and to be restored by itself: ${elsewhere.join(', ')}\n`)
      } catch (error) {
        process.stderr.write(`groundswell restore: ${(error as Error).message}\n`)
        process.exitCode = 1
      }
    })
}
