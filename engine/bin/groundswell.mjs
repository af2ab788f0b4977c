#!/usr/bin/env node
// `groundswell <command>` from any directory and under any Node: finds the pinned Node of its checkout and runs the CLI there.
import { join } from 'node:path'
import { becomePinned, hasPinnedNode, root } from './run-pinned.mjs'

if (!hasPinnedNode()) {
  console.error(`groundswell: its packages are not installed. Run \`npm ci\` in ${root} (or \`npm run demo\` there, which does it by itself).`)
  process.exit(1)
}
becomePinned([join(root, 'engine', 'src', 'cli', 'main.ts'), ...process.argv.slice(2)])
