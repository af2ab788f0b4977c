// Tests only: a request with full control of its headers, Host and Origin included.
import { once } from 'node:events'
import { request as send, type IncomingHttpHeaders } from 'node:http'

export async function ask(url: string, { headers = {}, method = 'GET', body }: { headers?: Record<string, string>; method?: string; body?: string } = {}) {
  const request = send(url, { method, headers, agent: false })
  request.end(body)
  const [response] = await once(request, 'response') as [AsyncIterable<Buffer> & { statusCode: number; headers: IncomingHttpHeaders }]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) }
}

export const post = (url: string, body: string, headers: Record<string, string> = {}) => ask(url, { method: 'POST', body, headers: { 'content-type': 'application/x-ndjson', ...headers } })
