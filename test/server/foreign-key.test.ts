import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeys } from '../../src/platform/keys.ts'
import { type Scope, scopes } from '../../src/platform/platform.ts'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import { openStore } from '../../src/store/index.ts'
import { type Outflow, startOutflow } from '../sdk/scene.ts'
import { type Call, everyRoute, open, partitioner, type Things } from './every-route.ts'
import { makeThings, ownersOf } from './things.ts'

/** Stands in the name of everything that workspace A owns. */
const canary = 'canary-7d1c'
const keyLife = 6000

interface Answer {
  readonly status: number
  readonly text: string
}

let outflow: Outflow
let sandbox: Sandbox
let things: Things
/** `METHOD /path`, as the description of the API lists them. */
let routes: readonly string[]
let keys: Readonly<Record<'owner' | 'stranger' | 'reader' | 'runner' | 'expired' | 'revoked', string>>

beforeAll(async () => {
  sandbox = await startSandbox({ world: sampleWorld(), flavour: 'cloud' })
  outflow = await startOutflow({ prepare: makeKeys })
  routes = await describedRoutes()
  const { username, api_token } = sandbox.credentials
  things = await makeThings(ownersOf(outflow.url, keys.owner), {
    name: canary,
    sourceConfig: { url: sandbox.url, username, api_token, cloud: true, spaces: ['RIDERS'] },
    destination: { type: 'local', config: { output_dir: 'elements' } },
  })
}, 60_000)

afterAll(async () => {
  await outflow?.stop()
  await sandbox?.close()
})

async function makeKeys(stateDir: string): Promise<void> {
  const store = await openStore({ stateDir })
  try {
    const made = createKeys({ store })
    const make = (workspace: string, held: readonly Scope[] = scopes, expiresAt?: Date) =>
      made.create({ name: 'test', workspace, scopes: held, ...(expiresAt && { expiresAt }) })
    const revoked = await make('a')
    await made.revoke(revoked.key.id)
    keys = {
      owner: (await make('a')).secret,
      stranger: (await make('b')).secret,
      reader: (await make('a', ['read'])).secret,
      runner: (await make('a', ['read', 'run'])).secret,
      expired: (await make('a', scopes, new Date(Date.now() + keyLife))).secret,
      revoked: revoked.secret,
    }
  } finally {
    await store.close()
  }
}

async function describedRoutes(): Promise<readonly string[]> {
  const response = await fetch(`${outflow.url}/openapi.json`)
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, '')}`),
  )
}

function callOf(route: string): Call & { readonly method: string; readonly address: string } {
  const [method = '', template = ''] = route.split(' ')
  const call = everyRoute[route]!(things)
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = call.path?.[name] ?? things[name as keyof Things]
    if (typeof id !== 'string') throw new Error(`${route}: nothing is called ${name}`)
    return encodeURIComponent(id)
  })
  const isRoot = /^\/(general|healthz|readyz)/.test(path)
  const query = new URLSearchParams(call.query).toString()
  return {
    ...call,
    method,
    address: `${outflow.url}${isRoot ? '' : '/api/v1'}${path}${query && `?${query}`}`,
  }
}

async function send(
  method: string,
  address: string,
  key: string | undefined,
  body?: unknown,
): Promise<Answer> {
  const isForm = body instanceof FormData
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
    headers: {
      ...(key !== undefined && { 'unstructured-api-key': key }),
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

function go(route: string, key: string | undefined): Promise<Answer> {
  const { method, address, body } = callOf(route)
  return send(method, address, key, body)
}

/** Words of an answer that only workspace A could have put there. */
const leaked = (text: string) => {
  const { sourceConfig, destination, page, ...ids } = things
  return [canary, 'crawler-api-token', ...Object.values(ids)].filter((word) => text.includes(word))
}

const changes = (route: string) => !route.startsWith('GET ')
const needsKey = () => routes.filter((route) => !open.includes(route))

describe('a key', () => {
  it('is tried at every route there is, and each is known here', () => {
    expect(routes.filter((route) => !(route in everyRoute))).toEqual([])
    expect(Object.keys(everyRoute).filter((route) => !routes.includes(route))).toEqual([])
  })

  it('of another workspace opens nothing, and sees nothing', async () => {
    const before = await ownersView()
    for (const route of routes) {
      const { owned = true } = callOf(route)
      const { status, text } = await go(route, keys.stranger)
      const told = { route, status, text: text.slice(0, 300) }
      expect(status, JSON.stringify(told)).toBeLessThan(500)
      // An id in a body is a field like others.
      if (owned) expect(route.includes('{') ? [404] : [404, 422], JSON.stringify(told)).toContain(status)
      // What the caller itself has sent may come back: ids in the message of a 404.
      if (status < 300) expect({ route, leaked: leaked(text) }).toEqual({ route, leaked: [] })
      else expect({ route, told: text.includes(canary) }).toEqual({ route, told: false })
    }
    expect(await ownersView()).toEqual(before)
  })

  it('of another workspace finds nothing by a name of its owner’s, or by a filter', async () => {
    const strangers = (method: string, path: string, body?: unknown) =>
      send(method, `${outflow.url}/api/v1${path}`, keys.stranger, body)
    const { source_id, destination_id, workflow_id, node_id } = things
    const workflow = { name: 'x', workflow_type: 'custom', source_id: canary, workflow_nodes: [partitioner] }
    const byName = await strangers('POST', '/workflows/', workflow)
    expect([404, 422]).toContain(byName.status)
    for (const path of [`/sources/${canary}`, `/sources/${canary}/browse`])
      expect((await strangers('GET', path)).status).toBe(404)
    for (const filter of [
      `/workflows/?source_id=${source_id}`,
      `/workflows/?destination_id=${destination_id}`,
      `/workflows/?name=${canary}`,
      `/workflows/?dag_node_configuration_id=${node_id}`,
      '/workflows/?show_only_soft_deleted=true',
      `/jobs/?workflow_id=${workflow_id}`,
      '/sources/?source_type=confluence',
      `/notifications?workflow_id=${workflow_id}`,
    ])
      expect(leaked((await strangers('GET', filter)).text), filter).toEqual([])
  })

  it('of another workspace changes nothing with HEAD, OPTIONS or a method that is not there', async () => {
    for (const route of needsKey()) {
      const { address } = callOf(route)
      for (const method of ['HEAD', 'OPTIONS', 'PATCH']) {
        if (routes.includes(`${method} ${route.split(' ')[1]}`)) continue
        const { status, text } = await send(method, address, keys.stranger)
        expect(status, `${method} ${route}`).toBeLessThan(500)
        expect(text.includes(canary), `${method} ${route}`).toBe(false)
        if (method === 'HEAD' && route.includes('{') && (callOf(route).owned ?? true))
          expect(status, `${method} ${route}`).toBeGreaterThanOrEqual(400)
      }
    }
  })

  it('is needed at every route but those that tell about health', async () => {
    for (const key of [undefined, '', 'nonsense', `ofk_${'x'.repeat(43)}`, keys.revoked])
      for (const route of needsKey())
        expect({ route, key, status: (await go(route, key)).status }).toEqual({ route, key, status: 401 })
    for (const route of open) expect((await go(route, undefined)).status).toBe(200)
  })

  it('that has expired opens nothing', async () => {
    await pause(keyLife)
    for (const route of needsKey())
      expect({ route, status: (await go(route, keys.expired)).status }).toEqual({ route, status: 401 })
  })

  it('with the scope read changes nothing and runs nothing, though it reads', async () => {
    const before = await ownersView()
    for (const route of needsKey()) {
      const { status } = await go(route, keys.reader)
      if (changes(route)) expect({ route, status }).toEqual({ route, status: 403 })
      else expect({ route, status }).toEqual({ route, status: 200 })
    }
    expect(await ownersView()).toEqual(before)
  })

  it('with the scope run sets nothing up', async () => {
    const managing = needsKey().filter(
      (route) =>
        /^(PUT|PATCH|DELETE) /.test(route) || /^POST \/(sources|destinations|workflows)\/$/.test(route),
    )
    for (const route of managing)
      expect({ route, status: (await go(route, keys.runner)).status }).toEqual({ route, status: 403 })
  })

  it('of the owner makes each of these calls with success, so none of them failed for another reason', async () => {
    for (const route of [...needsKey()].sort((a, b) => turnOf(a) - turnOf(b))) {
      const { ownerMayGet: [other] = [] } = callOf(route)
      if (route === 'POST /jobs/') await pause(1100)
      const { status, text } = await go(route, keys.owner)
      if (status !== other) expect(status, `${route}: ${text.slice(0, 300)}`).toBeLessThan(300)
      if (route === 'POST /workflows/')
        await ownersOf(outflow.url, keys.owner)('DELETE', `/workflows/${JSON.parse(text).id}`)
    }
  })
})

/** Removals last; of those, what is used by nothing first. */
function turnOf(route: string): number {
  const order = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE']
  const isUsed = /^DELETE \/(sources|destinations|workflows)\/\{\w+\}$/.test(route)
  const isWorkflow = route === 'DELETE /workflows/{workflow_id}'
  return order.indexOf(route.split(' ')[0]!) + (isWorkflow ? 1 : isUsed ? 2 : 0)
}

/** Everything that the owner can read, but for what tells the time. */
async function ownersView(): Promise<Readonly<Record<string, string>>> {
  const view: Record<string, string> = {}
  for (const route of needsKey().filter((each) => !changes(each)))
    view[route] = (await go(route, keys.owner)).text
  return view
}
