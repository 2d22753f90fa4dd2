/**
 * Requests per 1,000 pages for content, labels and exact permissions of a whole site: signing in, spaces, groups and the names of
 * people mentioned, all counted. The reference needs 2,000 to 3,000.
 *
 * @module
 */

import type { SandboxOptions } from '../src/sandbox/index.ts'
import type { Stats } from '../src/sandbox/stats.ts'
import confluence from '../src/sources/confluence/index.ts'
import { options } from './options.ts'
import { type SandboxProcess, sandboxProcess } from './sandbox-process.ts'

/** Most requests per 1,000 pages. */
const limits = { cloud: 12, 'data-center': 25 } as const

type Flavour = SandboxOptions['flavour']

export default async function (args: string[]): Promise<Record<string, unknown>> {
  const { pages, spaces } = options(args, { pages: 10_000, spaces: 10 })
  const cloud = await measure('cloud', pages, spaces)
  const dataCenter = await measure('data-center', pages, spaces)
  return { pages, spaces, cloud, data_center: dataCenter, ok: cloud.ok && dataCenter.ok }
}

async function measure(flavour: Flavour, pages: number, spaces: number) {
  const sandbox = await sandboxProcess([
    ...['--site', 'generated', '--pages', String(pages), '--spaces', String(spaces)],
    ...['--flavour', flavour],
  ])
  try {
    await walk(sandbox, flavour, pages)
    const { requests, byRoute } = (await (
      await fetch(new URL('/_sandbox/stats', sandbox.url))
    ).json()) as Stats
    for (const { method, route, status, requests: count } of byRoute)
      console.log(`${flavour}: ${String(count).padStart(5)} × ${method} ${route} (${status})`)
    const per1000 = Number(((requests / pages) * 1000).toFixed(2))
    return { requests, per_1000_pages: per1000, limit: limits[flavour], ok: per1000 <= limits[flavour] }
  } finally {
    await sandbox.stop()
  }
}

/** Reads every page, with its content. */
async function walk(sandbox: SandboxProcess, flavour: Flavour, pages: number): Promise<void> {
  const { url, username, api_token, password } = sandbox
  const source = confluence({
    url,
    username,
    ...(flavour === 'cloud' ? { api_token } : { password }),
    max_num_of_docs_from_each_space: 0,
  })
  const { signal } = new AbortController()
  let exact = 0
  for await (const item of source.index({ signal, emit: () => undefined })) {
    if (item.type !== 'document') throw new Error(`Not a document: ${JSON.stringify(item)}`)
    await (item.content?.({ signal }) ?? source.download(item.document, { signal }))
    if (item.document.permissions.status === 'complete') exact += 1
  }
  await source.close()
  if (exact !== pages) throw new Error(`Only ${exact} of ${pages} pages came with exact permissions.`)
}
