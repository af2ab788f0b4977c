// Builds the wall into dist/: relative addresses only, so it can be served from any path, and no other origin named in any file.
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin } from 'vite'

/** The libraries' error texts carry links to their sites; a wall is often offline, and a built file names no other origin (W37). */
const withoutForeignLinks: Plugin = {
  name: 'groundswell:no-foreign-links',
  renderChunk: (code) => ({ code: code.replaceAll(/https:\/\/(svelte\.dev|socket\.io)\//g, '$1 '), map: null }),
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [svelte({ compilerOptions: { runes: true } }), withoutForeignLinks],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, sourcemap: false, chunkSizeWarningLimit: 400 },
  server: { proxy: { '/socket.io': { target: 'http://127.0.0.1:8080', ws: true }, '/api': 'http://127.0.0.1:8080' } },
})
