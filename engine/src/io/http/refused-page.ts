// What a browser shows that opens a page without a right to it: words, in both languages, as quiet and as large as a wall. There is no login page.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from './answer.ts'

/** Whether a person waits for a page, rather than a program for JSON. */
export const wantsPage = ({ method, url, headers }: FastifyRequest): boolean => method === 'GET' && !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html')

export function sendRefusedPage(reply: FastifyReply, { body, headers, status }: Refusal): FastifyReply {
  return reply.status(status).headers({ ...headers, 'cache-control': 'no-store', 'content-security-policy': policy }).type('text/html; charset=utf-8').send(pageOf(body.error === 'token-revoked' ? revoked : needed))
}

// The colours of dashboard/src/look/tokens.css. A screen asks again by itself: a token that counts again needs nobody at its keyboard.
const style = 'body{margin:0;min-height:100vh;box-sizing:border-box;padding:8vh 8vw;display:flex;flex-direction:column;justify-content:center;gap:6vh;background:#0E1216;color:#E8EDF2;font-family:sans-serif;line-height:1.5}'
  + 'h1{margin:0 0 2vh;font-size:5vh;font-weight:600}p{margin:0;font-size:3.6vh;color:#A9B6C2}code{font-size:.9em}'
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

interface Words { readonly title: string; readonly text: string }

const pageOf = ({ zh, en }: { readonly zh: Words; readonly en: Words }): string => `<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="60">
<title>Groundswell</title><style>${style}</style></head><body>
<main><h1>${zh.title}</h1><p>${zh.text}</p></main>
<section lang="en"><h1>${en.title}</h1><p>${en.text}</p></section>
</body></html>`

const command = '<code>groundswell tokens add</code>'
const revoked = {
  zh: { title: '此设备的访问权已失效', text: `请值班管理员用 ${command} 生成新链接，并在此浏览器中打开一次。` },
  en: { title: 'This device has lost its access', text: `Whoever runs the room makes a new link with ${command}; open it once in this browser.` },
}
const needed = {
  zh: { title: '需要访问令牌', text: `请在此浏览器中打开一次带有 <code>?token=…</code> 的链接；链接由值班管理员用 ${command} 生成。` },
  en: { title: 'A token is needed', text: `Open a link with <code>?token=…</code> once in this browser; whoever runs the room makes it with ${command}.` },
}
