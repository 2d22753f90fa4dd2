import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type Handler, type Loopback, sendHtml, sendJson, serve } from '../../test/support/loopback.ts'
import { OutflowError } from '../model/errors.ts'
import { createHttp, type HttpClient, type HttpOptions } from './http.ts'

const signal = new AbortController().signal
const token = 'secret-token-4711'
const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function site(handler: Handler): Promise<Loopback> {
  const server = await serve(handler)
  opened.push(server)
  return server
}

function client(origin: string, options: Partial<HttpOptions> = {}): HttpClient {
  const http = createHttp({
    origin,
    authorization: `Bearer ${token}`,
    concurrency: 4,
    patience: 20,
    timeout: 5,
    ...options,
  })
  opened.push(http)
  return http
}

async function failure(promise: Promise<unknown>): Promise<OutflowError> {
  const thrown = await promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(OutflowError)
  const error = thrown as OutflowError
  expect(error.fix).toBeTruthy()
  expect(`${error.message} ${error.fix}`).not.toContain(token)
  return error
}

describe('an answer', () => {
  it('comes as parsed JSON with its status, headers and size', async () => {
    const server = await site((_, response) => sendJson(response, 200, { a: 'ü' }, { 'x-one': '1' }))
    const answer = await client(server.origin).json({
      path: '/a',
      query: { b: [1, 'x y'].map(String), c: undefined },
      signal,
    })
    expect(answer).toMatchObject({ status: 200, body: { a: 'ü' }, bytes: 10 })
    expect(answer.headers['x-one']).toBe('1')
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: '/a?b=1&b=x+y' })
  })

  it('may be compressed, empty, or begin with a byte order mark', async () => {
    const server = await site((seen, response) => {
      if (seen.path === '/none') return void response.writeHead(204).end()
      if (seen.path === '/bom') return void response.end('\uFEFF{"b":1}')
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('{"zipped":true}'))
    })
    const http = client(server.origin)
    expect((await http.json({ path: '/zip', signal })).body).toEqual({ zipped: true })
    expect((await http.json({ path: '/none', signal })).body).toBeUndefined()
    expect((await http.json({ path: '/bom', signal })).body).toEqual({ b: 1 })
  })

  it('carries a JSON body there when one is given', async () => {
    const server = await site((seen, response) => sendJson(response, 200, JSON.parse(seen.body)))
    const http = client(server.origin)
    const answer = await http.json({ method: 'POST', path: '/', body: { ids: [1] }, signal })
    expect(answer.body).toEqual({ ids: [1] })
    expect(server.seen[0]?.headers['content-type']).toBe('application/json')
  })

  it('of 40 requests takes no more connections than requests run in parallel', async () => {
    let now = 0
    let most = 0
    const server = await site(async (_, response) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      now--
      sendJson(response, 200, {})
    })
    const http = client(server.origin)
    await Promise.all(Array.from({ length: 40 }, () => http.json({ path: '/', signal })))
    expect(most).toBe(4)
    expect(server.connections()).toBe(4)
    expect(http.usage()).toMatchObject({ requests: 40, retries: 0, waitedSeconds: 0 })
  })
})

describe('trouble that passes', () => {
  it.each([500, 502, 503, 504])('%i is tried again', async (status) => {
    const server = await site((_, response, index) =>
      sendJson(response, index === 0 ? status : 200, { index }),
    )
    const http = client(server.origin)
    expect((await http.json({ path: '/', signal })).body).toEqual({ index: 1 })
    expect(http.usage()).toMatchObject({ requests: 2, retries: 1 })
  })

  it('500 is tried twice again, and never for a POST', async () => {
    const server = await site((_, response) => sendJson(response, 500, { message: 'java.lang.Oops: broken' }))
    const http = client(server.origin)
    const error = await failure(http.json({ path: '/x', signal }))
    expect(error).toMatchObject({ kind: 'transient', code: 'http.server_error' })
    expect(server.seen.length).toBe(3)
    await failure(http.json({ path: '/x', method: 'POST', body: {}, signal }))
    expect(server.seen.length).toBe(4)
  })

  it('is left to the caller who wants to see it, or who wants no retry', async () => {
    const server = await site((_, response) => sendJson(response, 504, {}))
    const http = client(server.origin)
    expect((await http.json({ path: '/', accept: [504], signal })).status).toBe(504)
    expect((await failure(http.json({ path: '/', retries: 0, signal }))).code).toBe('http.unavailable')
    expect(server.seen.length).toBe(2)
  })

  it('includes a connection that breaks in mid-body, a cut gzip stream and cut JSON', async () => {
    const server = await site((seen, response, index) => {
      if (index % 2 === 1) return sendJson(response, 200, { whole: true })
      if (seen.path === '/reset') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"half":')
        setTimeout(() => response.destroy(), 20)
      } else if (seen.path === '/gzip') {
        response.writeHead(200, { 'content-encoding': 'gzip' })
        response.end(gzipSync('{"whole":false}'.repeat(50)).subarray(0, 20))
      } else {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end('{"half":')
      }
    })
    const http = client(server.origin)
    for (const path of ['/reset', '/gzip', '/cut'])
      expect((await http.json({ path, signal })).body).toEqual({ whole: true })
    expect(http.usage().retries).toBe(3)
  })

  it('that loses an answer on its way is told at once to who accepts 504', async () => {
    const server = await site((seen, response) => {
      if (seen.path === '/late') return
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"half":')
      if (seen.path === '/reset') setTimeout(() => response.destroy(), 20)
      else response.end()
    })
    const http = client(server.origin, { timeout: 0.2 })
    const codes = ['/late', '/reset', '/cut'].map(
      async (path) => (await failure(http.json({ path, accept: [504], signal }))).code,
    )
    expect(await Promise.all(codes)).toEqual(['http.timeout', 'http.connection_broken', 'http.truncated'])
    expect(server.seen.length).toBe(3)
  })

  it('includes an answer that takes too long, and says so when it stays', async () => {
    const server = await site((_, response, index) => {
      if (index > 0) sendJson(response, 200, { index })
    })
    const http = client(server.origin, { timeout: 0.2 })
    expect((await http.json({ path: '/', signal })).body).toEqual({ index: 1 })
    const mute = await site(() => undefined)
    const error = await failure(client(mute.origin, { timeout: 0.2 }).json({ path: '/', retries: 0, signal }))
    expect(error).toMatchObject({ kind: 'transient', code: 'http.timeout' })
  })
})

describe('being told to wait', () => {
  it('takes Retry-After at its word, for all requests at once', async () => {
    const waits: string[] = []
    const server = await site((_, response, index) =>
      index === 0 ? sendJson(response, 429, {}, { 'retry-after': '1' }) : sendJson(response, 200, { index }),
    )
    const http = client(server.origin, {
      onWait: (seconds, reason) => waits.push(`${Math.round(seconds)} ${reason}`),
    })
    const start = performance.now()
    const first = http.json({ path: '/first', signal })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await Promise.all([first, http.json({ path: '/second', signal }), http.json({ path: '/third', signal })])
    for (const later of server.seen.slice(1)) expect(later.at - start).toBeGreaterThan(990)
    expect(waits).toEqual(['1 the site asked us to slow down (429)'])
    expect(http.usage().waitedSeconds).toBeGreaterThan(0.8)
    expect(http.usage().waitedSeconds).toBeLessThan(1.6)
  })

  it.each([{}, { 'retry-after': '0' }, { 'retry-after': 'soon' }, { 'retry-after': '-5' }])(
    'backs off by itself where the answer names no time: %o',
    async (headers) => {
      const server = await site((_, response, index) =>
        sendJson(response, index < 2 ? 429 : 200, {}, index < 2 ? (headers as Record<string, string>) : {}),
      )
      expect((await client(server.origin).json({ path: '/', signal })).status).toBe(200)
      expect(server.seen.length).toBe(3)
    },
  )

  it('until a date goes by the clock of the site', async () => {
    const date = 'Mon, 02 Mar 2020 10:00:00 GMT'
    const server = await site((_, response, index) => {
      if (index > 0) return sendJson(response, 200, {})
      sendJson(response, 429, {}, { date, 'retry-after': 'Mon, 02 Mar 2020 10:00:01 GMT' })
    })
    await client(server.origin).json({ path: '/', signal })
    expect(server.seen[1]!.at - server.seen[0]!.at).toBeGreaterThan(950)
  })

  it('without a time lasts until the budget is back, where headers say when', async () => {
    const waits: string[] = []
    const server = await site((_, response, index) =>
      sendJson(
        response,
        index === 0 ? 429 : 200,
        {},
        {
          'x-ratelimit-limit': '9',
          'x-ratelimit-remaining': index === 0 ? '0' : '9',
          'x-ratelimit-reset': '1',
          'ratelimit-reason': 'confluence-quota-tenant-based',
        },
      ),
    )
    const onWait = (seconds: number, reason: string) => waits.push(`${Math.round(seconds)} ${reason}`)
    await client(server.origin, { onWait }).json({ path: '/', signal })
    expect(server.seen[1]!.at - server.seen[0]!.at).toBeGreaterThan(950)
    expect(waits).toEqual(['1 the site asked us to slow down (429, confluence-quota-tenant-based)'])
  })

  it.each([
    { status: 429, headers: {} },
    { status: 403, headers: { 'retry-after': '0' } },
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '9' } },
  ])('is heeded also by a request that wants no retries: $status $headers', async ({ status, headers }) => {
    const server = await site((_, response, index) =>
      sendJson(
        response,
        index === 0 ? status : 200,
        {},
        index === 0 ? (headers as Record<string, string>) : {},
      ),
    )
    expect((await client(server.origin).json({ path: '/', retries: 0, signal })).status).toBe(200)
    expect(server.seen.length).toBe(2)
  })

  it('is no answer, not even to who wants to see a 403', async () => {
    const server = await site((seen, response, index) => {
      if (seen.path === '/plain') return sendJson(response, 403, { message: 'not yours' })
      sendJson(response, index === 0 ? 403 : 200, { message: 'Rate limit exceeded.' })
    })
    const http = client(server.origin)
    expect((await http.json({ path: '/limited', accept: [403], signal })).status).toBe(200)
    expect((await http.json({ path: '/plain', accept: [403], signal })).status).toBe(403)
  })

  it('never loops: "Retry-After: 0" for ever ends with the patience', async () => {
    const server = await site((_, response) => sendJson(response, 429, {}, { 'retry-after': '0' }))
    const error = await failure(client(server.origin, { patience: 1 }).json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'throttled', code: 'http.throttled' })
    expect(server.seen.length).toBeLessThan(40)
  })

  it('longer than the patience fails at once, for those behind it too', async () => {
    const server = await site((_, response) => sendJson(response, 429, {}, { 'retry-after': '600' }))
    const http = client(server.origin)
    expect((await failure(http.json({ path: '/', signal }))).kind).toBe('throttled')
    expect((await failure(http.json({ path: '/', signal }))).kind).toBe('throttled')
    expect(server.seen.length).toBe(1)
  })

  it('for ever (2^63-1, a blocked account) is fatal and says who can help', async () => {
    const server = await site((_, response) =>
      sendJson(response, 429, {}, { 'retry-after': '9223372036854775807', 'x-ratelimit-limit': '0' }),
    )
    const http = client(server.origin, { patience: 1e9 })
    const error = await failure(http.json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'throttled', code: 'http.blocked' })
    expect(error.message).toContain('for ever')
    expect(error.fix).toContain('administrator')
    await failure(http.json({ path: '/', signal }))
    expect(server.seen.length).toBe(1)
  })

  it('by 403 counts only where words or headers say so', async () => {
    const server = await site((seen, response, index) => {
      if (seen.path === '/plain') return sendJson(response, 403, { message: 'not yours' })
      sendJson(response, index === 0 ? 403 : 200, { message: 'Rate limit exceeded.' })
    })
    const http = client(server.origin)
    expect((await http.json({ path: '/limited', signal })).status).toBe(200)
    const error = await failure(http.json({ path: '/plain', signal }))
    expect(error).toMatchObject({ kind: 'permission', code: 'http.forbidden' })
    expect(server.seen.length).toBe(3)
  })

  it('by 403 with an empty budget may be a coincidence, and ends as what it says', async () => {
    const server = await site((_, response) =>
      sendJson(
        response,
        403,
        { message: 'not yours' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '9' },
      ),
    )
    const error = await failure(client(server.origin).json({ path: '/', signal }))
    expect(error.kind).toBe('permission')
    expect(server.seen.length).toBe(3)
  })

  it('by 403 in so many words, for ever, is throttling and no missing right', async () => {
    const server = await site((_, response) => sendJson(response, 403, { message: 'Rate limit exceeded' }))
    const error = await failure(client(server.origin, { patience: 0.5 }).json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'throttled', code: 'http.throttled' })
  })

  it('ends at once when the caller cancels, also in the queue', async () => {
    const server = await site((_, response) => sendJson(response, 429, {}, { 'retry-after': '15' }))
    const http = client(server.origin, { concurrency: 1 })
    const caller = new AbortController()
    const requests = [1, 2, 3].map(() => http.json({ path: '/', signal: caller.signal }))
    const settled = Promise.allSettled(requests)
    const start = performance.now()
    setTimeout(() => caller.abort(new Error('enough')), 100)
    const reasons = (await settled).map((each) => (each.status === 'rejected' ? each.reason.message : ''))
    expect(reasons).toEqual(['enough', 'enough', 'enough'])
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('going slower before the wall', () => {
  it('keeps to requests_per_second', async () => {
    const server = await site((_, response) => sendJson(response, 200, {}))
    const http = client(server.origin, { requestsPerSecond: 10 })
    await Promise.all(Array.from({ length: 6 }, () => http.json({ path: '/', signal })))
    expect(server.seen.at(-1)!.at - server.seen[0]!.at).toBeGreaterThan(450)
    expect(http.usage().waitedSeconds).toBe(0)
  })

  it('spreads requests over a token bucket that is nearly empty', async () => {
    const bucket = {
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-interval-seconds': '1',
      'x-ratelimit-fillrate': '5',
    }
    const server = await site((_, response) => sendJson(response, 200, {}, bucket))
    const http = client(server.origin)
    for (let index = 0; index < 5; index++) await http.json({ path: '/', signal })
    // The second leaves freely, for the first one took its slot before anything was known.
    expect(server.seen[4]!.at - server.seen[1]!.at).toBeGreaterThan(550)
    expect(http.usage().waitedSeconds).toBeGreaterThan(0.5)
  })
})

describe('credentials', () => {
  it('go to the origin, and never along a redirect to another one', async () => {
    const media = await site((_, response) => sendJson(response, 200, { media: true }))
    const server = await site((seen, response) => {
      if (seen.path === '/here') return sendJson(response, 200, { here: true })
      const location = seen.path === '/home' ? '/here' : `${media.origin}/file?token=jwt`
      response.writeHead(302, { location }).end()
    })
    const http = client(server.origin)
    expect((await http.json({ path: '/home', signal })).body).toEqual({ here: true })
    expect(server.seen.map((each) => each.headers.authorization)).toEqual([
      `Bearer ${token}`,
      `Bearer ${token}`,
    ])
    const allowRedirectTo = (url: URL) => url.origin === media.origin
    expect((await http.json({ path: '/media', signal, allowRedirectTo })).body).toEqual({ media: true })
    expect(media.seen.map((each) => each.headers.authorization)).toEqual([undefined])
    const error = await failure(http.json({ path: '/media', signal }))
    expect(error).toMatchObject({ kind: 'config', code: 'http.redirect_refused' })
    expect(error.message).not.toContain('jwt')
    expect(media.seen.length).toBe(1)
  })

  it.each([
    (origin: string) => `${origin}@evil.example/x.png`,
    (origin: string) => origin.replace('http:', 'https:'),
    () => '//evil.example/x',
    () => '/\\evil.example/x',
    (origin: string) => `${origin.slice(0, -1)}/x`,
    (origin: string) => origin.replace('http://', 'http://user@evil.example:80/'),
  ])('and no request at all goes to a host that nobody named (%#)', async (address) => {
    const server = await site((_, response) => sendJson(response, 200, {}))
    const error = await failure(client(server.origin).json({ path: address(server.origin), signal }))
    expect(error.code).toBe('http.foreign_host')
    expect(server.seen.length).toBe(0)
  })

  it('are not repeated after Confluence has locked the account', async () => {
    const server = await site((_, response) =>
      sendHtml(response, 401, '<title>Unauthorized</title>', {
        'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
      }),
    )
    const http = client(server.origin)
    const error = await failure(http.json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'credentials', code: 'http.captcha' })
    expect(await failure(http.json({ path: '/', signal }))).toBe(error)
    expect(server.seen.length).toBe(1)
  })

  it('that fail with a 200 for the anonymous visitor are an error, not data', async () => {
    const server = await site((_, response) =>
      sendJson(response, 200, { results: [] }, { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }),
    )
    expect((await failure(client(server.origin).json({ path: '/', signal }))).kind).toBe('credentials')
  })

  it('that are overlooked, as Data Center says in a header, make no data either', async () => {
    const server = await site((_, response) => sendJson(response, 200, {}, { 'x-ausername': 'anonymous' }))
    const error = await failure(client(server.origin).json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'credentials', code: 'http.anonymous' })
    const visitor = createHttp({ origin: server.origin, concurrency: 1, patience: 1, timeout: 1 })
    opened.push(visitor)
    expect((await visitor.json({ path: '/', signal })).status).toBe(200)
  })

  it('are not asked for by a page whose space is called AUTH', async () => {
    const server = await site((seen, response) =>
      seen.path === '/x/a'
        ? void response.writeHead(302, { location: '/spaces/AUTH/pages/1/Login+flow' }).end()
        : sendJson(response, 200, {}),
    )
    expect((await client(server.origin).json({ path: '/x/a', signal })).status).toBe(200)
  })

  it('are asked for by login pages, which are never data', async () => {
    const page = '<!DOCTYPE html><html><title>Log in - Confluence</title><input type="password"></html>'
    const server = await site((seen, response) => {
      if (seen.path === '/page') return sendHtml(response, 200, page)
      if (seen.path === '/away')
        return void response.writeHead(302, { location: 'https://sso.example/adfs/ls?SAMLRequest=1' }).end()
      if (seen.path === '/home')
        return void response.writeHead(302, { location: '/login.action?os_destination=%2F' }).end()
      sendHtml(response, 200, '<html><title>Welcome to nginx</title></html>')
    })
    const http = client(server.origin)
    for (const path of ['/page', '/away', '/home']) {
      const error = await failure(http.json({ path, signal }))
      expect(error).toMatchObject({ kind: 'credentials', code: 'http.login_page' })
    }
    expect(await failure(http.json({ path: '/other', signal }))).toMatchObject({
      kind: 'config',
      code: 'http.not_json',
    })
    expect(server.seen.length).toBe(4)
  })

  it('are struck out where the server echoes them', async () => {
    const server = await site((seen, response) =>
      sendJson(response, 400, { message: `cannot parse ${seen.headers.authorization}` }),
    )
    const error = await failure(client(server.origin).json({ path: '/', signal }))
    expect(error.message).toContain('cannot parse Bearer [secret]')
  })
})

describe('an error', () => {
  it.each([
    [404, 'missing', 'http.not_found'],
    [410, 'missing', 'http.gone'],
    [403, 'permission', 'http.forbidden'],
    [401, 'credentials', 'http.unauthorized'],
    [400, 'bug', 'http.rejected'],
    [418, 'bug', 'http.rejected'],
  ])('of status %i is %s, told once', async (status, kind, code) => {
    const server = await site((_, response) => sendJson(response, status, {}))
    expect(await failure(client(server.origin).json({ path: '/', signal }))).toMatchObject({ kind, code })
    expect(server.seen.length).toBe(1)
  })

  it('names method, path, the server’s own words and its trace, but no query', async () => {
    const body = { errors: [{ status: 404, code: 'NOT_FOUND', title: 'Page gone', detail: 'id 7' }] }
    const server = await site((_, response) => sendJson(response, 404, body, { 'atl-traceid': 'abc123' }))
    const error = await failure(client(server.origin).json({ path: '/p/7', query: { jwt: 'hush' }, signal }))
    expect(error.message).toBe(
      `${new URL(server.origin).host} has nothing for this account: GET /p/7 answered 404: Page gone: id 7 (trace abc123)`,
    )
  })

  it('of a token without the scope says so', async () => {
    const server = await site((_, response) =>
      sendJson(response, 401, { code: 401, message: 'Unauthorized; scope does not match' }),
    )
    const error = await failure(client(server.origin).json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'permission', code: 'http.scope_missing' })
  })

  it('is a clear sentence when nothing listens, at once', async () => {
    const server = await site(() => undefined)
    await server.close()
    const http = client(server.origin)
    expect((await failure(http.json({ path: '/', signal }))).code).toBe('http.connection_refused')
    expect(http.usage().retries).toBe(0)
  })

  it('is a clear sentence when the host does not exist', async () => {
    const error = await failure(client('http://no-such-host.invalid').json({ path: '/', retries: 0, signal }))
    expect(['http.host_unknown', 'http.name_lookup_failed']).toContain(error.code)
    expect(error.message).toContain('no-such-host.invalid')
  })

  it('names https where http is spoken', async () => {
    const server = await site((_, response) => sendJson(response, 200, {}))
    const error = await failure(client(server.origin.replace('http:', 'https:')).json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'config', code: 'http.not_tls' })
  })

  it('of a redirect from http to https advises https and sends nothing there', async () => {
    const server = await site(
      (_, response) => void response.writeHead(301, { location: 'https://127.0.0.1/x' }).end(),
    )
    const error = await failure(client(server.origin).json({ path: '/', signal }))
    expect(error).toMatchObject({ kind: 'config', code: 'http.use_https' })
  })

  it('of a redirect in a circle ends the circle', async () => {
    const server = await site((_, response) => void response.writeHead(302, { location: '/again' }).end())
    expect((await failure(client(server.origin).json({ path: '/', signal }))).code).toBe('http.redirect_loop')
    expect(server.seen.length).toBe(6)
  })

  it('of garbage instead of HTTP is a broken connection', async () => {
    const tcp = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    const { port } = tcp.address() as { port: number }
    const error = await failure(client(`http://127.0.0.1:${port}`).json({ path: '/', retries: 0, signal }))
    expect(error).toMatchObject({ kind: 'transient', code: 'http.connection_broken' })
    tcp.close()
  })
})
