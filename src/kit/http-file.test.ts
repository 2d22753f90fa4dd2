import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Handler, type Loopback, serve } from '../../test/support/loopback.ts'
import { OutflowError } from '../model/errors.ts'
import { createHttp, type HttpClient, type HttpOptions } from './http.ts'

const signal = new AbortController().signal
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
const opened: { close(): Promise<void> }[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outflow-http-file-'))
})

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  await rm(folder, { recursive: true })
})

async function site(handler: Handler): Promise<Loopback> {
  const server = await serve(handler)
  opened.push(server)
  return server
}

function client(origin: string, options: Partial<HttpOptions> = {}): HttpClient {
  const limits = { concurrency: 4, patience: 20, timeout: 5 }
  const http = createHttp({ origin, authorization: 'Bearer secret', ...limits, ...options })
  opened.push(http)
  return http
}

const order = (path: string, most = 1_000_000) => ({ path, most, file: join(folder, 'file'), signal })

/** Half of the bytes, and the line goes dead. */
function breakOff(response: ServerResponse, headers: Record<string, string>) {
  response.writeHead(200, { 'content-length': String(bytes.length), ...headers })
  response.write(bytes.subarray(0, 150_000), () => response.destroy())
}

describe('a saved answer', () => {
  it('is in the file, and in no memory', async () => {
    const server = await site((_, response) => void response.end(bytes))
    const answer = await client(server.origin).save(order('/a'))
    expect(answer).toMatchObject({ status: 200, bytes: bytes.length, body: undefined })
    expect((await readFile(join(folder, 'file'))).equals(bytes)).toBe(true)
    expect(server.seen[0]?.headers['accept-encoding']).toBe('identity')
  })

  it('goes on where the connection broke, if it is still the same', async () => {
    const server = await site((seen, response, index) => {
      if (index === 0) return breakOff(response, { etag: '"one"' })
      expect(seen.headers).toMatchObject({ 'if-range': '"one"' })
      const start = Number(/^bytes=(\d+)-$/.exec(seen.headers.range ?? '')![1])
      expect(start).toBeGreaterThan(0)
      response.writeHead(206, { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` })
      response.end(bytes.subarray(start))
    })
    expect(await client(server.origin).save(order('/a'))).toMatchObject({ bytes: bytes.length })
    expect((await readFile(join(folder, 'file'))).equals(bytes)).toBe(true)
    expect(server.seen).toHaveLength(2)
  })

  it('begins anew where it became another one, or nothing names it', async () => {
    const other = bytes.subarray(0, 1000)
    for (const headers of [{ etag: '"one"' }, { etag: 'W/"one"' }, {}]) {
      const server = await site((seen, response, index) => {
        if (index === 0) return breakOff(response, headers)
        expect(seen.headers.range !== undefined).toBe(headers.etag === '"one"')
        response.end(other)
      })
      const path = join(folder, `file${Object.values(headers).join('').length}`)
      await client(server.origin).save({ ...order('/a'), file: path })
      expect((await readFile(path)).equals(other)).toBe(true)
    }
  })

  it('has a limit, whether it says its length or not', async () => {
    const server = await site((seen, response) => {
      if (seen.path === '/said') response.setHeader('content-length', bytes.length)
      response.end(bytes)
    })
    for (const path of ['/said', '/unsaid']) {
      const order = { path, most: 1000, file: join(folder, path.slice(1)), signal }
      const error = await client(server.origin)
        .save(order)
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ kind: 'content', code: 'http.answer_too_large' })
    }
    expect(server.seen).toHaveLength(2)
  })

  it('comes from another host without our credentials, which has to pass as an address, too', async () => {
    const media = await site((_, response) => void response.end('bytes'))
    const server = await site((_, response) => {
      response.writeHead(302, { location: `${media.origin}/file?token=abc` }).end()
    })
    const refusal = new OutflowError({ kind: 'config', code: 'url.refused', message: 'No.', fix: 'None.' })
    const away = { ...order('/a'), allowRedirectTo: () => true }
    const guarded = client(server.origin, { lookup: (_host, _options, done) => done(refusal, []) })
    expect(await guarded.save(away).catch((thrown: unknown) => thrown)).toBe(refusal)
    expect(media.seen).toHaveLength(0)
    await client(server.origin).save({ ...away, file: join(folder, 'other') })
    expect(media.seen[0]?.headers.authorization).toBeUndefined()
  })

  it('may take long, as long as it comes', async () => {
    const server = await site(async (_, response) => {
      for (let part = 0; part < 4; part++) {
        response.write(bytes)
        await new Promise((resolve) => setTimeout(resolve, 400))
      }
      response.end()
    })
    const answer = await client(server.origin, { timeout: 1 }).save(order('/a', 10_000_000))
    expect(answer.bytes).toBe(4 * bytes.length)
    expect(server.seen).toHaveLength(1)
  })
})
