// The version of this checkout, as package.json has it.
import { readFileSync } from 'node:fs'

export const version = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** The Node that this checkout brings along. */
export const nodePinned = (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { devDependencies: { node: string } }).devDependencies.node
