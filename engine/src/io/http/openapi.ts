// The OpenAPI 3.1 document, made from the same routes and shapes that answer the requests.
import { z } from 'zod'
import { problemSchema } from './answer.ts'
import type { Route } from './route.ts'

/** A JSON document; `version` is the engine's. */
export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:([a-z]+)/gi, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Groundswell', version, description: 'Mentions in, velocity out. Times are event times unless they say ingest.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of the settings, where one is set' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'groundswell', description: 'Set by opening /?token=… once' },
      },
    },
    security: [{ bearer: [] }, { cookie: [] }, {}],
  }
}

function operation(route: Route): Record<string, unknown> {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  const problem = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } }
  const answers = Object.entries(route.answers).map(([status, { description, shape, type }]) =>
    [status, { description, content: shape ? { 'application/json': { schema: jsonSchema(shape, 'output') } } : { [type ?? 'application/json']: {} } }] as const)
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^a-z]+([a-z])/gi, (_, letter: string) => letter.toUpperCase())}`,
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, description: route.body.description, content: { [route.body.type]: { schema: { type: 'string' } } } } }),
    ...(route.json && { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.json, 'input') } } } }),
    ...(route.open === true && { security: [{}] }),
    responses: { ...Object.fromEntries(answers), default: { description: 'What is wrong, and what to do', content: problem } },
  }
}

function parametersOf(shape: z.ZodObject | undefined, place: 'path' | 'query'): Record<string, unknown>[] {
  if (!shape) return []
  return Object.entries(shape.shape).map(([name, field]) => {
    const { description, default: fallback, ...schema } = jsonSchema(field as z.ZodType, 'input')
    return {
      name, in: place, required: place === 'path',
      ...(description !== undefined && { description }),
      schema: { ...schema, ...(fallback !== undefined && { default: fallback }) },
    }
  })
}

function jsonSchema(shape: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as Record<string, unknown>
  return schema
}
