import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createHttp } from '../../src/kit/http.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { account } from '../bad-input/trying.ts'
import { sendHtml, sendJson, serve } from '../support/loopback.ts'
import { attack, everythingSaid, flavours, wiki } from './scene.ts'

const token = 'tok-9f8e7d6c5b4a'
const password = 'pass-0a1b2c3d4e'

/** A client that signs in at this origin. */
const clientOf = (origin: string, authorization = `Bearer ${token}`) =>
  createHttp({ origin, authorization, concurrency: 2, patience: 2, timeout: 5 })

const ask = async (origin: string, path = '/data', authorization?: string) => {
  const http = clientOf(origin, authorization)
  try {
    return await http.json({ path, signal: new AbortController().signal, retries: 0 })
  } finally {
    await http.close()
  }
}

describe('a network attacker', () => {
  it.each([301, 302, 303, 307, 308])(
    'gets no credential, and no request, by a redirect (%d)',
    async (status) => {
      await using evil = await serve((_, response) => sendJson(response, 200, {}))
      const { port } = new URL(evil.origin)
      const places = [
        evil.origin,
        `http://localhost:${port}/data`,
        `//127.0.0.1:${port}/data`,
        `http://user:word@127.0.0.1:${port}/data`,
        `http://127.0.0.1.localhost:${port}/data`,
        `\\\\127.0.0.1:${port}\\data`,
      ]
      for (const location of places) {
        await using site = await serve((_, response) => sendJson(response, status, {}, { location }))
        await expect(ask(site.origin)).rejects.toMatchObject({
          code: expect.stringMatching(/^http\.(redirect_refused|login_page)$/),
        })
      }
      expect(evil.seen).toEqual([])
    },
  )

  it('gets none by leading home again with a name and password in the address', async () => {
    await using site = await serve(({ path }, response) => {
      if (path === '/data')
        sendJson(response, 302, {}, { location: `http://evil:word@${new URL(site.origin).host}/there` })
      else sendJson(response, 200, { fine: true })
    })
    expect((await ask(site.origin)).body).toEqual({ fine: true })
    expect(site.seen.at(-1)!.headers.authorization).toBe(`Bearer ${token}`)
  })

  it.each([
    'https://acme.atlassian.net@evil.example/',
    'https://acme.atlassian.net:secret@evil.example/wiki',
    'https://user@acme.atlassian.net/',
  ])('gets none by an address that looks like another: %s', (url) => {
    const source = confluence({ url, username: 'bot', api_token: token })
    return expect(firstOf(source)).rejects.toMatchObject({ code: 'confluence.url.credentials' })
  })

  it('gets none from a context path that reads like a host', async () => {
    await using site = await serve((_, response) => sendJson(response, 404, {}))
    const source = confluence({ url: `${site.origin}//evil.example/x`, token })
    await expect(firstOf(source)).rejects.toBeDefined()
    for (const { headers } of site.seen) expect(headers.host).toBe(new URL(site.origin).host)
  })

  it('gets none before the site has said what it is, and none by http where it is Cloud', async () => {
    const site = wiki()
    const sandbox = await startSandbox({ world: site.world, flavour: 'cloud' })
    const source = confluence(account(sandbox, 'cloud'))
    await firstOf(source)
    await sandbox.close()
    const [first] = sandbox.stats.read().recorded
    expect(first).toMatchObject({ path: '/_edge/tenant_info' })
    await expect(
      firstOf(confluence({ url: 'http://acme.atlassian.net', username: 'b', api_token: token })),
    ).rejects.toMatchObject({ code: 'confluence.url.use_https' })
  })

  it('sees nothing but a request to connect when he is the proxy of an https site', async () => {
    const heard: string[] = []
    const proxy = createServer((socket) =>
      socket.on('data', (data) => {
        heard.push(data.toString('latin1'))
        socket.end('HTTP/1.1 502 No\r\n\r\n')
      }),
    )
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as { port: number }
    const http = createHttp({
      origin: 'https://wiki.invalid',
      authorization: `Bearer ${token}`,
      proxy: `http://127.0.0.1:${port}`,
      concurrency: 1,
      patience: 1,
      timeout: 2,
    })
    await expect(
      http.json({ path: '/x', signal: new AbortController().signal, retries: 0 }),
    ).rejects.toMatchObject({ kind: 'config' })
    await http.close()
    proxy.close()
    expect(heard.join()).toMatch(/^CONNECT wiki\.invalid:443/)
    expect(heard.join()).not.toContain(token)
  })
})

describe('a server that says aloud what it was told', () => {
  const echoes: Readonly<Record<string, Parameters<typeof serve>[0]>> = {
    'in an error message': ({ headers }, response) =>
      sendJson(response, 400, { message: `Bad: ${headers.authorization}` }),
    'in a page’s title': ({ headers }, response) =>
      sendHtml(response, 200, `<html><title>Hello ${headers.authorization}</title>`),
    'in a sign-in page’s title': ({ headers }, response) =>
      sendHtml(response, 200, `<html><title>Log in, ${headers.authorization}</title><form>password</form>`),
    'in a trace': ({ headers }, response) =>
      sendJson(response, 500, { message: 'x' }, { 'atl-traceid': String(headers.authorization) }),
    'in a redirect': ({ headers }, response) =>
      sendJson(
        response,
        302,
        {},
        { location: `https://${String(headers.authorization).split(' ')[1]}.example/` },
      ),
  }
  const basic = `Basic ${Buffer.from(`bot:${password}`).toString('base64')}`

  it.each(Object.keys(echoes))('%s does not make an error tell it', async (echo) => {
    await using site = await serve(echoes[echo]!)
    for (const authorization of [`Bearer ${token}`, basic]) {
      const thrown = await ask(site.origin, '/data', authorization).catch((error: unknown) => error)
      const told = inspected(thrown).toLowerCase()
      for (const secret of [token, password, basic.slice(6)]) expect(told).not.toContain(secret.toLowerCase())
    }
  })

  it.each(flavours)('leaves no secret in events and files of %s', async (flavour) => {
    const site = wiki()
    const secrets = [site.world.crawler.apiToken, site.world.crawler.personalAccessToken]
    const tried = await attack({
      world: site.world,
      flavour,
      meddle(said) {
        if (!/permissions|content\/search/.test(said.path)) return
        Object.assign(said, {
          status: 403,
          body: { message: `No, ${said.authorization} and ${secrets.join()}` },
        })
      },
    })
    const said = await everythingSaid(tried)
    expect(said).toContain('http.forbidden')
    for (const secret of flavour === 'cloud' ? secrets.slice(0, 1) : secrets.slice(1))
      expect(said).not.toContain(secret)
  })
})

describe('wrong credentials', () => {
  it.each(flavours)('are shown to %s once, and to nobody else', async (flavour) => {
    const site = wiki()
    const tried = await attack({
      world: site.world,
      flavour,
      settings: flavour === 'cloud' ? { api_token: 'wrong-one' } : { token: 'wrong-one' },
    })
    expect(tried.job).toMatchObject({ outcome: 'failed', error: { kind: 'credentials' } })
    expect(tried.stats.byStatus['401'] ?? 0).toBeLessThanOrEqual(2)
    expect(await everythingSaid(tried)).not.toContain('wrong-one')
  })

  it.each(flavours)('never become an anonymous visitor’s view of %s', async (flavour) => {
    const site = wiki()
    site.world.anonymousAccess = true
    const tried = await attack({
      world: site.world,
      flavour,
      traps: { anonymousDowngrade: true },
      settings: flavour === 'cloud' ? { api_token: 'wrong-one' } : { token: 'wrong-one' },
    })
    expect(tried.job).toMatchObject({
      outcome: 'failed',
      coverage: { found: 0 },
      error: { kind: 'credentials' },
    })
  })
})

async function firstOf(source: ReturnType<typeof confluence>): Promise<unknown> {
  try {
    for await (const item of source.index({ signal: new AbortController().signal, emit: () => undefined }))
      return item
    return undefined
  } finally {
    await source.close()
  }
}

/** An error with all that hangs on it. */
function inspected(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return [thrown.message, thrown.stack, JSON.stringify(thrown), inspected(thrown.cause)].join('\n')
}
