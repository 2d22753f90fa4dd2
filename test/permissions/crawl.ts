/**
 * A world, served by the sandbox over HTTP and read by the real connector.
 *
 * @module
 */

import type { Listed } from '../../src/model/contracts.ts'
import { dataCenterWorld } from '../../src/sandbox/data-center/world.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import type { World } from '../../src/sandbox/world.ts'
import confluence from '../../src/sources/confluence/index.ts'
import type { Emitted } from './audit.ts'

export type Flavour = SandboxOptions['flavour']

export interface Crawled {
  readonly listed: readonly Listed[]
  readonly emitted: readonly Emitted[]
  /** The world as this flavour can hold it: what the sandbox decides by. */
  readonly truth: World
}

/** Serves the world, hands it to `use`, and stops serving it whatever happens. */
export async function serving<Result>(
  options: SandboxOptions,
  use: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const sandbox = await startSandbox(options)
  try {
    return await use(sandbox)
  } finally {
    await sandbox.close()
  }
}

const truthOf = ({ world, flavour }: SandboxOptions): World =>
  flavour === 'cloud' ? world : dataCenterWorld(world)

/** The ways to sign in; each leads to the same pages. */
export type Door = 'site' | 'token'

/** Settings for signing in. A token goes through the gateway on Cloud, and is a personal access token on Data Center. */
export function settingsFor(
  { url, gatewayUrl, credentials }: Sandbox,
  flavour: Flavour,
  door: Door = 'site',
) {
  const { username, api_token, password, token } = credentials
  if (door === 'token') return { url, token, gateway_url: gatewayUrl }
  return flavour === 'cloud' ? { url, username, api_token } : { url, username, password }
}

/** Lists everything the world's crawler sees, files among it. */
export async function crawl(
  sandbox: Sandbox,
  options: SandboxOptions,
  door: Door = 'site',
): Promise<Crawled> {
  const source = confluence({
    ...settingsFor(sandbox, options.flavour, door),
    max_num_of_docs_from_each_space: 0,
    extract_files: true,
  })
  const listed: Listed[] = []
  try {
    const { signal } = new AbortController()
    for await (const item of source.index({ signal, emit: () => undefined })) listed.push(item)
  } finally {
    await source.close()
  }
  const emitted = listed.flatMap((item) =>
    item.type === 'document'
      ? [{ id: item.document.recordLocator.document_id!, permissions: item.document.permissions }]
      : [],
  )
  return { listed, emitted, truth: truthOf(options) }
}

/** What Confluence itself says to an administrator who asks for somebody else. `user` undefined: the anonymous visitor. */
export async function permissionCheck(
  { url, world, credentials }: Sandbox,
  flavour: Flavour,
  asked: { readonly id: string; readonly operation: string; readonly user: string | undefined },
): Promise<boolean> {
  const { crawler } = world
  const identifier = asked.user ?? 'anonymous'
  const [path, secret, body] =
    flavour === 'cloud'
      ? [
          `/wiki/rest/api/content/${asked.id}/permission/check`,
          `${crawler.email}:${credentials.api_token}`,
          { subject: { type: 'user', identifier }, operation: asked.operation },
        ]
      : [
          '/_sandbox/permission-check',
          `${crawler.username}:${credentials.password}`,
          { user: identifier, contentId: asked.id, operation: asked.operation },
        ]
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(secret).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { hasPermission: boolean }).hasPermission
}
