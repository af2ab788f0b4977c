// What a browser has to load for each page of the dashboard, compressed, without fonts: the entry with all that it needs, and the page's own.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

interface Chunk { readonly file: string; readonly src?: string; readonly isEntry?: boolean; readonly isDynamicEntry?: boolean; readonly imports?: readonly string[]; readonly dynamicImports?: readonly string[]; readonly css?: readonly string[] }
type Manifest = Readonly<Record<string, Chunk>>

/** `npm run bench -- bundle`. KB of gzip (level 6) by page; `more`: beyond the entry. What a page loads only later (a worker, a chunk of its own) is listed beside. */
export async function bundle(): Promise<Record<string, { readonly kb: number; readonly moreKb: number }>> {
  const outDir = mkdtempSync(join(tmpdir(), 'groundswell-bundle-'))
  try {
    process.env['NODE_ENV'] = 'production'
    await build({ configFile: fileURLToPath(new URL('../../../dashboard/vite.config.ts', import.meta.url)), logLevel: 'error', build: { outDir, emptyOutDir: true, manifest: true } })
    const manifest = JSON.parse(readFileSync(join(outDir, '.vite', 'manifest.json'), 'utf8')) as Manifest
    const sizes = new Map<string, number>()
    const kbOf = (files: ReadonlySet<string>): number => [...files].reduce((sum, file) => {
      if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(outDir, file)), { level: 6 }).length / 1024)
      return sum + sizes.get(file)!
    }, 0)
    const entry = Object.keys(manifest).find((key) => manifest[key]!.isEntry === true)
    if (entry === undefined) throw new Error('the build has no entry: see dashboard/vite.config.ts')
    const first = filesOf(manifest, entry)
    const pages = Object.keys(manifest).filter((key) => manifest[key]!.isDynamicEntry === true).sort()
    const rows = pages.map((key) => {
      const files = filesOf(manifest, key)
      return [nameOf(key), { kb: round(kbOf(new Set([...first, ...files]))), moreKb: round(kbOf(new Set([...files].filter((file) => !first.has(file))))) }] as const
    })
    return { 'first load (the wall)': { kb: round(kbOf(first) + gzipSync(readFileSync(join(outDir, 'index.html'))).length / 1024), moreKb: 0 }, ...Object.fromEntries(rows) }
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}

/** Code and styles of a chunk and of all that it needs at once. */
function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return new Set()
  seen.add(key)
  const { file, css = [], imports = [] } = manifest[key]!
  return new Set([file, ...css, ...imports.flatMap((one) => [...filesOf(manifest, one, seen)])])
}

const nameOf = (key: string): string => /([^/]+)\.(svelte|ts)$/.exec(key)?.[1] ?? key
const round = (kb: number): number => Math.round(kb * 10) / 10
