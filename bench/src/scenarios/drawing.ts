// Cascades on a browser's screen without a GPU: until they are there, and a frame of panning; our painter beside SVG, canvas paths and sigma.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { findChromium, openBrowser } from '../../../dashboard/test/browser.ts'
import type { Drawn } from '../drawing/page.ts'
import type { PainterName } from '../drawing/painters.ts'
import { quantile } from '../results.ts'

const sizes = [10_000, 50_000, 100_000, 200_000] as const
const names: readonly PainterName[] = ['ours', 'd3-hierarchy, canvas', 'd3-hierarchy, SVG', 'sigma']
const frames = 12
const patienceMs = 90_000 // for one painter of one size

/** `npm run bench -- drawing`. Milliseconds until the picture is there (layout included), median and p95 of a panned frame; words where it did not come. A frame takes at least two of the screen's own, 33 ms. */
export async function drawing(): Promise<Record<string, Record<string, unknown>>> {
  const executable = findChromium()
  if (executable === null) throw new Error('no chromium, chromium-browser or google-chrome on the PATH: install one')
  const script = await scriptOf('page.ts')
  const measured: Record<string, Record<string, unknown>> = {}
  for (const size of sizes) {
    const row: Record<string, unknown> = {}
    for (const name of names) {
      row[name] = await inBrowser(executable, script, { name, size })
      console.error(`${size} nodes, ${name}: ${JSON.stringify(row[name])}`)
    }
    measured[`${size} nodes`] = row
  }
  return measured
}

/** A browser each, so that none pays for what the one before left. */
async function inBrowser(executable: string, script: string, { name, size }: { readonly name: PainterName; readonly size: number }): Promise<unknown> {
  // sigma draws by WebGL alone: without a GPU that is a software one.
  const browser = await openBrowser(executable, name === 'sigma' ? ['--enable-unsafe-swiftshader'] : [])
  try {
    const page = await browser.context.newPage()
    await page.setViewportSize({ width: 1920, height: 1080 })
    await page.setContent('<!doctype html><body style="margin:0"></body>')
    await page.addScriptTag({ content: script })
    const work = page.evaluate(([painter, nodes, asked]) => (globalThis as unknown as { draw: (...given: unknown[]) => Promise<Drawn> }).draw(painter, nodes, asked), [name, size, { frames, patienceMs: patienceMs / 2 }] as const)
    const late = new Promise<null>((done) => { setTimeout(() => done(null), patienceMs).unref() })
    const drawn = await Promise.race([work.catch((error: unknown) => (error as Error).message.split('\n')[0]!), late])
    if (drawn === null) return `nothing after ${patienceMs / 1000} s`
    if (typeof drawn === 'string') return drawn
    return { firstMs: Math.round(drawn.firstMs), frameMs: Math.round(quantile(drawn.frameMs, 0.5)), frameP95Ms: Math.round(quantile(drawn.frameMs, 0.95)), frames: drawn.frameMs.length }
  } finally {
    await browser.close()
  }
}

async function scriptOf(entry: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'groundswell-drawing-'))
  try {
    await build({
      configFile: false, logLevel: 'error',
      build: { outDir, emptyOutDir: true, lib: { entry: fileURLToPath(new URL(`../drawing/${entry}`, import.meta.url)), formats: ['iife'], name: 'bench' } },
      define: { 'process.env.NODE_ENV': '"production"' },
    })
    return readFileSync(join(outDir, readdirSync(outDir).find((file) => file.endsWith('.js'))!), 'utf8')
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}
