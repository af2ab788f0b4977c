// fast-check as the tests meet it: the same inputs on every run, so that whether a commit is well is no matter of chance. GROUNDSWELL_TEST_SEED
// names other inputs, and `npm run fuzz` tries a million of them.
import { createRequire } from 'node:module'
import type * as FastCheck from 'fast-check'

const { default: fc } = createRequire(import.meta.url)('fast-check') as typeof FastCheck
fc.configureGlobal({ seed: Number(process.env['GROUNDSWELL_TEST_SEED'] ?? 20_240_520) })

export default fc
