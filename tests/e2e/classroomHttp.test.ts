/** What the classroom lets in, and how it serves the page and files. */
import { request, type IncomingHttpHeaders } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connectPerson } from '../../src/classroom/client.ts'
import { startClassroom, type Classroom } from '../../src/classroom/index.ts'

let dataDir: string
let classroom: Classroom
let port: number

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darkroom-http-'))
  classroom = await startClassroom({ port: 0, dataDir })
  port = Number(new URL(classroom.url).port)
})

afterAll(async () => {
  await classroom.close()
  await rm(dataDir, { recursive: true, force: true })
})

type Answer = { status: number; headers: IncomingHttpHeaders; text: string }

/** A request with headers that fetch does not let one set. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    call.on('error', reject)
    call.end()
  })
}

/** The status with which a WebSocket is refused, or 101. */
function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
  })
}

describe('addresses', () => {
  const paths = ['/', '/page/persons', '/api/v10/gateway/bot', '/attachments/1/2/x.png']

  test.each(paths)('%s refuses other hosts and other origins', async (path) => {
    const others = [
      { host: 'evil.example' },
      { host: `evil.example:${port}` },
      { host: `127.0.0.1:${port + 1}` },
      { host: `127.0.0.1:${port}.evil.example` },
      { origin: 'https://evil.example' },
      { origin: `http://127.0.0.1:${port + 1}` },
      { origin: 'null' },
    ]
    for (const headers of others) expect((await get(path, headers)).status).toBe(403)
  })

  test.each(['127.0.0.1', 'localhost'])('%s is let in, also with its own origin', async (name) => {
    const host = `${name}:${port}`
    expect((await get('/page/persons', { host, origin: `http://${host}` })).status).toBe(200)
  })

  test.each(['/gateway', '/page/live'])('the WebSocket %s refuses other hosts and origins', async (path) => {
    const me = (await connectAndLeave()).id
    const address = `${path}?person=${me}&v=10`
    expect(await upgrade(address, { host: `evil.example:${port}` })).toBe(403)
    expect(await upgrade(address, { origin: 'http://evil.example' })).toBe(403)
    expect(await upgrade(address, { origin: classroom.url })).toBe(101)
  })

  test('an unknown person gets no live connection', async () => {
    expect(await upgrade('/page/live?person=1', {})).toBe(404)
    await expect(connectPerson(classroom.url, 'Zoe')).rejects.toThrow('there are Ida, Ben, Mei, Noor')
  })

  test('another site may link to the page, but not load its parts', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const part = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    expect((await get('/', link)).status).toBe(200)
    expect((await get('/main.js', part)).status).toBe(403)
    expect((await get('/page/persons', part)).status).toBe(403)
  })
})

async function connectAndLeave() {
  const person = await connectPerson(classroom.url, 'Noor')
  await person.close()
  return person.me
}

describe('files', () => {
  test('the page is served with its types and a policy that keeps everything on this machine', async () => {
    const page = await get('/')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*|unsafe/)
    expect((await get('/main.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect((await get('/styles/base.css')).headers['content-type']).toBe('text/css; charset=utf-8')
  })

  test.each([
    '/../index.ts',
    '/%2e%2e/index.ts',
    '/..%2findex.ts',
    '/..%2f..%2f..%2fpackage.json',
    '/styles',
    '/.hidden',
    '/%00',
    '/%',
  ])('%s is not a file of the page', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  test.each(['/attachments/1/2/..%2f..%2fclassroom.db', '/attachments/1/2/..', '/attachments/x/2/a.png'])(
    '%s is not an attachment',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  test('only GET and HEAD are answered', async () => {
    expect((await get('/', {}, 'DELETE')).status).toBe(405)
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' })
  })

  test('an attached page is saved, not shown', async () => {
    const channel = (await stateOf('Noor')).channels[0]!.id
    const form = new FormData()
    form.append('files[0]', new Blob(['<script>alert(1)</script>'], { type: 'text/html' }), 'x.html')
    form.append('files[1]', new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']), 'x.svg')
    const headers = { authorization: `Bot ${classroom.token}` }
    const url = `${classroom.apiUrl}/v10/channels/${channel}/messages`
    const response = await fetch(url, { method: 'POST', headers, body: form })
    const { attachments } = (await response.json()) as { attachments: { url: string }[] }
    for (const one of attachments) {
      const file = await fetch(one.url)
      expect(file.headers.get('content-type')).toBe('application/octet-stream')
      expect(file.headers.get('content-disposition')).toBe('attachment')
      expect(file.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    }
    expect(attachments).toHaveLength(2)
  })
})

async function stateOf(name: string) {
  const person = await connectPerson(classroom.url, name)
  const state = await person.state()
  await person.close()
  return state
}

test('the class has its instructor, its students and its channels', async () => {
  const { guild, channels, persons, me } = await stateOf('Ida')
  expect(guild.name).toBe('Everything is a Remix')
  expect(channels.map(({ name }) => name)).toEqual(['lessons', 'studio', 'gallery'])
  expect(persons.map(({ name, instructor }) => [name, instructor])).toEqual([
    ['Ida', true],
    ['Ben', false],
    ['Mei', false],
    ['Noor', false],
  ])
  expect(me.name).toBe('Ida')
})

test('a taken port is an error that names it', async () => {
  await expect(startClassroom({ port, dataDir: join(dataDir, 'second') })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
