// The wall's files: hashed assets for ever, the page itself asked for anew each time; a page of words where nothing is built.
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fastifyStatic } from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Refusal } from './answer.ts'

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Groundswell</title>
<h1>The wall is not built yet · 大屏尚未构建</h1>
<p>The engine runs, its API is at <a href="/api/topics">/api/topics</a>. To build the wall: <code>npm run build</code>, then start again.</p>
<p>引擎已在运行。构建大屏：<code>npm run build</code>，然后重新启动。</p></html>`

/** `/` and everything that is no route of the API. `wrongMethod`: of a path that is there for other methods. */
export async function serveDashboard(app: FastifyInstance, folder: string, wrongMethod: (asked: { readonly method: string; readonly path: string }) => Refusal | null): Promise<void> {
  const built = existsSync(join(folder, 'index.html'))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const page = (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '').includes('text/html')
    // Screens of the wall have their own addresses; all are the one page. What looks like a file or the API is not.
    if (page && !path.startsWith('/api/') && !/\.[a-z0-9]+$/i.test(path)) {
      const below = path.split('/').length - 2 // there it would look for its files below itself, and stay empty
      return below > 0 ? reply.redirect(`${'../'.repeat(below)}${request.url.slice(path.length)}`, 302) : answerPage(reply, built)
    }
    throw wrongMethod({ method: request.method, path }) ?? new Refusal(404, { error: 'not-found', detail: `there is no ${request.method} ${path.slice(0, 200)}`, hint: 'see /api/openapi.json' })
  })
  // Where a device's link leads. Its files are named relative to it: /wall/ would look for them below itself.
  app.get('/wall', (_request, reply) => answerPage(reply, built))
  app.get('/wall/', (request, reply) => reply.redirect(`/wall${request.url.slice('/wall/'.length)}`, 308))
  if (!built) return
  await app.register(fastifyStatic, {
    root: folder, index: ['index.html'], cacheControl: false, dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      void reply.header('cache-control', path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

const answerPage = (reply: FastifyReply, built: boolean): FastifyReply => built
  ? reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false })
  : reply.status(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuilt)
