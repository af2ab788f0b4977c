// What may be asked of a path that is there: whoever asks by another method is told so, not that the path is missing.
import { said } from '@groundswell/schemas/problem.ts'
import { refusal, type Refusal } from './answer.ts'
import type { Route } from './route.ts'

const readAlike = ['GET', 'HEAD'] // every path that is read tells its head too
const pages = ['/', '/wall', '/wall/']

/** Null: there is no such path for any method, or it is there for this one. `path`: without the query. */
export function wrongMethod(routes: readonly Pick<Route, 'method' | 'path'>[]): (asked: { readonly method: string; readonly path: string }) => Refusal | null {
  const patterns = [...routes, ...pages.map((path) => ({ method: 'GET', path }))].map(({ method, path }) => ({ methods: method === 'GET' ? readAlike : [method], parts: path.split('/') }))
  return ({ method, path }) => {
    const parts = path.split('/')
    const allowed = [...new Set(patterns.filter((one) => isAt(one.parts, parts)).flatMap(({ methods }) => methods))]
    if (allowed.length === 0 || allowed.includes(method)) return null
    const methods = allowed.join(', ')
    return refusal(405, 'wrong-method', { detail: said('method-wrong', { method, path: path.slice(0, 200) }), hint: said('methods-allowed', { methods }) }, { allow: methods })
  }
}

const isAt = (pattern: readonly string[], path: readonly string[]): boolean => pattern.length === path.length && pattern.every((part, at) => (part.startsWith(':') ? path[at] !== '' : part === path[at]))
