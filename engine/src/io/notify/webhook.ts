// A webhook as the Standard Webhooks specification has it (standardwebhooks.com, 2023): webhook-id, webhook-timestamp and
// webhook-signature `v1,` HMAC-SHA256 over `id.timestamp.body`. Redirects are not followed, answers are read up to a bound.
import { createHash, createHmac } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Grade } from '@groundswell/schemas/grade.ts'
import type { Alert, Clock, Destination, Outcome } from './destination.ts'
import { retryAfterMs } from './retry.ts'

export const webhookLimits = { timeoutMs: 15_000, bodyMs: 1000, answerBytesMax: 2048 } as const // bodyMs: for the body, once the status is there

export interface WebhookOptions { readonly url: string; readonly secret: string; readonly grades: readonly Grade[]; readonly clock: Clock }

export function createWebhook({ url, secret, grades, clock }: WebhookOptions): Destination {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return {
    // The path of a webhook's address is often a secret of its own: only the host is shown.
    key: `webhook:${new URL(url).host}:${createHash('sha256').update(url).digest('hex').slice(0, 12)}`,
    kind: 'webhook',
    admits: (grade) => grades.includes(grade),
    send: async (alert, signal) => {
      const body = bodyOf(alert)
      const headers = { ...signedHeaders({ id: alert.event.id, body, key, seconds: Math.floor(clock.now() / 1000) }), 'content-type': 'application/json', 'user-agent': 'groundswell' }
      const late = new AbortController()
      const stop = clock.after(webhookLimits.timeoutMs, () => { late.abort(new Error(`no answer within ${webhookLimits.timeoutMs / 1000} s`)) })
      try {
        return outcomeOf(await post(url, { headers, body, signal: AbortSignal.any([signal, late.signal]), clock }), clock.now())
      } catch (error) {
        const reason: unknown = late.signal.aborted ? late.signal.reason : error
        return { kind: 'retry', detail: reason instanceof Error ? reason.message : String(reason) }
      } finally {
        stop()
      }
    },
  }
}

/** The same bytes at each attempt: the event, its topic's name, and whether it is a drill. */
export function bodyOf({ event, name, mode }: Alert): string {
  return JSON.stringify({ type: `alert.${event.kind}`, timestamp: event.at, data: { ...event, name, mode } })
}

interface Signed { readonly id: string; readonly body: string; readonly key: Buffer; readonly seconds: number }

function signedHeaders({ id, body, key, seconds }: Signed): Record<string, string> {
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}

interface Answer { readonly status: number; readonly retryAfter: string | undefined; readonly text: string }

/** Answers of 4xx that say "later": timeout, conflict, too early, too many. */
const passing = new Set([408, 409, 425, 429])

function outcomeOf({ status, retryAfter, text }: Answer, now: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const detail = `answered ${status}${text === '' ? '' : ` ${JSON.stringify(text.slice(0, 200))}`}`
  if (status === 410) return { kind: 'gone', detail }
  if (status >= 400 && status < 500 && !passing.has(status)) return { kind: 'refused', detail }
  if (status >= 300 && status < 400) return { kind: 'retry', answered: true, detail: `${detail}; redirects are not followed: set the address it leads to` }
  const afterMs = status === 429 || status === 503 ? retryAfterMs(retryAfter, now) : undefined
  return { kind: 'retry', answered: true, detail, ...(afterMs !== undefined && { afterMs }) }
}

async function post(url: string, { headers, body, signal, clock }: { headers: Record<string, string>; body: string; signal: AbortSignal; clock: Clock }): Promise<Answer> {
  const bytes = Buffer.from(body)
  const open = url.startsWith('https:') ? httpsRequest : httpRequest
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // A connection of its own: an alert is rare, and a stale kept-alive connection would cost it an attempt.
    const request = open(url, { method: 'POST', agent: false, signal, headers: { ...headers, 'content-length': String(bytes.length) } }, resolve)
    request.on('error', reject)
    request.end(bytes)
  })
  const stop = clock.after(webhookLimits.bodyMs, () => { response.destroy(new Error(`no more of it within ${webhookLimits.bodyMs / 1000} s`)) })
  try {
    return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text: await beginning(response) }
  } finally {
    stop()
  }
}

/** The answer's first bytes, for the log; the status alone decides, so an answer that breaks off half-way is none the worse. */
async function beginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      if (bytes >= webhookLimits.answerBytesMax) break
    }
  } catch (error) {
    return `(the answer broke off: ${(error as Error).message})`
  }
  return Buffer.concat(chunks).toString('utf8', 0, webhookLimits.answerBytesMax).trim()
}
