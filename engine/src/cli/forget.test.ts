import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { groundswell } from '../../test/processes.ts'
import { freePortForTest } from '../io/nats/test-server.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundswell-forget-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
})

test.each([
  { from: 'groundswell.yml', place: (port: number) => { writeFileSync(join(folder, 'groundswell.yml'), `natsPort: ${port}\n`); return {} } },
  { from: 'GROUNDSWELL_NATS_PORT', place: (port: number) => ({ GROUNDSWELL_NATS_PORT: String(port) }) },
  { from: 'GROUNDSWELL_NATS_FILE', place: (port: number) => { writeFileSync(join(folder, 'address'), `nats://127.0.0.1:${port}\n`); return { GROUNDSWELL_NATS_FILE: 'address' } } },
])('forget asks the NATS that $from names', async ({ place }) => {
  const port = await freePortForTest()
  const { code, stderr } = await groundswell(['forget', '--author', 'someone'], { cwd: folder, env: place(port) })
  expect(code, stderr).toBe(1)
  expect(stderr).toContain(`127.0.0.1:${port}`)
})

test('the help of forget shows no token of the environment', async () => {
  const { code, stdout, stderr } = await groundswell(['forget', '--help'], { cwd: folder, env: { GROUNDSWELL_NATS: 'nats://s3cr3t-token@nats:4222' } })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toContain('--nats')
  expect(stdout).not.toContain('s3cr3t')
})

test('wrong settings are wrong usage', async () => {
  const { code, stderr } = await groundswell(['forget', '--author', 'someone', '--nats', 'http://x'], { cwd: folder })
  expect([code, stderr], stderr).toEqual([2, expect.stringMatching(/NATS address/)])
})
