import type { LookupOptions } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { createHttp } from '../../src/kit/http.ts'
import { type ProbeReport, runChecks } from '../../src/platform/check.ts'
import { openDestinationOf, openSourceOf } from '../../src/platform/open-connector.ts'
import type { Connector } from '../../src/platform/platform.ts'
import { createUrlGuard, type UrlGuard, urlGuardOf } from '../../src/platform/url-guard.ts'
import { sendJson, serve } from '../support/loopback.ts'
import { noPostgres } from '../support/postgres.ts'
import { postgresServer } from './stores.ts'

const server = await postgresServer()

const open = createUrlGuard({ allowPrivate: true })
const closed = createUrlGuard({ allowPrivate: false })
const signal = AbortSignal.timeout(20_000)

const isPublic = ['93.184.215.14', '8.8.8.8', '[2606:2800:21f:cb07:6820:80da:af6b:8b2c]']
const isPrivate = [
  ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.5.4', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
  ...[
    '[::1]',
    '[fd12:3456::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::a00:1]',
    '[2002:a00:1::]',
  ],
  // Forms that browsers take for addresses.
  ...['2130706433', '0x7f.1', '0177.0.0.1', '127.1', 'localhost', 'LOCALHOST'],
]
const isLinkLocal = [
  ...['169.254.169.254', '169.254.0.1', '[fe80::1]', '[::ffff:169.254.169.254]', '[64:ff9b::a9fe:a9fe]'],
  ...['0xa9fea9fe', '[fd00:ec2::254]', '100.100.100.200', '168.63.129.16'],
]
const isUnusable = ['0.0.0.0', '0', '255.255.255.255', '224.0.0.1', '[::]', '[ff02::1]']

async function passes(guard: UrlGuard, host: string): Promise<boolean> {
  try {
    await guard.check(`http://${host}/path`)
    return true
  } catch (thrown) {
    expect(thrown).toMatchObject({ kind: 'config', code: 'url.refused' })
    return false
  }
}

describe('the guard', () => {
  it.each(isPublic)('lets %s pass', async (host) => {
    expect(await passes(closed, host)).toBe(true)
  })

  it.each(isPrivate)('lets %s pass where private networks are allowed', async (host) => {
    expect([await passes(open, host), await passes(closed, host)]).toEqual([true, false])
  })

  it.each([...isLinkLocal, ...isUnusable])('stops %s unless everything is allowed', async (host) => {
    const all = createUrlGuard({ allowPrivate: true, allowLinkLocal: true })
    const answers = [await passes(all, host), await passes(open, host), await passes(closed, host)]
    expect(answers).toEqual([true, false, false])
  })

  it.each([
    'ftp://acme.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'acme.com',
    '',
    'https://user:pw@acme.com',
    'https://user@acme.com',
    'gopher://127.0.0.1',
  ])('stops %j', async (url) => {
    await expect(open.check(url)).rejects.toMatchObject({ code: 'url.refused' })
  })

  it('lets a name pass that leads nowhere: nothing is connected to', async () => {
    await closed.check('https://nobody.invalid')
  })

  it('is set by one variable', async () => {
    const verdicts = async (word?: string) => {
      const guard = urlGuardOf(word === undefined ? {} : { OUTFLOW_ALLOW_PRIVATE_NETWORK: word })
      return [await passes(guard, '10.0.0.1'), await passes(guard, '169.254.169.254')]
    }
    expect(await verdicts()).toEqual([true, false])
    expect(await verdicts('false')).toEqual([false, false])
    expect(await verdicts('true')).toEqual([true, true])
    expect(() => urlGuardOf({ OUTFLOW_ALLOW_PRIVATE_NETWORK: 'maybe' })).toThrow(/neither true nor false/)
  })
})

describe('a look-up', () => {
  const look = (guard: UrlGuard, options: LookupOptions) =>
    new Promise((resolve) => {
      guard.lookup('localhost', options, (error, address) => resolve(error ?? address))
    })

  it('gives what passes, one address or all', async () => {
    expect(await look(open, { family: 4 })).toBe('127.0.0.1')
    expect(await look(open, { all: true, family: 4 })).toEqual([{ address: '127.0.0.1', family: 4 }])
    for (const options of [{}, { all: true }])
      expect(await look(closed, options)).toMatchObject({ code: 'url.refused' })
  })

  it('decides when it is connected, so that a name cannot change its mind in between', async () => {
    await using server = await serve((_, response) => sendJson(response, 200, { ok: true }))
    const origin = server.origin.replace('127.0.0.1', 'localhost')
    const client = (guard: UrlGuard) =>
      createHttp({
        origin,
        authorization: 'Bearer x',
        concurrency: 1,
        patience: 1,
        timeout: 5,
        lookup: guard.lookup,
      })
    const [allowed, refused] = [client(open), client(closed)]
    expect((await allowed.json({ path: '/', signal })).status).toBe(200)
    const before = server.connections()
    await expect(refused.json({ path: '/', signal })).rejects.toMatchObject({ code: 'url.refused' })
    expect(server.connections()).toBe(before)
    await Promise.all([allowed.close(), refused.close()])
  })

  it('decides for the connections of a source', async () => {
    await using server = await serve((_, response) => sendJson(response, 404, {}))
    const url = server.origin.replace('127.0.0.1', 'localhost')
    const openable = { connector: {} as Connector, plugin: 'confluence', settings: { url, token: 'pat' } }
    const source = await openSourceOf(openable, { lookup: closed.lookup })
    const reports: ProbeReport[] = []
    for await (const report of runChecks(source.checks(), signal)) reports.push(report)
    expect(reports[0]).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('private network'),
    })
    expect(server.connections()).toBe(0)
    await source.close()
  })

  it.skipIf(!server)(
    `decides for the connections of a destination${server ? '' : ` ${noPostgres}`}`,
    async () => {
      const { port, database, username, password } = server!
      const settings = { ...{ host: 'localhost', port, database, username, password }, sslmode: 'disable' }
      const openWith = async (guard: UrlGuard) => {
        const openable = { connector: {} as Connector, plugin: 'postgres', settings }
        const destination = await openDestinationOf(openable, { lookup: guard.lookup })
        try {
          await destination.open({ signal })
        } finally {
          await destination.close()
        }
      }
      await openWith(open)
      await expect(openWith(closed)).rejects.toMatchObject({ kind: 'config', code: 'url.refused' })
    },
  )
})
