// What a browser shows that opens a page without a right to it: words, in both languages. There is no login page.
import type { FastifyRequest } from 'fastify'
import type { Refusal } from './answer.ts'

/** Whether a person waits for a page, rather than a program for JSON. */
export const wantsPage = ({ method, url, headers }: FastifyRequest): boolean => method === 'GET' && !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html')

export function refusedPage({ body }: Refusal): string {
  const words = body.error === 'token-revoked' ? revoked : needed
  return `<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Groundswell</title>
<h1>${words.zh.title}</h1>
<p>${words.zh.text}</p>
<h1 lang="en">${words.en.title}</h1>
<p lang="en">${words.en.text}</p></html>`
}

const command = '<code>groundswell tokens add</code>'
const revoked = {
  zh: { title: '此设备的访问权已失效', text: `请值班管理员用 ${command} 重新生成链接，并在此浏览器中打开一次。` },
  en: { title: 'This device has lost its access', text: `Whoever runs the room makes a new link with ${command}; open it once in this browser.` },
}
const needed = {
  zh: { title: '需要访问令牌', text: `请在此浏览器中打开一次带有 <code>?token=…</code> 的链接；链接由值班管理员用 ${command} 生成。` },
  en: { title: 'A token is needed', text: `Open a link with <code>?token=…</code> once in this browser; whoever runs the room makes it with ${command}.` },
}
