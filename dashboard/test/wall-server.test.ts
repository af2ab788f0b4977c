// The server of the browser tests itself: what a page asked that a test has left never reaches the next test.
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { snapshot } from './seeded.ts'
import { WallServer } from './wall-server.ts'

test('what was half asked when the page was left is not heard, what is asked anew is', async () => {
  const server = new WallServer('.', snapshot())
  const heard: string[] = []
  server.api = ({ pathname }) => {
    heard.push(pathname)
    return { status: 200, body: {} }
  }
  const url = await server.listen()
  const socket = connect(Number(url.port), '127.0.0.1')
  const gone = new Promise((done) => { socket.on('error', () => undefined).on('close', done) })
  socket.write('POST /api/old HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nha')
  await fetch(new URL('/api/there', url)) // by now the half has come
  server.forget()
  socket.write('lf')
  await gone
  expect((await fetch(new URL('/api/new', url))).status).toBe(200)
  expect(heard).toEqual(['/api/there', '/api/new'])
  await server.close()
})
