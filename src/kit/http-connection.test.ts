import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect as connectTcp, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sendJson, serve } from '../../test/support/loopback.ts'
import { createHttp, type HttpOptions } from './http.ts'

const signal = new AbortController().signal
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

function client(origin: string, options: Partial<HttpOptions> = {}) {
  const http = createHttp({
    origin,
    concurrency: 2,
    patience: 5,
    timeout: 5,
    authorization: 'Bearer tok-4711',
    ...options,
  })
  cleanups.push(() => http.close())
  return http
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const certificateTool = 'openssl'

/** A key and a self-signed certificate for one name, made anew. */
function certificateFor(name: string): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'outflow-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  try {
    execFileSync(
      certificateTool,
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
        '-out',
        cert,
        ...subject,
      ],
      { stdio: 'ignore' },
    )
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    return undefined
  }
}

const own = certificateFor('localhost')
const foreign = certificateFor('wiki.elsewhere.example')

async function httpsServer(identity: { key: string; cert: string }): Promise<string> {
  const server = createHttpsServer(identity, (_, response) => sendJson(response, 200, { tls: true }))
  cleanups.push(() => server.closeAllConnections())
  return `https://localhost:${await listen(server)}`
}

describe.skipIf(own === undefined || foreign === undefined)(
  'certificates (made by the openssl of this machine)',
  () => {
    it('of an unknown authority are refused, and `ca_file` is named', async () => {
      const origin = await httpsServer(own!)
      await expect(client(origin).json({ path: '/', signal })).rejects.toMatchObject({
        kind: 'config',
        code: 'http.certificate_unknown',
        fix: expect.stringContaining('ca_file'),
      })
    })

    it('of the authority in `ca` are trusted', async () => {
      const origin = await httpsServer(own!)
      expect((await client(origin, { ca: own!.cert }).json({ path: '/', signal })).body).toEqual({
        tls: true,
      })
    })

    it('of another host are refused', async () => {
      const origin = await httpsServer(foreign!)
      await expect(client(origin, { ca: foreign!.cert }).json({ path: '/', signal })).rejects.toMatchObject({
        kind: 'config',
        code: 'http.certificate_other_host',
      })
    })

    it('are asked for by a port that was taken for http', async () => {
      const origin = (await httpsServer(own!)).replace('https:', 'http:')
      await expect(client(origin).json({ path: '/', signal, retries: 0 })).rejects.toMatchObject({
        kind: expect.stringMatching(/transient|config/),
        fix: expect.stringContaining('https'),
      })
    })
  },
)

/** A proxy that tunnels, and forwards absolute addresses; with a password when one is given. */
async function proxyServer(password?: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const wanted = password && `Basic ${Buffer.from(`user:${password}`).toString('base64')}`
  const refuses = ({ headers }: IncomingMessage) => wanted && headers['proxy-authorization'] !== wanted
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`)
    if (refuses(request)) return void response.writeHead(407).end()
    const { authorization = '' } = request.headers
    const answer = await fetch(request.url!, { headers: { authorization } })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  }
  const server = createHttpServer((request, response) => void forward(request, response))
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    if (refuses(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const [host, port] = request.url!.split(':')
    const target = connectTcp(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
    socket.on('error', () => target.destroy())
  })
  cleanups.push(() => server.closeAllConnections())
  const port = await listen(server)
  return { url: `http://${password ? `user:${password}@` : ''}127.0.0.1:${port}`, asked }
}

describe('a proxy', () => {
  it('carries http', async () => {
    await using site = await serve((seen, response) =>
      sendJson(response, 200, { by: seen.headers.authorization }),
    )
    const proxy = await proxyServer()
    const answer = await client(site.origin, { proxy: proxy.url }).json({ path: '/a', signal })
    expect(answer.body).toEqual({ by: 'Bearer tok-4711' })
    expect(proxy.asked.length).toBe(1)
  })

  it.skipIf(own === undefined)('tunnels https, with a password where it wants one', async () => {
    const origin = await httpsServer(own!)
    const proxy = await proxyServer('pass-word')
    const answer = await client(origin, { proxy: proxy.url, ca: own!.cert }).json({ path: '/', signal })
    expect(answer.body).toEqual({ tls: true })
    expect(proxy.asked).toEqual([`CONNECT ${new URL(origin).host}`])
  })

  it.skipIf(own === undefined)('that refuses is named, not the site', async () => {
    const origin = await httpsServer(own!)
    const { url } = await proxyServer('pass-word')
    const http = client(origin, { proxy: url.replace('pass-word', 'wrong-word'), ca: own!.cert })
    const thrown = await http.json({ path: '/', signal }).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: 'config', code: 'http.proxy_refused' })
    expect((thrown as Error).message).not.toContain('wrong-word')
  })

  it('that is not there is named, not the site', async () => {
    const http = client('https://wiki.example', { proxy: 'http://127.0.0.1:9' })
    await expect(http.json({ path: '/', signal })).rejects.toMatchObject({
      code: 'http.connection_refused',
      message: expect.stringContaining('The proxy 127.0.0.1:9 refuses connections'),
      fix: expect.stringContaining('`proxy`'),
    })
  })
})
