import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import postgres from '../../src/destinations/postgres.ts'
import type { Destination } from '../../src/model/contracts.ts'
import { OutflowError } from '../../src/model/errors.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { type Settings, withClient } from './postgres-subject.ts'
import { documentOf, elementsOf, storedOf, texts } from './samples.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const context = { signal: new AbortController().signal }

/** What is open, to be closed in the other order whatever happened. */
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

function make(settings: Settings): Destination {
  const destination = postgres(settings)
  opened.push(() => destination.close())
  return destination
}

async function open(settings: Settings): Promise<Destination> {
  const destination = make(settings)
  await destination.open(context)
  return destination
}

/** The error of opening, after it is sure that nothing in it or behind it tells the password. */
async function refusal(settings: Settings, password: string): Promise<OutflowError> {
  const error = await make(settings)
    .open(context)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  expect(error).toBeInstanceOf(OutflowError)
  for (let each = error; each instanceof Error; each = each.cause)
    expect(JSON.stringify(each, Object.getOwnPropertyNames(each))).not.toContain(password)
  return error as OutflowError
}

/** The URL with other parts. */
function urlWith(
  url: string,
  parts: Partial<Pick<URL, 'username' | 'password' | 'port' | 'pathname' | 'search'>>,
): string {
  return Object.assign(new URL(url), parts).href
}

const sql = (url: string, text: string) => withClient(url, (client) => client.query(text))

describe.skipIf(!server)(`troubles of the PostgreSQL destination ${server ? '' : noPostgres}`, () => {
  let url: string
  beforeAll(async () => {
    url = await server!.newDatabase()
  })

  describe('before anything is read', () => {
    it.each([
      ['a wrong password', { password: 'wr0ng-pass' }, 'credentials', 'postgres.sign_in'],
      ['an unknown user', { username: 'nobody', password: 'wr0ng-pass' }, 'credentials', 'postgres.sign_in'],
      ['an unknown database', { pathname: '/none' }, 'config', 'postgres.no_such_database'],
    ])('%s is told, and the password is not', async (_, parts, kind, code) => {
      const wrong = urlWith(url, parts)
      expect(await refusal({ url: wrong }, new URL(wrong).password)).toMatchObject({ kind, code })
    })

    it('a host that is not there is told', async () => {
      const settings = { host: '/no/such/folder', database: 'wiki', username: 'me', password: 'pass-0815' }
      expect(await refusal(settings, 'pass-0815')).toMatchObject({
        kind: 'config',
        code: 'postgres.no_such_host',
      })
    })

    it('a server that does not answer is tried again, then told', async () => {
      const probe = createServer().listen(0, '127.0.0.1')
      await once(probe, 'listening')
      const { port } = probe.address() as AddressInfo
      await new Promise((resolve) => probe.close(resolve))
      const error = await refusal({ url: urlWith(url, { port: String(port) }) }, server!.password)
      expect(error).toMatchObject({ kind: 'transient', code: 'postgres.unreachable' })
      expect(error.message).toContain(`127.0.0.1:${port}`)
    })

    it('a role that may make no table is told what it lacks', async () => {
      await sql(
        url,
        "create role poor login password 'poor-pass'; revoke create on schema public from public",
      )
      const poor = urlWith(url, { username: 'poor', password: 'poor-pass' })
      expect(await refusal({ url: poor }, 'poor-pass')).toMatchObject({
        kind: 'config',
        code: 'postgres.no_right',
        message: expect.stringContaining('schema public'),
      })
      expect(await refusal({ url: poor, schema: 'other' }, 'poor-pass')).toMatchObject({
        code: 'postgres.no_right',
      })
    })

    it('a role that may not delete is told so', async () => {
      const own = await server!.newDatabase()
      await open({ url: own })
      await sql(
        own,
        `create role half login password 'half-pass';
        grant select, insert, update on elements, elements_documents to half`,
      )
      const half = urlWith(own, { username: 'half', password: 'half-pass' })
      expect(await refusal({ url: half }, 'half-pass')).toMatchObject({
        kind: 'config',
        code: 'postgres.no_right',
      })
      await sql(own, 'grant delete on elements, elements_documents to half')
      await open({ url: half })
    })

    it('a session that only reads is told', async () => {
      const reading = urlWith(url, { search: '?options=-c%20default_transaction_read_only%3Don' })
      expect(await refusal({ url: reading }, server!.password)).toMatchObject({
        kind: 'config',
        code: 'postgres.read_only',
      })
    })
  })

  it('settings are validated: one address, whole, and no parameter that would be ignored', () => {
    const secret = 'pa55word-x'
    const wrong: readonly (readonly [Settings, RegExp])[] = [
      [{}, /host: missing; database: missing; username: missing/],
      [{ url: 'postgres://me@host/db', host: 'host' }, /url: give url or host, not both/],
      [{ url: `mysql://me:${secret}@host/db` }, /must begin with postgres:/],
      [{ url: `postgres://me:${secret}@host` }, /names no database/],
      [{ url: `postgres://:${secret}@host/db` }, /names no user/],
      [{ url: `postgres://me:${secret}@host/db?target=any` }, /"target" is not known/],
      [{ url: `postgres://me:${secret}@host/db?sslmode=maybe` }, /sslmode is none of/],
      [{ url: `postgres://me:${secret}#@host/db` }, /url: /],
      [{ url: 'postgres://me@host/db', table_name: 'x'.repeat(54) }, /table_name: longer than 53 bytes/],
    ]
    for (const [settings, message] of wrong) {
      expect(() => postgres(settings)).toThrow(message)
      expect(() => postgres(settings)).not.toThrow(new RegExp(secret))
    }
    const { identity } = postgres({
      url: `postgres://me:${secret}@DB.acme.test/wiki`,
      table_name: 'x',
      schema: 'y',
    })
    expect(identity).toBe('postgres://db.acme.test:5432/wiki/y.x')
    expect(postgres({ host: '::1', database: 'wiki', username: 'me' }).identity).toBe(
      'postgres://::1:5432/wiki/public.elements',
    )
  })

  it('parts in place of a URL do as well', async () => {
    const { host, port, username, password } = server!
    const destination = await open({
      host,
      port,
      username,
      password,
      database: new URL(url).pathname.slice(1),
    })
    expect(destination.identity).toBe((await open({ url })).identity)
  })

  describe('in mid-run', () => {
    it('a server that throws everybody out, again and again, loses nothing', async () => {
      const destination = await open({ url })
      const documents = Array.from({ length: 60 }, (_, index) => documentOf(index))
      let running = true
      const throwing = (async () => {
        for (let round = 0; running && round < 8; round++) {
          await wait(20)
          await sql(
            url,
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'outflow'",
          )
        }
      })()
      const stored = await Promise.all(
        documents.map(async (document) =>
          storedOf(document, await destination.upload(document, elementsOf(document, texts(30)), context)),
        ),
      )
      running = false
      await throwing
      expect(await destination.missing!(stored, context)).toEqual([])
    })

    it('a network that is gone for a while is waited for', async () => {
      const proxy = await startProxy(server!.port)
      opened.push(proxy.close)
      const destination = await open({ url: urlWith(url, { port: String(proxy.port) }) })
      proxy.cut()
      const upload = destination.upload(documentOf(1), elementsOf(documentOf(1), texts(3)), context)
      await expect.poll(proxy.refused, { timeout: 5000 }).toBeGreaterThan(0)
      proxy.mend()
      await upload
    })

    it('a network that stays away fails the document, as transient; and waiting ends when the run is stopped', async () => {
      const proxy = await startProxy(server!.port)
      opened.push(proxy.close)
      const destination = await open({ url: urlWith(url, { port: String(proxy.port) }) })
      proxy.cut()
      const stop = new AbortController()
      const upload = destination.upload(documentOf(1), [], { signal: stop.signal })
      const asserted = expect(upload).rejects.toThrow('stopped')
      await wait(100)
      stop.abort(new Error('stopped'))
      await asserted
    })

    it('a lock that somebody holds is waited for, and left when the run is stopped; the old rows stay', async () => {
      const destination = await open({ url })
      const document = documentOf(1)
      const stored = storedOf(
        document,
        await destination.upload(document, elementsOf(document, texts(3)), context),
      )
      await withClient(url, async (client) => {
        await client.query('begin; lock table elements')
        const stop = new AbortController()
        const upload = destination.upload({ ...document, version: '2' }, [], { signal: stop.signal })
        const asserted = expect(upload).rejects.toThrow('stopped')
        await wait(50)
        stop.abort(new Error('stopped'))
        await asserted
        await client.query('rollback')
      })
      expect(await destination.missing!([stored], context)).toEqual([])
    })

    it('a table that was dropped stops the run, and is made anew by the next', async () => {
      const own = await server!.newDatabase()
      const destination = await open({ url: own })
      await sql(own, 'drop table elements')
      await expect(destination.upload(documentOf(1), [], context)).rejects.toMatchObject({
        kind: 'config',
        code: 'postgres.table_changed',
      })
      await (await open({ url: own })).upload(documentOf(1), [], context)
    })

    it('a column that was dropped stops the run', async () => {
      const own = await server!.newDatabase()
      const destination = await open({ url: own })
      await sql(own, 'alter table elements drop column languages')
      const upload = destination.upload(documentOf(1), elementsOf(documentOf(1), texts(1)), context)
      await expect(upload).rejects.toMatchObject({ kind: 'config', code: 'postgres.table_changed' })
    })

    it('nothing is left open', async () => {
      const destination = await open({ url })
      await Promise.all(
        Array.from({ length: 8 }, (_, index) => destination.upload(documentOf(index), [], context)),
      )
      const connections = async () =>
        (await sql(url, "select from pg_stat_activity where application_name = 'outflow'")).rowCount
      expect(await connections()).toBeLessThanOrEqual(4)
      await destination.close()
      await destination.close()
      await expect.poll(connections).toBe(0)
    })
  })
})

const openssl = hasProgram('openssl')

describe.skipIf(!server || !openssl)(
  `TLS of the PostgreSQL destination ${openssl ? '' : '(SKIPPED: openssl is not installed)'} ${server ? '' : noPostgres}`,
  () => {
    let secured: NonNullable<typeof server>
    let caFile: string
    let other: string
    beforeAll(async () => {
      secured = (await startPostgres())!
      ;[caFile, other] = [await makeCertificate('IP:127.0.0.1'), await makeCertificate('DNS:elsewhere.test')]
      await withClient(secured.url, async (client) => {
        // The server writes the files itself, so that they are its own.
        for (const [file, path] of [
          ['server.crt', caFile],
          ['server.key', `${caFile}.key`],
        ] as const)
          await client.query(
            `copy (select regexp_split_to_table('${(await readFile(path, 'utf8')).trim()}', E'\\n')) to program 'umask 077; cat > ${file}'`,
          )
        await client.query('alter system set ssl = on')
        await client.query('select pg_reload_conf()')
      })
    })
    afterAll(() => secured?.stop())

    /** What the server says of the connections that the destination opened. */
    async function isEncrypted(settings: Omit<Settings, 'url'>, address = secured.url): Promise<boolean> {
      await open({ url: address, ...settings })
      const { rows } = await sql(
        secured.url,
        "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'outflow' order by backend_start desc",
      )
      return rows[0].ssl
    }

    it('is taken where it is offered, done without where not, and left out on demand', async () => {
      expect(await isEncrypted({})).toBe(true)
      expect(await isEncrypted({ sslmode: 'disable' })).toBe(false)
      expect(await isEncrypted({ sslmode: 'require' })).toBe(true)
      expect(await isEncrypted({}, `${secured.url}?sslmode=disable`)).toBe(false)
      expect(await isEncrypted({ sslmode: 'require' }, `${secured.url}?sslmode=disable`)).toBe(true)
      await open({ url: server!.url })
    })

    it('is refused as no server can give it: not at all, or not with a certificate that can be trusted', async () => {
      const refused = { kind: 'config', code: 'postgres.tls' }
      expect(await refusal({ url: server!.url, sslmode: 'require' }, server!.password)).toMatchObject(refused)
      expect(await refusal({ url: secured.url, sslmode: 'verify-full' }, secured.password)).toMatchObject(
        refused,
      )
      const wrong = { url: secured.url, sslmode: 'verify-full', ca_file: other } as const
      expect(await refusal(wrong, secured.password)).toMatchObject(refused)
    })

    it('trusts the authority that is named, for the host that it certifies', async () => {
      expect(await isEncrypted({ sslmode: 'verify-full', ca_file: caFile })).toBe(true)
      expect(await isEncrypted({}, `${secured.url}?sslmode=verify-full&sslrootcert=${caFile}`)).toBe(true)
      const elsewhere = urlWith(secured.url, {}).replace('127.0.0.1', 'localhost')
      const error = await refusal(
        { url: elsewhere, sslmode: 'verify-full', ca_file: caFile },
        secured.password,
      )
      expect(error).toMatchObject({ code: 'postgres.tls' })
    })

    it('wants a file with a certificate in it', async () => {
      const empty = join(await mkdtemp(join(tmpdir(), 'outflow-tls-')), 'empty.pem')
      await writeFile(empty, 'nothing')
      for (const ca_file of [empty, `${empty}.none`])
        expect(
          await refusal({ url: secured.url, sslmode: 'verify-full', ca_file }, secured.password),
        ).toMatchObject({
          kind: 'config',
          code: 'postgres.ca_file_unusable',
        })
    })
  },
)

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Signs itself. The key lies beside it, at the same path with `.key`. */
async function makeCertificate(name: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'outflow-tls-')), 'server.crt')
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const named = ['-subj', '/CN=test', '-addext', `subjectAltName=${name}`]
  execFileSync('openssl', ['req', ...kind, ...named, '-keyout', `${path}.key`, '-out', path], {
    stdio: 'ignore',
  })
  return path
}

interface Proxy {
  readonly port: number
  /** Hangs up on everybody, and on whoever comes. */
  cut(): void
  mend(): void
  refused(): number
  close(): Promise<void>
}

/** A cable that can be cut. */
async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let whole = true
  let refused = 0
  const proxy = createServer((near) => {
    if (!whole) {
      refused++
      near.destroy()
      return
    }
    const far = connectSocket(target, '127.0.0.1')
    for (const [one, another] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => another.destroy())
      one.pipe(another)
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const cut = () => {
    whole = false
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: (proxy.address() as AddressInfo).port,
    cut,
    mend: () => {
      whole = true
    },
    refused: () => refused,
    close: async () => {
      cut()
      proxy.close()
    },
  }
}
