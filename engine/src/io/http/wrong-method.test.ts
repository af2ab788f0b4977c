import { expect, test } from 'vitest'
import { wrongMethod } from './wrong-method.ts'

const refused = wrongMethod([{ method: 'GET', path: '/api/topics' }, { method: 'GET', path: '/api/rules' }, { method: 'PUT', path: '/api/rules' }, { method: 'POST', path: '/api/mentions' }, { method: 'GET', path: '/api/topics/:id/series' }, { method: 'DELETE', path: '/api/tokens/:id' }])

test.each([
  { method: 'DELETE', path: '/api/topics', allow: 'GET, HEAD' }, { method: 'POST', path: '/api/rules', allow: 'GET, HEAD, PUT' }, { method: 'GET', path: '/api/mentions', allow: 'POST' }, { method: 'PATCH', path: '/api/topics/断网/series', allow: 'GET, HEAD' },
  { method: 'GET', path: '/api/tokens/a', allow: 'DELETE' }, { method: 'POST', path: '/', allow: 'GET, HEAD' }, { method: 'OPTIONS', path: '/wall', allow: 'GET, HEAD' },
])('$method $path is answered with what is allowed: $allow', ({ method, path, allow }) => {
  const refusal = refused({ method, path })
  expect([refusal?.status, refusal?.headers, refusal?.body.error, refusal?.body.detail]).toEqual([405, { allow }, 'wrong-method', `there is no ${method} ${path}`])
  expect(refusal?.body.hint).toContain(allow)
})

test.each([['GET', '/api/topics'], ['HEAD', '/api/rules'], ['GET', '/api/nothing'], ['POST', '/api/topics//series'], ['POST', '/api/topics/a'], ['POST', '/api/topics/'], ['GET', '/assets/x.js']])('%s %s is none of its business', (method, path) => expect(refused({ method, path })).toBeNull())
