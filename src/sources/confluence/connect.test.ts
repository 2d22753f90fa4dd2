import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Handler, sendHtml, sendJson, serve } from '../../../test/support/loopback.ts'
import { OutflowError } from '../../model/errors.ts'
import { type Fault, memoryWorld, type SandboxOptions, startSandbox } from '../../sandbox/index.ts'
import { settings } from './config.ts'
import { connect } from './connect.ts'

const signal = new AbortController().signal
const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function sandbox(options: Partial<SandboxOptions> & Pick<SandboxOptions, 'flavour'>) {
  const started = await startSandbox({ world: memoryWorld(), ...options })
  opened.push(started)
  return started
}

async function server(handler: Handler) {
  const started = await serve(handler)
  opened.push(started)
  return started
}

async function open(input: Record<string, unknown>) {
  const connection = await connect(settings.parse(input), { signal })
  opened.push(connection.http)
  return connection
}

async function refusal(input: Record<string, unknown>): Promise<OutflowError> {
  const thrown = await open(input).then(
    () => new Error('connected'),
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(OutflowError)
  const error = thrown as OutflowError
  expect(error.fix).toBeTruthy()
  for (const secret of [input.api_token, input.token, input.password])
    if (typeof secret === 'string') expect(`${error.message} ${error.fix}`).not.toContain(secret)
  return error
}

describe('Cloud', () => {
  it('takes an API token at the site, and is recognised by itself', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { username, api_token } = site.credentials
    const connection = await open({ url: site.url, username, api_token, gateway_url: site.gatewayUrl })
    expect(connection).toMatchObject({
      apiPath: '/wiki',
      account: { id: site.world.crawler.accountId, name: 'Wiki Crawler' },
      site: {
        deployment: 'cloud',
        webUrl: `${site.url}/wiki`,
        cloudId: site.world.cloudId,
        id: site.world.cloudId,
      },
    })
    expect(connection.signedInBy).toBe(`API token of ${username} at ${new URL(site.url).host}`)
    expect(connection.http.usage()).toMatchObject({ requests: 2, retries: 0 })
  })

  it('takes a token with scopes at the gateway, found out by itself', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { username, token } = site.credentials
    const connection = await open({ url: site.url, username, api_token: token, gateway_url: site.gatewayUrl })
    expect(connection).toMatchObject({
      apiPath: `/ex/confluence/${site.world.cloudId}/wiki`,
      site: { webUrl: `${site.url}/wiki`, cloudId: site.world.cloudId },
    })
    expect(connection.http.usage().requests).toBe(3)
    const answer = await connection.http.json({ path: `${connection.apiPath}/api/v2/spaces`, signal })
    expect(answer.status).toBe(200)
  })

  it('takes an OAuth token at the gateway, and shows it to the site never', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { token } = site.credentials
    const connection = await open({ url: site.url, token, cloud: true, gateway_url: site.gatewayUrl })
    expect(connection.signedInBy).toContain('OAuth access token')
    expect(connection.account.name).toBe('Wiki Crawler')
    const shown = site.stats
      .read()
      .credentials.map(({ origin, credential }) => `${origin}: ${credential.split(' ')[0]}`)
    expect(shown.sort()).toEqual(['gateway: Bearer', 'site: none'])
  })

  it('is known by its own id or by none, whatever happens on the way', async () => {
    const refuse = (status: number, count?: number): Fault => ({
      effect: { kind: 'status', status },
      on: 'tenant_info',
      ...(count === undefined ? {} : { count }),
    })
    const site = await sandbox({ flavour: 'cloud' })
    const { username, api_token } = site.credentials
    const input = { url: site.url, username, api_token, cloud: true }
    const heal = site.addFault(refuse(502, 1))
    expect((await open(input)).site.id).toBe(site.world.cloudId)
    heal()
    site.addFault(refuse(404))
    expect(await refusal(input)).toMatchObject({ kind: 'transient', code: 'confluence.site.unidentified' })
    expect((await open({ ...input, cloud_id: site.world.cloudId })).site.id).toBe(site.world.cloudId)
  })

  it('hands files over at a media host that must not see credentials', async () => {
    const world = memoryWorld()
    const space = world.addSpace('HR', 'People')
    world.grant(space, world.crawler, [{ key: 'read', targetType: 'space' }])
    const page = world.addPage(space, 'Welcome')
    const file = world.addAttachment(page, 'plan.txt', {
      mediaType: 'text/plain',
      bytes: () => new TextEncoder().encode('Plan B'),
    })
    const site = await sandbox({ flavour: 'cloud', world })
    const { username, api_token } = site.credentials
    const { http } = await open({ url: site.url, username, api_token })
    const path = `/wiki/rest/api/content/${page.id}/child/attachment/att${file.id}/download`
    const allowRedirectTo = (url: URL) => url.origin === site.mediaUrl
    expect((await http.text({ path, signal, allowRedirectTo })).body).toBe('Plan B')
    await expect(http.text({ path, signal })).rejects.toMatchObject({ code: 'http.redirect_refused' })
    const atMedia = site.stats.read().credentials.filter(({ origin }) => origin === 'media')
    expect(atMedia).toEqual([{ origin: 'media', credential: 'none', requests: 1 }])
  })

  it('takes the address of the gateway itself', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { token } = site.credentials
    const url = `${site.gatewayUrl}/ex/confluence/${site.world.cloudId}`
    const connection = await open({ url, token })
    expect(connection.site).toMatchObject({
      deployment: 'cloud',
      webUrl: `${site.url}/wiki`,
      id: site.world.cloudId,
    })
  })

  it('refuses a wrong token by naming both doors it was tried at', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const { username } = site.credentials
    const error = await refusal({
      url: site.url,
      username,
      api_token: 'wr0ng-t0ken',
      gateway_url: site.gatewayUrl,
    })
    expect(error).toMatchObject({ kind: 'credentials', code: 'confluence.sign_in.rejected' })
    expect(error.message).toContain(`API token of ${username} at ${new URL(site.url).host}, then`)
    expect(error.message).toContain(new URL(site.gatewayUrl).host)
  })

  it('never degrades to an anonymous visitor', async () => {
    const world = memoryWorld({ anonymousAccess: true })
    const site = await sandbox({ flavour: 'cloud', world, traps: { anonymousDowngrade: true } })
    const error = await refusal({ url: site.url, username: 'x@y.z', api_token: 'wr0ng-t0ken' })
    expect(error).toMatchObject({ kind: 'credentials', code: 'confluence.sign_in.anonymous' })
    expect(error.message).toContain('API token of x@y.z')
  })

  it('on this machine is never looked for at the gateway on the internet', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const error = await refusal({ url: site.url, username: 'x@y.z', api_token: 'wr0ng-t0ken' })
    expect(error.message).not.toContain('atlassian.com')
  })

  it('says that it takes no password', async () => {
    const site = await sandbox({ flavour: 'cloud' })
    const error = await refusal({ url: site.url, username: 'bot', password: 'hunter2-hunter2' })
    expect(error).toMatchObject({ kind: 'config', code: 'confluence.sign_in.password_on_cloud' })
    expect(site.stats.read().requests).toBe(1)
  })

  it('contradicts a `cloud` that says false, and wants https', async () => {
    const mismatch = {
      url: 'https://acme.atlassian.net',
      username: 'bot',
      password: 'hunter2-hunter2',
      cloud: false,
    }
    expect((await refusal(mismatch)).code).toBe('confluence.url.cloud_mismatch')
  })
})

describe('Data Center', () => {
  it('takes a personal access token, under any context path and from any address of it', async () => {
    const site = await sandbox({ flavour: 'data-center', contextPath: '/confluence', version: '9.3.1' })
    const { token } = site.credentials
    const connection = await open({ url: `${site.url}/display/HR/Some+page`, token })
    expect(connection).toMatchObject({
      apiPath: '/confluence',
      account: { id: site.world.crawler.userKey, name: 'Wiki Crawler' },
      site: {
        deployment: 'data-center',
        webUrl: site.url,
        version: '9.3.1',
        id: `${new URL(site.url).host}/confluence`,
      },
    })
  })

  it('takes user name and password, and is asked for nothing of Cloud when the settings say so', async () => {
    const site = await sandbox({ flavour: 'data-center', version: '7.4' })
    const { username, password } = site.credentials
    const connection = await open({ url: site.url, username, password, cloud: false })
    expect(connection.site.version).toBe('7.4')
    expect(connection.http.usage().requests).toBe(2)
  })

  it('is found under a usual context path when the address names the host alone', async () => {
    const site = await sandbox({ flavour: 'data-center', contextPath: '/confluence' })
    const { token } = site.credentials
    const connection = await open({ url: new URL(site.url).origin, token })
    expect(connection.apiPath).toBe('/confluence')
  })

  it('refuses a wrong password after a single try', async () => {
    const site = await sandbox({ flavour: 'data-center' })
    const error = await refusal({ url: site.url, username: 'crawler', password: 'wr0ng-passw0rd' })
    expect(error).toMatchObject({ kind: 'credentials', code: 'confluence.sign_in.rejected' })
    expect(error.message).toContain('password of crawler')
  })

  it('stops at once when a CAPTCHA is asked for', async () => {
    const site = await sandbox({ flavour: 'data-center', traps: { captchaAfter: 1 } })
    const { username, password } = site.credentials
    await refusal({ url: site.url, username, password: 'wr0ng-passw0rd' })
    const error = await refusal({ url: site.url, username, password })
    expect(error).toMatchObject({ kind: 'credentials', code: 'http.captcha' })
  })

  it('too old for personal access tokens is not taken for a site that let us in', async () => {
    const world = memoryWorld({ anonymousAccess: true })
    const site = await sandbox({ flavour: 'data-center', version: '7.4', world })
    const error = await refusal({ url: site.url, token: site.credentials.token })
    expect(error).toMatchObject({ kind: 'credentials', code: 'confluence.sign_in.anonymous' })
    expect(error.fix).toContain('7.9')
  })

  it('says that it knows no API tokens', async () => {
    const site = await sandbox({ flavour: 'data-center' })
    const error = await refusal({ url: site.url, username: 'bot', api_token: 'some-token' })
    expect(error).toMatchObject({ kind: 'config', code: 'confluence.sign_in.api_token_on_data_center' })
  })
})

describe('an address that leads elsewhere', () => {
  const token = 'secret-token-4711'

  it('to a wrong path', async () => {
    const site = await sandbox({ flavour: 'data-center', contextPath: '/confluence' })
    const error = await refusal({ url: `${site.url}x`, token })
    expect(error).toMatchObject({ kind: 'config', code: 'confluence.url.not_confluence' })
  })

  it('to another product', async () => {
    const jira = await server((seen, response) =>
      seen.path.includes('manifest')
        ? void response.end('<manifest><typeId>jira</typeId><version>9.12.0</version></manifest>')
        : sendJson(response, 404, {}),
    )
    const error = await refusal({ url: jira.origin, token })
    expect(error).toMatchObject({ kind: 'config', code: 'confluence.url.other_product' })
    expect(error.message).toContain('Jira')
    expect(jira.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  it('to a web server that is none', async () => {
    const nginx = await server((_, response) => sendHtml(response, 200, '<title>Welcome to nginx</title>'))
    const error = await refusal({ url: nginx.origin, token })
    expect(error).toMatchObject({ kind: 'config', code: 'http.not_json' })
  })

  it('to a single sign-on that lets no program through', async () => {
    const sso = await server(
      (_, response) => void response.writeHead(302, { location: 'https://sso.acme.com/saml/login' }).end(),
    )
    const error = await refusal({ url: sso.origin, token })
    expect(error).toMatchObject({ kind: 'credentials', code: 'http.login_page' })
    expect(error.message).toContain('sso.acme.com')
  })

  it('from http to https, before any credential is shown', async () => {
    const site = await server(
      (seen, response) => void response.writeHead(301, { location: `https://127.0.0.1${seen.path}` }).end(),
    )
    const error = await refusal({ url: site.origin, token })
    expect(error).toMatchObject({ kind: 'config', code: 'http.use_https' })
    expect(site.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  it('to nobody', async () => {
    const site = await server(() => undefined)
    await site.close()
    expect((await refusal({ url: site.origin, token })).code).toBe('http.connection_refused')
  })
})

describe('ca_file', () => {
  it('has to be there, and to hold a certificate', async () => {
    const url = 'https://wiki.acme.com'
    const file = join(await mkdtemp(join(tmpdir(), 'outflow-')), 'ca.pem')
    const missing = await refusal({ url, token: 'some-token', ca_file: file })
    expect(missing).toMatchObject({ kind: 'config', code: 'confluence.ca_file.unusable' })
    await writeFile(file, 'no certificate')
    const empty = await refusal({ url, token: 'some-token', ca_file: file })
    expect(empty.message).toContain('no certificate')
  })
})
