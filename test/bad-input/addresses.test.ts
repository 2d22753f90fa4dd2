import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { outflow } from '../cli/outflow.ts'
import { sendHtml, sendJson, serve } from '../support/loopback.ts'
import { accountFlags, filesIn, newFolder } from './trying.ts'
import { smallWiki } from './wiki.ts'

async function runAt(url: string, ...more: readonly string[]) {
  const output = await newFolder()
  const signIn = ['--username', 'me@acme.example', '--api-token', 'S3cret']
  const flags = ['--url', url, ...(more.length > 0 ? more : signIn), '--output-dir', output]
  const { code, stdout, stderr } = await outflow(['run', 'confluence', '--no-state', ...flags])
  const said = stdout + stderr
  expect(said).not.toContain('S3cret')
  expect(said).not.toMatch(/\n\s+at /)
  expect(await filesIn(output)).toEqual([])
  return { code, said }
}

describe('an address that is wrong', () => {
  let cloud: Sandbox
  let dataCenter: Sandbox
  beforeAll(async () => {
    const { world } = smallWiki()
    cloud = await startSandbox({ world, flavour: 'cloud' })
    dataCenter = await startSandbox({ world, flavour: 'data-center', contextPath: '/confluence' })
  })
  afterAll(async () => {
    await Promise.all([cloud.close(), dataCenter.close()])
  })

  it.each([
    ['that is no address', 'not an address', /not a web address/],
    ['of another protocol', 'ftp://wiki.acme.example', /not a web address/],
    ['with a password in it', 'https://me:S3cret@wiki.acme.example', /holds a user name or password/],
    ['of Cloud by http', 'http://acme.atlassian.net', /https/],
  ])('one %s: refused before anything is sent', async (_, url, words) => {
    expect(await runAt(url)).toEqual({ code: 2, said: expect.stringMatching(words) })
  })

  it('a host that does not exist: named', async () => {
    const { code, said } = await runAt('http://no-such-host.invalid')
    expect(said).toMatch(/no-such-host\.invalid .*(does not exist|could not be looked up)/)
    expect([2, 5]).toContain(code)
  })

  it('a port where nobody listens', async () => {
    expect(await runAt('http://127.0.0.1:9')).toEqual({
      code: 5,
      said: expect.stringMatching(/127\.0\.0\.1:9 .*nothing listens/),
    })
  })

  it('a path where there is no Confluence', async () => {
    const url = `${new URL(dataCenter.url).origin}/wrong`
    expect(await runAt(url, '--token', dataCenter.credentials.token)).toEqual({
      code: 2,
      said: expect.stringMatching(/no Confluence at .*\/wrong/),
    })
  })

  it('a path that was left out is found, and so is one from a pasted page', async () => {
    const { origin } = new URL(dataCenter.url)
    const signIn = ['--token', dataCenter.credentials.token]
    for (const url of [origin, `${origin}/confluence/display/HR/Good+page`]) {
      const flags = ['--url', url, ...signIn, '--output-dir', await newFolder()]
      expect((await outflow(['run', 'confluence', '--no-state', ...flags])).code).toBe(0)
    }
  })

  it('another web server: said to be no Confluence, whichever credential is given', async () => {
    await using server = await serve((_, response) => sendHtml(response, 404, '<title>Shop</title>'))
    expect(await runAt(server.origin)).toEqual({
      code: 2,
      said: expect.stringMatching(/neither as .*Cloud nor/),
    })
    expect(await runAt(server.origin, '--token', 'S3cret')).toEqual({
      code: 2,
      said: expect.stringMatching(/no Confluence at/),
    })
    for (const { headers } of server.seen)
      if (headers.authorization) expect(headers.authorization).toMatch(/^Bearer/)
  })

  it('a web server that answers everything with a page', async () => {
    await using server = await serve((_, response) =>
      sendHtml(response, 200, '<title>Shop</title><p>Buy.</p>'),
    )
    expect(await runAt(server.origin, '--token', 'S3cret')).toEqual({
      code: 2,
      said: expect.stringMatching(/web page \("Shop"\) instead of data/),
    })
  })

  it('Jira', async () => {
    const manifest = '<manifest><typeId>jira</typeId><version>10</version></manifest>'
    await using server = await serve(({ path }, response) => {
      if (path.includes('manifest')) response.end(manifest)
      else sendJson(response, 404, {})
    })
    expect(await runAt(server.origin)).toEqual({
      code: 2,
      said: expect.stringMatching(/is Jira, not Confluence/),
    })
  })

  it('http where https is meant, told by the server', async () => {
    await using server = await serve((_, response) => {
      sendHtml(response, 400, '<title>400 The plain HTTP request was sent to HTTPS port</title>')
    })
    expect(await runAt(server.origin, '--token', 'S3cret')).toEqual({
      code: 2,
      said: expect.stringContaining('https://'),
    })
  })

  it('http where https is meant, and the server says nothing', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, said } = await runAt(`http://127.0.0.1:${port}`)
    expect({ code, said }).toEqual({ code: 5, said: expect.stringMatching(/https/) })
    server.close()
  })

  it('http that is sent on to https: the credential does not go along', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(301, { location: 'https://127.0.0.1/' }).end()
    })
    expect(await runAt(server.origin, '--token', 'S3cret')).toEqual({
      code: 2,
      said: expect.stringContaining('https://127.0.0.1'),
    })
    for (const { headers } of server.seen) expect(headers.authorization).toBeUndefined()
  })

  it('https where only http is spoken', async () => {
    const url = cloud.url.replace('http:', 'https:')
    expect(await runAt(url, ...accountFlags(cloud, 'cloud').slice(2))).toEqual({
      code: 2,
      said: expect.stringMatching(/does not speak https/),
    })
  })

  it('of a page that is not there, to inspect', async () => {
    const inspect = (place: string) =>
      outflow(['inspect', `${cloud.url}/wiki${place}`, ...accountFlags(cloud, 'cloud').slice(2)])
    expect(await inspect('/spaces/HR/pages/4711/Gone')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no page or post with the id 4711/),
    })
    expect(await inspect('/spaces/HR/overview')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/not the address of a page/),
    })
  })
})
